"""Which keys of models a database holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.held_keys import key_is_held
from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Function
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.table import Table, TableKind

COLUMNS = (Column("a", "integer"), Column("b", "integer"), Column("n", "integer", null=True))
TABLE = Table(
    "old.Row", Location("default", "", "rows"), TableKind.MODEL, "Row", app="old", managed=False,
    informed=True, primary_key=("a",), columns=COLUMNS,
)  # fmt: skip


def constraint(*columns: str, kind: ConstraintKind = ConstraintKind.UNIQUE, **more) -> Constraint:
    return Constraint("c", kind, columns, **{"source": "database", **more})


def index(*columns: str, **more) -> Index:
    parts = tuple(IndexPart(column=name) for name in columns)
    return Index("i", parts, **{"unique": True, "source": "database", **more})


KEY = ConstraintKind.PRIMARY_KEY
LOWER = IndexPart(expression=Function("lower", (ColumnRef("a"),)))


@pytest.mark.parametrize(
    ("key", "rules", "held"),
    [
        ("a", [], False),
        ("a", [constraint("a", kind=KEY)], True),
        ("a", [constraint("b", kind=KEY)], False),
        ("a", [constraint("a", "b", kind=KEY)], False),
        ("ab", [constraint("a", "b", kind=KEY)], True),
        ("ab", [constraint("b", "a", kind=KEY)], True),
        ("ab", [constraint("b")], True),  # of rows that differ in b, no two share a and b
        ("a", [constraint("a")], True),
        ("a", [constraint("a", source="field")], False),  # the model's word alone
        ("a", [constraint("a", kind=ConstraintKind.CHECK)], False),
        ("a", [constraint("a", kind=ConstraintKind.EXCLUSION)], False),
        ("n", [constraint("n")], False),  # rows without a key
        ("an", [constraint("a", "n")], False),
        ("a", [index("a")], True),
        ("a", [index("a", unique=False)], False),
        ("a", [index("a", condition=Function("f", (ColumnRef("n"),)))], False),
        ("a", [index("a", valid=False)], False),
        ("a", [replace(index("a"), parts=(LOWER,))], False),
        ("a", [replace(index("b"), parts=(IndexPart(column="a"), LOWER))], False),
    ],
)  # fmt: skip
def test_what_a_database_holds(key: str, rules: list[Constraint | Index], held: bool):
    table = replace(
        TABLE, primary_key=tuple(key),
        constraints=tuple(rule for rule in rules if isinstance(rule, Constraint)),
        indexes=tuple(rule for rule in rules if isinstance(rule, Index)),
    )  # fmt: skip
    assert key_is_held(table) is held
    assert key_is_held(replace(table, managed=True))
    assert key_is_held(replace(table, primary_key=()))
