"""Models over views and foreign tables: no trigger tells of their changes, and that is said."""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.spec import collection_specs
from modeler.mongo.sync.comparing import verify_collections
from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.followed import followed
from modeler.mongo.sync.install import install, statements_for
from modeler.mongo.sync.processes import Job
from modeler.mongo.sync.status import sync_status
from modeler.mongo.sync.text import status_text
from modeler.mongo.sync.worker import Worker
from modeler.postgres.connections import connection_to
from modeler.schema.live import read_database
from modeler.schema.location import Location

TABLES = """
CREATE TABLE film (id integer PRIMARY KEY, title text NOT NULL, cost integer NOT NULL);
CREATE VIEW cheap AS SELECT id, title FROM film WHERE cost < 3;
CREATE MATERIALIZED VIEW dear AS SELECT id, title FROM film WHERE cost >= 3;
INSERT INTO film VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);
REFRESH MATERIALIZED VIEW dear;
"""
WORD = "{} is a {}: no trigger tells of its changes, so its documents are as of the last export."


def test_views_are_exported_and_renewed_and_not_followed(fresh_database, mongo_client, server_url):
    own = connection_to(fresh_database, "default")
    with own.cursor() as cursor:
        cursor.execute(TABLES)
    live = read_database(own)
    # A model names a key, which the catalogue has none of.
    schema = replace(live, tables=tuple(replace(one, primary_key=("id",)) for one in live.tables))
    specs = collection_specs(schema)
    told = {spec.name: [one.message for one in spec.findings] for spec in specs}
    assert told == {
        "film": [],
        "cheap": [WORD.format("default:cheap", "view")],
        "dear": [WORD.format("default:dear", "materialized view")],
    }
    name = fresh_database["NAME"]
    mongo_client.drop_database(name)
    job = Job(dict(own.settings_dict), "default", server_url, name, schema, specs)
    assert install(own, schema, specs) == (Location("default", "", "film"),)
    assert "cheap" not in "\n".join(statements_for(own, schema, specs))
    status = sync_status(own, schema, specs)
    assert status.silent == ()
    assert status.healthy
    assert status_text(status) == (
        "Every watched table has its triggers.\n"
        "No trigger can tell of changes of the view default:cheap, the materialized view "
        "default:dear.\n"
        "  manage.py sync_collections --verify --repair renews their documents.\n"
        "Nothing waits.\n"
    )
    done = {one: exported.documents for one, exported, _ in export_collections(job, 1)}
    assert done == {"film": 3, "cheap": 2, "dear": 1}
    with own.cursor() as cursor:
        cursor.execute("UPDATE film SET title = 'uno' WHERE id = 1")
        cursor.execute("UPDATE film SET cost = 4 WHERE id = 2")
        cursor.execute("REFRESH MATERIALIZED VIEW dear")
    worker = Worker(own.settings_dict, "default", mongo_client, name, followed(schema, specs))
    worker.drain()
    repaired = verify_collections(job, mongo_client, "hashes", repair=True, longest=0.1)
    found = {one.collection: one for one in repaired}
    assert {name: one.equal for name, one in found.items()} == {
        "film": True, "cheap": False, "dear": False,
    }  # fmt: skip
    worker.drain()
    worker.close()
    assert all(one.equal for one in verify_collections(job, mongo_client, "contents"))
    assert list(mongo_client[name].cheap.find({}, {"_sync": 0})) == [{"_id": 1, "title": "uno"}]
    assert mongo_client[name].dear.count_documents({}) == 2
    mongo_client.drop_database(name)
    own.close()
