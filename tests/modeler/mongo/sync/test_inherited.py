"""Tables that INHERIT from others: every collection holds the rows of its own table."""

from __future__ import annotations

from modeler.mongo.aggregate import Aggregate, Computed, Part, PartKind
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.sync.comparing import verify_collections
from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.processes import Job
from modeler.postgres.connections import connection_to
from modeler.schema.live import read_database

TABLES = """
CREATE TABLE pupil (id integer PRIMARY KEY);
CREATE TABLE note (id integer PRIMARY KEY, pupil integer REFERENCES pupil, grade integer);
CREATE TABLE urgent (until date, PRIMARY KEY (id)) INHERITS (note);
CREATE TABLE period (id integer, month integer, PRIMARY KEY (id, month)) PARTITION BY LIST (month);
CREATE TABLE january PARTITION OF period FOR VALUES IN (1);
INSERT INTO pupil VALUES (1), (2);
INSERT INTO note VALUES (1, 1, 5), (2, 1, 4);
INSERT INTO urgent VALUES (2, 1, 1, '2026-01-02'), (3, 2, 1, NULL);
INSERT INTO period VALUES (1, 1);
"""
NOTES = (
    Aggregate(
        "default:pupil", "pupils",
        parts=(Part("notes", PartKind.ARRAY, "default:note.note_pupil_fkey"),),
        computed=(Computed("count", "default:note.note_pupil_fkey"),),
    ),
    Aggregate("default:note", "notes"),
    Aggregate("default:urgent", "urgent"),
    Aggregate("default:period", "periods"),
)  # fmt: skip
EXPECTED = {
    "pupils": {
        1: {"notes": [{"id": 1, "grade": 5}, {"id": 2, "grade": 4}], "count": 2},
        2: {"notes": [], "count": 0},
    },
    "notes": {1: {"pupil": 1, "grade": 5}, 2: {"pupil": 1, "grade": 4}},
}


def test_rows_of_heirs_are_those_of_their_own_table(fresh_database, mongo_client, server_url):
    own = connection_to(fresh_database, "default")
    with own.cursor() as cursor:
        cursor.execute(TABLES)
    schema = read_database(own)
    assert [one.name for one in schema.tables if one.inherited] == ["note"]
    specs = aggregate_specs(schema, NOTES)
    name = fresh_database["NAME"]
    mongo_client.drop_database(name)
    job = Job(dict(own.settings_dict), "default", server_url, name, schema, specs)
    done = {one: exported.documents for one, exported, _ in export_collections(job, 1)}
    assert done == {"pupils": 2, "notes": 2, "urgent": 2, "periods": 1}
    for collection, documents in EXPECTED.items():
        found = {
            one.pop("_id"): one for one in mongo_client[name][collection].find({}, {"_sync": 0})
        }
        assert found == documents
    for one in verify_collections(job, mongo_client, "contents"):
        assert (one.rows, one.documents, one.differences) == (
            done[one.collection],
            done[one.collection],
            [],
        )
    mongo_client.drop_database(name)
    own.close()
