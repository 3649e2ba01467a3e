"""Indexes that only serve queries: MongoDB builds each, and no row is refused for its sake."""

from __future__ import annotations

import pytest
from django.db import connection

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import collection_specs
from modeler.mongo.validator import validator
from modeler.schema.live import read_database
from tests.modeler.mongo.formulas.shapes import COLUMNS, FUNCTIONS, ROWS
from tests.modeler.mongo.formulas.verdicts import loaded, put

ON_ID = "the index on _id serves"
# What becomes of each: its keys, why there is none, or that another serves for it.
SHAPES = {
    "the key, backwards, of some rows": ("(id DESC) WHERE deleted IS NULL", ON_ID),
    "the key, once more": ("(id)", ON_ID),
    "the key of some rows, unique": (
        "UNIQUE", "(id) WHERE flag", ON_ID),
    "the key and more": ("(id DESC, name)", (("_id", -1), ("name", 1))),
    "the key by its hash": ("USING hash (id)", (("_id", "hashed"),)),
    "the key's digits": ("((id::text))", (("id__as__text__69d433", 1),)),
    "a hash of a known function": (
        "USING hash (md5(name))", (("md5__name", "hashed"),)),
    "a hash of some rows": (
        "USING hash (md5(nick)) WHERE deleted IS NULL", (("md5__nick", "hashed"),)),
    "a hash of one's own function": (
        "USING hash (own_word(name))", "what the function own_word returns is not known"),
    "a tree of one's own function": ("(own_word(name))", (("own_word__name", 1),)),
    "bounds of one's own function": ("USING brin (own_word(name))", (("own_word__name", 1),)),
    "entries of an array": ("USING gin (tags)", (("tags", 1),)),
    # MongoDB would take the column for the language in which a text is.
    "words beside a column called language": (
        "USING gin (to_tsvector('english', name))", (("name", "text"),)),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_built_and_refuses_no_row(shape, mongo_database):
    *unique, definition, expected = SHAPES[shape]
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(f"CREATE TABLE thing ({COLUMNS})")
        cursor.execute(f"CREATE {''.join(unique)} INDEX serving ON thing {definition}")
        schema = read_database(connection, alias="default")
        (table,) = [one for one in schema.tables if one.name == "thing"]
        (spec,) = collection_specs(schema, [table])
        for number, row in enumerate(ROWS):
            put(cursor, "thing", number, row)
        keys = [(str(number),) for number in range(len(ROWS))]
        built = DocumentBuilder(schema, spec).documents(cursor, keys)
    mongo_database.drop_collection("thing")
    collection = mongo_database.create_collection("thing", validator=loaded(validator(spec)))
    for index in spec.indexes:
        collection.create_index(list(index.keys), name=index.name, **loaded(dict(index.options)))
    collection.insert_many([built[key] for key in keys])
    assert collection.count_documents({}) == len(ROWS)
    if expected == ON_ID:
        assert (spec.indexes, [one for one in spec.findings if one.code == "MS201"]) == ((), [])
    elif isinstance(expected, str):
        (lost,) = [one.message for one in spec.findings if one.code == "MS201"]
        assert expected in lost
    else:
        assert [index.keys for index in spec.indexes] == [expected]
