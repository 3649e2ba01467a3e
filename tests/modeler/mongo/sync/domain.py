"""A small shop in SQL whose documents have every sort of part, and what its tests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bson
from bson import Decimal128, json_util
from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo import MongoClient
from pymongo.database import Database

from modeler.mongo.aggregate import Aggregate, Computed, Measure, Part, PartKind
from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import CollectionSpec, aggregate_specs
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed, followed
from modeler.mongo.sync.install import install
from modeler.mongo.sync.verify import Depth, Verification, Verifier
from modeler.mongo.sync.watch import root_watch
from modeler.mongo.sync.worker import Worker
from modeler.mongo.validator import validator
from modeler.postgres.connections import connection_to
from modeler.schema.live import read_database
from modeler.schema.schema import Schema

TABLES = """
CREATE TABLE area (id integer PRIMARY KEY, name text NOT NULL,
    above_id integer CONSTRAINT area_above REFERENCES area);
CREATE TABLE buyer (id integer PRIMARY KEY, name varchar(40) NOT NULL, email text UNIQUE,
    area_id integer CONSTRAINT buyer_area REFERENCES area, note text);
CREATE TABLE card (buyer_id integer PRIMARY KEY CONSTRAINT card_buyer REFERENCES buyer
    ON DELETE CASCADE, points integer NOT NULL CHECK (points >= 0));
CREATE TABLE sale (id integer PRIMARY KEY, code varchar(20) NOT NULL,
    buyer_id integer CONSTRAINT sale_buyer REFERENCES buyer, total numeric(10,2) NOT NULL,
    made timestamptz NOT NULL DEFAULT '2026-01-02 03:04:05.678901+00', facts jsonb,
    CONSTRAINT sale_code UNIQUE (code) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE line (id integer PRIMARY KEY, sale_id integer NOT NULL CONSTRAINT line_sale
    REFERENCES sale ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, sku text NOT NULL,
    pieces integer NOT NULL, price numeric(10,2) NOT NULL,
    CONSTRAINT line_pieces CHECK (pieces > 0), CONSTRAINT line_once UNIQUE (sale_id, sku));
CREATE TABLE step (id integer PRIMARY KEY, line_id integer NOT NULL CONSTRAINT step_line
    REFERENCES line ON DELETE CASCADE, word text NOT NULL);
CREATE TABLE label (id integer PRIMARY KEY, word text NOT NULL UNIQUE);
CREATE TABLE sale_label (sale_id integer NOT NULL CONSTRAINT sale_label_sale REFERENCES sale
    ON UPDATE CASCADE ON DELETE CASCADE,
    label_id integer NOT NULL CONSTRAINT sale_label_label REFERENCES label ON DELETE CASCADE,
    PRIMARY KEY (sale_id, label_id));
CREATE TABLE seat (hall integer, number integer, guest text, PRIMARY KEY (hall, number));
"""
A = PartKind
SHAPES = (
    Aggregate("default:sale",
        "sales",
        parts=(
            Part(
                "lines", A.ARRAY, "default:line.line_sale",
                parts=(Part("steps", A.ARRAY, "default:step.step_line"),),
            ),
            Part("buyer", A.COPY, "default:sale.sale_buyer", columns=("name",)),
            Part(
                "labels", A.VALUES, "default:sale_label.sale_label_sale",
                parts=(
                    Part(
                        "label", A.COPY, "default:sale_label.sale_label_label", columns=("word",)
                    ),
                ),
            ),
        ),
        computed=(
            Computed("line_count", "default:line.line_sale"),
            Computed("pieces", "default:line.line_sale", Measure.SUM, "pieces"),
        ),
    ),
    Aggregate("default:buyer",
        "buyers",
        parts=(
            Part("card", A.ONE, "default:card.card_buyer"),
            Part(
                "areas", A.PATH, "default:buyer.buyer_area", columns=("id", "name"),
                up="default:area.area_above",
            ),
        ),
    ),
    Aggregate("default:seat", "seats"),
)  # fmt: skip
ROWS = """
INSERT INTO area VALUES (1, 'world', NULL), (2, 'north', 1), (3, 'coast', 2);
INSERT INTO buyer VALUES (1, 'Ada', 'ada@x.example', 3), (2, 'Ben', NULL, NULL),
    (3, 'Cy', 'cy@x.example', 1);
INSERT INTO card VALUES (1, 10);
INSERT INTO sale (id, code, buyer_id, total, facts) VALUES (1, 'A', 1, 12.50, '{"a.b": 1}'),
    (2, 'B', 1, 0, NULL), (3, 'C', NULL, 7.10, '[1.5, {"$x": null}]');
INSERT INTO line VALUES (10, 1, 'pen', 1, 2.50), (11, 1, 'ink', 4, 2.50), (12, 3, 'pen', 1, 7.10);
INSERT INTO step VALUES (100, 10, 'packed'), (101, 10, 'sent'), (102, 12, 'packed');
INSERT INTO label VALUES (1, 'red'), (2, 'new');
INSERT INTO sale_label VALUES (1, 1), (1, 2), (2, 2);
INSERT INTO seat VALUES (1, 1, 'Ada'), (1, 2, NULL), (2, 1, 'Ben');
"""


@dataclass(slots=True)
class Shop:
    """The domain on real servers.

    Attributes:
        connection: to PostgreSQL, in autocommit.
        client, mongo: of MongoDB, a database of its own.
        schema, specs: read from the live tables.
        collections: what is followed.
        worker: one, that has not started.
    """

    connection: BaseDatabaseWrapper
    client: MongoClient[Any]
    mongo: Database[Any]
    schema: Schema
    specs: tuple[CollectionSpec, ...]
    collections: dict[str, Followed]
    worker: Worker

    def sql(self, *statements: str) -> None:
        """Run statements, each its own transaction unless it says BEGIN and COMMIT."""
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def reset(self) -> None:
        """Put the first rows back, and the documents in step with them."""
        self.sql(f"BEGIN; TRUNCATE area, label, seat, buyer, sale CASCADE; {ROWS} COMMIT")
        self.sql("TRUNCATE modeler_sync_dead")
        self.worker.drain()

    def queued(self) -> list[tuple[str, list[str] | None]]:
        """What waits, in order."""
        return self.rows("SELECT watch, key FROM modeler_sync_queue ORDER BY low, id")

    def stored(self, collection: str) -> dict[Any, dict[str, Any]]:
        """The documents without ``_sync``, by ``_id`` (of a composite key its values)."""
        found = {}
        for document in self.mongo[collection].find():
            document.pop("_sync", None)
            found[hashable(document["_id"])] = document
        return found

    def expected(self, collection: str) -> dict[Any, dict[str, Any]]:
        """The documents that the rows of this moment give, read back through BSON."""
        one = self.collections[collection]
        builder: DocumentBuilder = one.builder
        columns = ", ".join(f"{name}::text" for name in builder.key_columns)
        assert one.root.location is not None
        keys = self.rows(f"SELECT {columns} FROM {one.root.location.table}")
        with self.connection.cursor() as cursor:
            documents = builder.documents(cursor, [tuple(key) for key in keys])
        found = {}
        for document in documents.values():
            again = bson.decode(bson.encode(document))
            found[hashable(again["_id"])] = again
        return found

    def verify(self, collection: str, depth: Depth = Depth.CONTENTS) -> Verification:
        connections = WorkerConnections(self.connection.settings_dict, "default")
        try:
            one = self.collections[collection]
            return Verifier(connections, self.mongo, one).verify(depth)
        finally:
            connections.close()

    def assert_equal(self) -> None:
        """All documents are what the rows say, by value and by the verification's own word."""
        for name in self.collections:
            assert self.stored(name) == self.expected(name)
            verification = self.verify(name)
            assert verification.equal, verification


def hashable(document_id: Any) -> Any:
    """Return what stands for an ``_id`` in a dictionary."""
    if isinstance(document_id, dict):
        return tuple(document_id.values())
    return str(document_id) if isinstance(document_id, Decimal128) else document_id


@contextmanager
def shop_in(settings: dict[str, Any], client: MongoClient[Any], **how: Any) -> Iterator[Shop]:
    """Make a shop in an empty database, and end it and its documents after the block.

    Args:
        settings: of the database, whose name the one of MongoDB has too.
        client: of MongoDB.
        how: see ``make_shop``.
    """
    own = connection_to(settings, "default")
    name = settings["NAME"]
    client.drop_database(name)
    made = make_shop(own, client, name, **how)
    yield made
    made.worker.close()
    own.close()
    client.drop_database(name)


def make_shop(
    connection: BaseDatabaseWrapper,
    client: MongoClient[Any],
    name: str,
    *,
    tables: str = TABLES,
    rows: str = ROWS,
    shapes: Sequence[Aggregate] = SHAPES,
) -> Shop:
    """Create tables, rows, collections and triggers, and bring the documents up to date."""
    with connection.cursor() as cursor:
        cursor.execute(tables)
        cursor.execute(rows)
    schema = read_database(connection, alias="default")
    specs = aggregate_specs(schema, shapes)
    mongo = client[name]
    for spec in specs:
        loaded = json_util.loads(json_util.dumps(validator(spec)))
        collection = mongo.create_collection(spec.name, validator=loaded)
        for index in spec.indexes:
            options = json_util.loads(json_util.dumps(dict(index.options)))
            collection.create_index(list(index.keys), name=index.name, **options)
    install(connection, schema, specs)
    named = followed(schema, specs)
    worker = Worker(connection.settings_dict, "default", client, name, named)
    shop = Shop(connection, client, mongo, schema, specs, named, worker)
    shop.sql(
        "INSERT INTO modeler_sync_queue (watch, low) VALUES "
        + ", ".join(f"('{root_watch(spec.name)}', true)" for spec in specs)
    )
    worker.drain()
    return shop
