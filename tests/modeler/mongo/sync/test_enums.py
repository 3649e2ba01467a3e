"""Enums of a live PostgreSQL in specifications, and what both servers take."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DataError
from pymongo.errors import WriteError

from modeler.mongo.aggregate import Aggregate
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import validator
from tests.modeler.mongo.sync.domain import shop_in

TABLES = """
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE "Mood" AS ENUM ('Sad', 'with "quotes"');
CREATE TYPE other.mood AS ENUM ('elsewhere');
CREATE TABLE person (id integer PRIMARY KEY, plain mood NOT NULL, quoted "Mood", far other.mood,
    many mood[] NOT NULL DEFAULT '{}', word text);
"""
ROWS = """
INSERT INTO person VALUES (1, 'happy', 'with "quotes"', 'elsewhere', '{sad,NULL,ok}', 'x'),
    (2, 'sad', NULL, NULL, '{{ok,sad},{sad,happy}}', NULL);
"""
SHAPES = (Aggregate("default:person", "people"),)
FIELDS = {
    "plain": {"bsonType": "string", "enum": ["sad", "ok", "happy"]},
    "quoted": {"bsonType": ["string", "null"], "enum": ["Sad", 'with "quotes"', None]},
    "far": {"bsonType": ["string", "null"], "enum": ["elsewhere", None]},
    "many": {"bsonType": "array", "items": {"bsonType": ["string", "null", "array"]}},
}


@pytest.fixture(scope="module")
def people(fresh_database, mongo_client):
    with shop_in(fresh_database, mongo_client, tables=TABLES, rows=ROWS, shapes=SHAPES) as made:
        yield made


def test_the_fields_of_enums(people):
    (spec,) = people.specs
    properties = validator(spec)["$jsonSchema"]["properties"]
    assert {name: properties[name] for name in FIELDS} == FIELDS
    assert [one.code for one in spec.findings if one.code == "MS101"] == []
    assert {f.name: f.note for f in spec.fields if f.name in ("plain", "quoted")} == {
        "plain": "texts sort by their letters, PostgreSQL by the order of the labels",
        "quoted": "texts sort by their letters, PostgreSQL by the order of the labels",
    }


def test_without_the_labels_any_value_passes_which_is_told(people):
    (spec,) = aggregate_specs(replace(people.schema, enums=()), SHAPES)
    assert [one.subject.rpartition(".")[2] for one in spec.findings if one.code == "MS101"] == [
        "far", "plain", "quoted",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["sad", "happy", "Happy", "", "elsewhere"])
def test_both_servers_take_the_same_labels(people, value):
    try:
        people.sql(f"UPDATE person SET plain = '{value}' WHERE id = 2")
        taken = True
    except DataError:
        taken = False
    try:
        people.mongo.people.update_one({"_id": 2}, {"$set": {"plain": value}})
        stored = True
    except WriteError:
        stored = False
    assert (stored, taken) == (value in ("sad", "happy"),) * 2


def test_documents_follow(people):
    people.sql(
        "UPDATE person SET plain = 'ok', many = '{happy}', quoted = 'Sad' WHERE id = 1",
        "INSERT INTO person VALUES (3, 'sad')",
    )
    people.worker.drain()
    people.assert_equal()
