"""Asking a schema in a test, so that what is missing is a failed assertion."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modeler.schema.column import Column
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table


def table(schema: Schema, key: str) -> Table:
    found = [each for each in schema.tables if each.key == key]
    assert len(found) == 1, f"{len(found)} tables {key}"
    return found[0]


def column(schema: Schema, path: str) -> Column:
    key, _, name = path.rpartition(".")
    found = [each for each in table(schema, key).columns if each.name == name]
    assert len(found) == 1, f"{len(found)} columns {path}"
    return found[0]


def relation(schema: Schema, path: str) -> Relation:
    key, _, name = path.rpartition(".")
    found = [each for each in table(schema, key).relations if each.field == name]
    assert len(found) == 1, f"{len(found)} relations {path}"
    return found[0]


def keys(schema: Schema) -> list[str]:
    return [each.key for each in schema.tables]


def names(found: Table) -> list[str]:
    return [each.name for each in found.columns]


def fields(found: Table) -> list[str]:
    return [each.field for each in found.relations]


Check = Callable[[Schema], None]


def caught(check: Check, ours: Schema, naive: Schema) -> None:
    """Assert that a check passes with our schema and refuses the naive one."""
    check(ours)
    with pytest.raises(AssertionError):
        check(naive)
