"""The type table: every row of research and manual as one case, whole rules compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.field import HeldBy
from modeler.mongo.types import MAKERS, field_spec
from modeler.schema.column import Choice, Column

INT = {"bsonType": "int", "minimum": -(2**31), "maximum": 2**31 - 1}
LONG = {
    "bsonType": ["long", "int"],
    "minimum": {"$numberLong": str(-(2**63))},
    "maximum": {"$numberLong": str(2**63 - 1)},
}


def column(field_type: str, database_type: str, **facts: object) -> Column:
    return Column("c", database_type, field_type=field_type, **facts)


CASES = [
    ("small", column("SmallIntegerField", "smallint"),
     {"bsonType": "int", "minimum": -32768, "maximum": 32767}),
    ("positive small", column("PositiveSmallIntegerField", "smallint"),
     {"bsonType": "int", "minimum": 0, "maximum": 32767}),
    ("integer", column("IntegerField", "integer"), INT),
    ("auto", column("AutoField", "integer"), INT),
    ("big", column("BigIntegerField", "bigint"), LONG),
    ("float", column("FloatField", "double precision"), {"bsonType": ["double", "int", "long"]}),
    ("decimal", column("DecimalField", "numeric(12,2)", max_digits=12, decimal_places=2),
     {"bsonType": "decimal", "minimum": {"$numberDecimal": "-1E10"}, "exclusiveMinimum": True,
      "maximum": {"$numberDecimal": "1E10"}, "exclusiveMaximum": True,
      "multipleOf": {"$numberDecimal": "1E-2"}}),
    ("fraction", column("DecimalField", "numeric(3,3)", max_digits=3, decimal_places=3),
     {"bsonType": "decimal", "minimum": {"$numberDecimal": "-1E0"}, "exclusiveMinimum": True,
      "maximum": {"$numberDecimal": "1E0"}, "exclusiveMaximum": True,
      "multipleOf": {"$numberDecimal": "1E-3"}}),
    ("wide decimal", column("DecimalField", "numeric(40,2)", max_digits=40, decimal_places=2),
     {"bsonType": "string", "pattern": r"^(?:-?[0-9]{1,38}(?:\.[0-9]{1,2})?|NaN)\z"}),
    ("boundless", column("DecimalField", "numeric"),
     {"bsonType": "string", "pattern": r"^(?:-?(?:[0-9]+(?:\.[0-9]+)?|Infinity)|NaN)\z"}),
    ("bool", column("BooleanField", "boolean", null=True), {"bsonType": ["bool", "null"]}),
    ("char", column("CharField", "character varying(64)", max_length=64),
     {"bsonType": "string", "maxLength": 64}),
    ("text", column("TextField", "text"), {"bsonType": "string"}),
    ("email", column("EmailField", "character varying(254)", max_length=254),
     {"bsonType": "string", "maxLength": 254, "pattern": r"^(?:[\s\S]+@[^@\s]+)\z"}),
    ("slug", column("SlugField", "character varying(50)", max_length=50, blank=True),
     {"bsonType": "string", "maxLength": 50, "pattern": r"(*UCP)^(?:[-\w]+)?\z"}),
    ("choices", column("CharField", "character varying(1)", max_length=1, null=True, blank=True,
                       choices=(Choice("a", "A"), Choice("b", "B", "group"))),
     {"bsonType": ["string", "null"], "maxLength": 1, "enum": ["a", "b", "", None]}),
    ("number choices", column("IntegerField", "integer", choices=(Choice("1", "one"),)),
     {**INT, "enum": [1]}),
    ("uuid", column("UUIDField", "uuid"), {"bsonType": "binData"}),
    ("date", column("DateField", "date"), {"bsonType": "date"}),
    ("datetime", column("DateTimeField", "timestamp with time zone"), {"bsonType": "date"}),
    ("time", column("TimeField", "time without time zone"),
     {"bsonType": "string", "pattern": r"^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6}\z"}),
    ("duration", column("DurationField", "interval"), {"bsonType": ["long", "int"]}),
    ("binary", column("BinaryField", "bytea"), {"bsonType": "binData"}),
    ("json", column("JSONField", "jsonb"), {}),
    ("hstore", column("HStoreField", "hstore"),
     {"bsonType": "object", "additionalProperties": {"bsonType": ["string", "null"]}}),
    ("ip", column("GenericIPAddressField", "inet"),
     {"bsonType": "string", "pattern": r"^[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?\z"}),
    ("array", column("ArrayField", "integer[]", max_items=3,
                     element=column("IntegerField", "integer")),
     {"bsonType": "array", "items": {**INT, "bsonType": ["int", "null"]}, "maxItems": 3}),
    ("range", column("IntegerRangeField", "int4range"),
     {"bsonType": "object", "required": ["lower", "upper", "li", "ui", "empty"],
      "properties": {"lower": {**INT, "bsonType": ["int", "null"]},
                     "upper": {**INT, "bsonType": ["int", "null"]},
                     "li": {"bsonType": "bool"}, "ui": {"bsonType": "bool"},
                     "empty": {"bsonType": "bool"}}}),
    ("unknown", column("PointField", "geometry(Point,4326)"), {}),
    # Live tables know no Django field.
    ("live varchar", column("", "character varying(8)"), {"bsonType": "string", "maxLength": 8}),
    ("live numeric", column("", "numeric(5,-2)"),
     {"bsonType": "decimal", "minimum": {"$numberDecimal": "-1E7"}, "exclusiveMinimum": True,
      "maximum": {"$numberDecimal": "1E7"}, "exclusiveMaximum": True,
      "multipleOf": {"$numberDecimal": "1E2"}}),
    ("live timestamptz", column("", "timestamp(3) with time zone"), {"bsonType": "date"}),
    ("live bigint", column("", "bigint"), LONG),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "schema"), CASES, ids=[case[0] for case in CASES])
def test_types(name, given, schema):
    made = field_spec(given).schema()
    # multipleOf 1E-0 and 1E0 are one number; the table's text is what is written.
    assert made == schema


def test_null_is_added_to_any_type():
    for name in MAKERS:
        spec = field_spec(column(name, "", null=True))
        assert not spec.types or spec.schema()["bsonType"] == [*spec.types, "null"], name


@pytest.mark.parametrize(
    ("given", "keyword", "held_by"),
    [
        (column("CharField", "character varying(8)", max_length=8), "maxLength", HeldBy.DATABASE),
        (column("TextField", "text", max_length=8), "maxLength", HeldBy.APPLICATION),
        (column("EmailField", "character varying(8)"), "pattern", HeldBy.APPLICATION),
        (column("PositiveIntegerField", "integer"), "minimum", HeldBy.DATABASE),
        (column("CharField", "text", choices=(Choice("a", "A"),)), "enum", HeldBy.APPLICATION),
    ],
)
def test_who_holds_a_rule_is_said(given, keyword, held_by):
    rules = {rule.keyword: rule.held_by for rule in field_spec(given).rules}
    assert rules[keyword] is held_by


def test_what_postgresql_computes_for_search_is_not_stored():
    assert not field_spec(column("SearchVectorField", "tsvector")).stored


def test_every_kind_of_field_has_a_case():
    """Fields of one shape share a case; a new kind needs one."""
    shapes = {field_spec(replace(case[1], null=False)).types for case in CASES}
    for name in MAKERS:
        assert field_spec(column(name, "")).types in shapes, name
