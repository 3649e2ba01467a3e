"""Unique indexes over expressions and under conditions: both servers refuse the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import CollectionSpec, collection_specs
from modeler.schema.live import read_database
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from tests.modeler.mongo.formulas.shapes import COLUMNS, FUNCTIONS, ROWS, SHAPES
from tests.modeler.mongo.formulas.verdicts import mongo_verdicts, postgres_verdicts, put


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


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_pairs_are_refused(shape, mongo_database):
    with connection.cursor() as cursor:
        schema, spec = make(cursor, SHAPES[shape])
        lost = [one.message for one in spec.findings if one.code == "MS201"]
        assert lost == []
        assert [index.unique for index in spec.indexes] == [True]
        asked = postgres_verdicts(cursor, ROWS)
        numbers = range(len(ROWS))
        for number, row in enumerate(ROWS):
            put(cursor, "twin", number, row)
        built = DocumentBuilder(schema, spec).documents(cursor, [(str(n),) for n in numbers])
        documents = [built[(str(number),)] for number in numbers]
    assert mongo_verdicts(mongo_database, spec, documents) == asked
    # The rows are chosen so that the index has something to say of them.
    assert {True, False} == set(asked.values())
