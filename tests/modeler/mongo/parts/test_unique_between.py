"""Unique keys of embedded rows, between documents: no index refuses rows that PostgreSQL has."""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.spec import aggregate_specs
from modeler.schema.live import read_database
from tests.modeler.mongo.databases import database_of
from tests.modeler.mongo.parity.run import make_collections

TABLES = """
CREATE TABLE plant (id integer PRIMARY KEY);
CREATE TABLE lot (id integer PRIMARY KEY, plant integer NOT NULL REFERENCES plant);
"""
ROWS = """
INSERT INTO plant SELECT generate_series(1, 4);
INSERT INTO lot SELECT n, 1 + n % 3 FROM generate_series(1, 9) n;
"""
# What lies in rows of an array, or beside them: a table that refers, and its rows.
ITEM = "CREATE TABLE item (id serial PRIMARY KEY, {refers}, code integer {key})"
OF_LOT = "lot integer NOT NULL REFERENCES lot"
OF_PLANT = "plant integer NOT NULL REFERENCES plant"
EMPTY_ROWS = "between documents, rows of an array without such a row would equal each other"
ROWS_WITHIN = (
    "no rule compares what lies within several rows of one array, "
    "and no index what some of them have not"
)
NULL_ROWS = "documents without such a row would equal those where it is NULL"
# name: (whose, key of code, kind, what is said of an index that is not made)
CASES = {
    "an array in an array": ("lot", "NOT NULL UNIQUE", PartKind.ARRAY, EMPTY_ROWS),
    "a row in an array": ("lot", "NOT NULL UNIQUE", PartKind.ONE, ROWS_WITHIN),
    "an array": ("plant", "NOT NULL UNIQUE", PartKind.ARRAY, ""),
    "an array, nulls equal but none": (
        "plant", "NOT NULL UNIQUE NULLS NOT DISTINCT", PartKind.ARRAY, ""),
    "an array, nulls equal": ("plant", "UNIQUE NULLS NOT DISTINCT", PartKind.ARRAY, NULL_ROWS),
    "a row": ("plant", "UNIQUE", PartKind.ONE, ""),
    "a row, nulls equal": ("plant", "UNIQUE NULLS NOT DISTINCT", PartKind.ONE, NULL_ROWS),
}  # fmt: skip


@pytest.fixture
def made(django_db_setup, django_db_blocker, worker_id):
    """A database of its own, by a function that runs statements in it."""
    name = f"unique_between_{worker_id}"
    with django_db_blocker.unblock(), database_of(name) as own:
        yield own


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_taken(case, made, mongo_client):
    whose, key, kind, lost = CASES[case]
    refers = {"lot": OF_LOT, "plant": OF_PLANT}[whose]
    if kind is PartKind.ONE:
        refers += " UNIQUE"
    with made.cursor() as cursor:
        cursor.execute(f"{TABLES}{ITEM.format(refers=refers, key=key)};{ROWS}")
        # Two documents have rows, in some of which nothing lies.
        cursor.execute(f"INSERT INTO item ({whose}, code) VALUES (1, 1), (2, 2)")
    part = Part("items", kind, f"default:item.item_{whose}_fkey")
    lots = Part("lots", PartKind.ARRAY, "default:lot.lot_plant_fkey")
    parts = (Part(lots.field, lots.kind, lots.relation, parts=(part,)),)
    shape = Aggregate("default:plant", "plants", parts=parts if whose == "lot" else (part,))
    schema = read_database(made)
    specs = aggregate_specs(schema, (shape,))
    name = made.settings_dict["NAME"]
    settings = dict(made.settings_dict)
    assert make_collections(mongo_client, name, schema, specs, settings) == []
    (spec,) = specs
    kept = [index.source for index in spec.indexes if index.unique]
    said = [one.message for one in spec.findings if one.code == "MS201" and "code" in one.message]
    assert kept == ([] if lost else ["item_code_key"])
    assert said == ([f"item_code_key is not carried: {lost}."] if lost else [])
    mongo_client.drop_database(name)
