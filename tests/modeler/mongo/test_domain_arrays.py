"""Arrays of domains and enum types: one verdict on PostgreSQL, on MongoDB and offline.

Rows hold lists that a test gives; in SQL they are written as array literals.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import bson
import pytest
from bson import Decimal128, json_util
from django.db import DatabaseError
from pymongo.errors import WriteError

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.evaluator.evaluator import compiled
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import validator
from modeler.schema.live import read_database
from tests.modeler.mongo.databases import database_of

TABLES = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN small AS integer CONSTRAINT small_positive CHECK (VALUE > 0);
CREATE DOMAIN tiny AS small NOT NULL CONSTRAINT tiny_low CHECK (VALUE < 10);
CREATE DOMAIN given AS text CONSTRAINT given_there CHECK (VALUE IS NOT NULL AND VALUE <> '');
CREATE DOMAIN code AS varchar(4) CONSTRAINT code_form CHECK (VALUE ~ '^[a-z]+$');
CREATE DOMAIN price AS numeric(6, 2) CONSTRAINT price_sign CHECK (VALUE >= 0 AND VALUE <> 7.5);
CREATE DOMAIN day AS date CONSTRAINT day_late CHECK (VALUE > '2000-01-01');
CREATE DOMAIN feeling AS mood CONSTRAINT feeling_set CHECK (VALUE IS NOT NULL);
CREATE DOMAIN row_of_tiny AS tiny[] NOT NULL
    CONSTRAINT row_size CHECK (array_length(VALUE, 1) < 4);
CREATE DOMAIN few AS integer[] CONSTRAINT few_enough CHECK (cardinality(VALUE) < 4);
CREATE TABLE shelf (id integer PRIMARY KEY);
CREATE TABLE thing (
    id integer PRIMARY KEY, shelf_id integer CONSTRAINT thing_shelf REFERENCES shelf,
    small small[], tiny tiny[], given given[], code code[], price price[], day day[],
    mood mood[], feeling feeling[], tinies row_of_tiny DEFAULT '{1}', deep row_of_tiny[],
    few few
);
INSERT INTO shelf VALUES (1);
INSERT INTO thing (id, shelf_id) VALUES (1, 1);
"""
SHAPES = (
    Aggregate("default:shelf",
        "shelves", parts=(Part("things", PartKind.ARRAY, "default:thing.thing_shelf"),)),
    Aggregate("default:thing", "things"),
)  # fmt: skip
DAY, LATE = datetime(1999, 1, 1), datetime(2020, 2, 3)


def deep(value, dimensions=6):
    return deep([value], dimensions - 1) if dimensions else value


# Column, value, whether both servers take it.
CASES = [
    ("small", None, True), ("small", [], True), ("small", [1, None, 3], True),
    ("small", [1, 0], False), ("small", [[1, 2], [3, 4]], True),
    ("small", [[1, 2], [3, -4]], False),
    ("small", [[1, None], [3, 4]], True), ("small", deep(1), True), ("small", deep(0), False),
    ("tiny", [1, 9], True), ("tiny", [1, 10], False), ("tiny", [0], False),
    ("tiny", [1, None], False), ("tiny", [None], False), ("tiny", None, True), ("tiny", [], True),
    ("tiny", [[1, 2], [3, None]], False), ("tiny", [[1, 2], [3, 4]], True),
    ("tiny", [[1, 2], [3, 44]], False), ("tiny", deep(None), False), ("tiny", deep(9), True),
    ("given", ["a", "b"], True), ("given", ["a", ""], False), ("given", ["a", None], False),
    ("given", [["a"], [None]], False), ("given", [["a"], ["b"]], True),
    ("code", ["ab", None, "abcd"], True), ("code", ["ab", "AB"], False), ("code", ["a b"], False),
    ("code", [["ab"], ["a1"]], False),
    ("price", [Decimal("0.00"), Decimal("9999.99")], True), ("price", [Decimal("-0.01")], False),
    ("price", [Decimal("7.50")], False), ("price", [[Decimal("7.5")], [Decimal("1")]], False),
    ("price", [None], True),
    ("day", [LATE, None], True), ("day", [LATE, DAY], False), ("day", [[DAY]], False),
    ("mood", ["ok", "sad", None], True), ("mood", ["glad"], False),
    ("mood", [["ok"], ["x"]], False),
    ("mood", [["ok"], ["sad"]], True), ("mood", [""], False), ("mood", None, True),
    ("feeling", ["ok"], True), ("feeling", ["ok", None], False), ("feeling", ["glad"], False),
    ("feeling", [["ok"], ["glad"]], False),
    ("tinies", [1, 2, 3], True), ("tinies", [1, 2, 3, 4], False), ("tinies", [1, 22], False),
    ("tinies", [1, None], False), ("tinies", None, False), ("tinies", [], True),
    ("tinies", [[1, 2], [3, 4]], True), ("tinies", [[1, 2], [3, 44]], False),
    ("few", [], True), ("few", [1, 2, None], True), ("few", [1, 2, 3, 4], False),
    ("few", [[1], [2], [3]], True), ("few", [[1, 2], [3, 4]], False), ("few", None, True),
]  # fmt: skip


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker, worker_id):
    name = f"domain_arrays_{worker_id}"
    with django_db_blocker.unblock(), database_of(name, TABLES) as own:
        yield own


@pytest.fixture(scope="module")
def schema(database):
    return read_database(database)


@pytest.fixture(scope="module")
def specs(schema):
    return {spec.name: spec for spec in aggregate_specs(schema, SHAPES)}


@pytest.fixture(scope="module")
def collections(specs, mongo_client, worker_id):
    mongo = mongo_client[f"domain_arrays_{worker_id}"]
    mongo_client.drop_database(mongo.name)
    for name, spec in specs.items():
        mongo.create_collection(name, validator=json_util.loads(json_util.dumps(validator(spec))))
    yield mongo
    mongo_client.drop_database(mongo.name)


def literal(value):
    if isinstance(value, list):
        return "{" + ",".join(map(literal, value)) + "}"
    if value is None:
        return "NULL"
    return f'"{value:%Y-%m-%d}"' if isinstance(value, datetime) else f'"{value}"'


def stored(value):
    if isinstance(value, list):
        return [stored(part) for part in value]
    return Decimal128(value) if isinstance(value, Decimal) else value


def taken_by_postgresql(own, column, value):
    with own.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            text = None if value is None else literal(value)
            cursor.execute(f"UPDATE thing SET {column} = %s", [text])
        except DatabaseError:
            return False
        finally:
            cursor.execute("ROLLBACK")
    return True


def first(schema, spec, own):
    """The document of the first row, as it is built."""
    with own.cursor() as cursor:
        (document,) = DocumentBuilder(schema, spec).documents(cursor, [("1",)]).values()
    return bson.decode(bson.encode(document))


@pytest.mark.parametrize(("column", "value", "expected"), CASES)
def test_one_verdict(database, schema, specs, collections, column, value, expected):
    assert taken_by_postgresql(database, column, value) is expected
    for name in ("things", "shelves"):
        document = first(schema, specs[name], database)
        held = document if name == "things" else document["things"][0]
        held[column] = stored(value)
        collections[name].delete_many({})
        try:
            collections[name].insert_one(document)
            taken = True
        except WriteError:
            taken = False
        offline = compiled(validator(specs[name])).accepts(document)
        assert (taken, offline) == (expected, expected)


def test_what_differs_is_said(specs):
    told = {f.subject.rpartition(".")[2]: f.message for f in specs["things"].findings}
    gap = "PostgreSQL fills the gap with NULL where an element far behind the end is assigned"
    for name in ("tiny_tiny_not_null", "tinies_tiny_not_null", "given_there", "feeling_set"):
        assert told.pop(name) == f"The check {name} is carried, and may differ: {gap}."
    # What arrays of arrays' domains demand is named.
    assert {name for name, text in told.items() if "is not carried" in text} == {
        "deep_small_positive", "deep_tiny_low", "deep_tiny_not_null", "deep_row_size",
        "row_of_tiny_not_null",
    }  # fmt: skip
    assert {name for name in told if "may differ" in told[name]} == set()


def test_gaps_are_what_both_servers_judge_differently(database, schema, specs):
    with database.cursor() as cursor:
        cursor.execute("UPDATE thing SET tiny = '{1}'; UPDATE thing SET tiny[3] = 2")
    try:
        document = first(schema, specs["things"], database)
        assert document["tiny"] == [1, None, 2]
        assert not compiled(validator(specs["things"])).accepts(document)
    finally:
        with database.cursor() as cursor:
            cursor.execute("UPDATE thing SET tiny = NULL")


def test_arrays_of_arrays_are_read_as_texts(database, schema, specs):
    with database.cursor() as cursor:
        cursor.execute("UPDATE thing SET deep = ARRAY['{1,2}', '{3}']::row_of_tiny[]")
    try:
        document = first(schema, specs["things"], database)
        assert document["deep"] == ["{1,2}", "{3}"]
        assert compiled(validator(specs["things"])).accepts(document)
    finally:
        with database.cursor() as cursor:
            cursor.execute("UPDATE thing SET deep = NULL")
