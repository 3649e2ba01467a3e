"""Unique indexes over expressions and under conditions: both servers refuse the same rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any

import pytest
from bson import json_util
from django.db import IntegrityError, connection, transaction
from pymongo.errors import DuplicateKeyError

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import CollectionSpec, collection_specs
from modeler.mongo.validator import validator
from modeler.schema.live import read_database
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from tests.modeler.mongo.formulas.shapes import COLUMNS, FUNCTIONS, ROWS, SHAPES

PAIRS = tuple(combinations_with_replacement(range(len(ROWS)), 2))


def loaded(value: Any) -> Any:
    return json_util.loads(json_util.dumps(value))


def make(cursor: Any, definition: str) -> tuple[Schema, CollectionSpec]:
    """Make the table with one unique index, and a twin without it; return what they are."""
    cursor.execute(FUNCTIONS)
    cursor.execute(f"CREATE TABLE thing ({COLUMNS}); CREATE TABLE twin (LIKE thing)")
    cursor.execute(f"CREATE UNIQUE INDEX told_apart ON thing {definition}")
    schema = read_database(connection, alias="default")
    (table,) = [one for one in schema.tables if one.name == "thing"]
    (spec,) = collection_specs(schema, [table])
    twin = replace(table, location=Location("default", "", "twin"))
    return replace(schema, tables=(twin,)), spec


def put(cursor: Any, table: str, number: int, row: dict[str, Any]) -> None:
    values = {"id": number, **row}
    marks = ", ".join("%s" for _ in values)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", [*values.values()]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_pairs_are_refused(shape, mongo_database):
    with connection.cursor() as cursor:
        schema, spec = make(cursor, SHAPES[shape])
        lost = [one.message for one in spec.findings if one.code == "MS201"]
        assert lost == []
        assert [index.unique for index in spec.indexes] == [True]
        asked = postgres_verdicts(cursor)
        numbers = range(len(ROWS))
        for number, row in enumerate(ROWS):
            put(cursor, "twin", number, row)
        built = DocumentBuilder(schema, spec).documents(cursor, [(str(n),) for n in numbers])
        documents = [built[(str(number),)] for number in numbers]
    assert mongo_verdicts(mongo_database, spec, documents) == asked


def postgres_verdicts(cursor: Any) -> dict[tuple[int, int], bool]:
    """Return whether PostgreSQL refuses the second row beside the first."""
    refused = {}
    for pair in PAIRS:
        try:
            with transaction.atomic():
                for number, row in enumerate(pair):
                    put(cursor, "thing", number, ROWS[row])
                transaction.set_rollback(True)
            refused[pair] = False
        except IntegrityError:
            refused[pair] = True
    return refused


def mongo_verdicts(
    database: Any, spec: CollectionSpec, documents: list[dict[str, Any]]
) -> dict[tuple[int, int], bool]:
    """Return whether MongoDB refuses the second document; every one keeps the rules."""
    database.drop_collection("thing")
    collection = database.create_collection("thing", validator=loaded(validator(spec)))
    for index in spec.indexes:
        collection.create_index(list(index.keys), name=index.name, **loaded(dict(index.options)))
    refused = {}
    for first, second in PAIRS:
        collection.delete_many({})
        collection.insert_one({**documents[first], "_id": 0})
        try:
            collection.insert_one({**documents[second], "_id": 1})
            refused[first, second] = False
        except DuplicateKeyError:
            refused[first, second] = True
    return refused
