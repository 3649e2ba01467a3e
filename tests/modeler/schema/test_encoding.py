"""Storing schemas: whole, and with fingerprints that follow the meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from modeler.errors import FormatError
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.encoding import decode, encode, fingerprint, from_json, to_json
from modeler.schema.expression import Expression
from modeler.schema.location import Location
from modeler.schema.schema import Origin, OriginKind, Schema
from modeler.schema.table import Source, Table, TableKind
from tests.modeler.schema.trees import TREES


def schema_with(tree: Expression, origin: Origin | None = None) -> Schema:
    constraint = Constraint("c", ConstraintKind.CHECK, expression=tree)
    table = Table(
        "a.B", Location("default", "", "b"), TableKind.MODEL, "B", constraints=(constraint,)
    )
    return Schema((table,), origin=origin)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_what_is_written_is_read_back(tree: Expression) -> None:
    schema = schema_with(tree)
    assert from_json(to_json(schema)) == schema
    assert to_json(from_json(to_json(schema))) == to_json(schema)


@settings(max_examples=100, deadline=None)
@given(TREES, TREES)
def test_fingerprints_are_equal_when_the_meaning_is(one: Expression, other: Expression) -> None:
    same = fingerprint(schema_with(one)) == fingerprint(schema_with(other))
    assert same == (one == other)


def test_fingerprints_leave_out_where_and_when(registry: Schema) -> None:
    elsewhere = replace(
        registry,
        origin=Origin(OriginKind.DATABASE, read_at="2020-01-01T00:00:00+00:00"),
        tables=tuple(replace(t, source=Source("x", "y.py", 3)) for t in registry.tables),
    )
    assert fingerprint(elsewhere) == fingerprint(registry)
    assert fingerprint(replace(registry, tables=registry.tables[1:])) != fingerprint(registry)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "This is not JSON: "),
        ("[]", 'This JSON is not a schema: it lacks "format": "modeler.schema".'),
        ('{"format": "modeler.schema", "version": 99}', "This schema has format version 99; "),
        ('{"format": "modeler.schema", "version": 1, "schema": {"tabels": []}}',
         "This is not a valid Schema: Schema has no attribute 'tabels'."),
    ],
)  # fmt: skip
def test_what_is_no_schema_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        from_json(text)
    assert str(refused.value).startswith(message)


def test_every_attribute_at_its_default_is_left_out() -> None:
    table = Table("a.B", None, TableKind.MODEL, "B")
    assert encode(table) == {"key": "a.B", "location": None, "kind": "model", "name": "B"}
    assert decode(Table, encode(table)) == table
