"""Expressions that PostgreSQL computes of every row, and of some cannot."""

from __future__ import annotations

import pytest

from modeler.mongo.findings import failing_findings
from modeler.schema.column import Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Cast, ColumnRef, Function, Literal, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.table import Table, TableKind

A, B = ColumnRef("a"), ColumnRef("b")
RATIO = Operation("/", (A, B))
LOWER = Function("lower", (A,))


def index(*expressions, condition=None) -> Index:
    parts = tuple(IndexPart(expression=one) for one in expressions) or (IndexPart(column="a"),)
    return Index("i", parts, condition=condition)


def excluded(expression) -> Constraint:
    parts = (IndexPart(expression=expression),)
    return Constraint("x", ConstraintKind.EXCLUSION, parts=parts, method="gist")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([index()], []),
        ([index(LOWER)], []),
        ([index(LOWER, RATIO)], [("i", "a, b")]),
        ([index(Function("array_to_tsvector", (B,)))], [("i", "b")]),
        ([index(condition=Operation(">", (Cast(A, "integer"), Literal("integer", "3"))))],
         [("i", "a")]),
        ([index(condition=Operation("is-null", (A,)))], []),
        ([excluded(Function("tsrange", (A, B)))], [("x", "a, b")]),
        ([Column("g", "integer", generated=Generated(RATIO, stored=True))], [("g", "a, b")]),
        ([Column("g", "text", generated=Generated(LOWER, stored=True))], []),
    ],
)  # fmt: skip
def test_what_may_fail_is_told(rules, told):
    table = Table(
        "m.Row", Location("default", "", "rows"), TableKind.MODEL, "Row",
        columns=(Column("a", "text"), Column("b", "text"),
                 *(one for one in rules if isinstance(one, Column))),
        indexes=tuple(one for one in rules if isinstance(one, Index)),
        constraints=tuple(one for one in rules if isinstance(one, Constraint)),
    )  # fmt: skip
    assert [(one.code, one.subject, one.message) for one in failing_findings(table)] == [
        ("MS207", f"m.Row.{name}", f"PostgreSQL also refuses rows of whose {columns} it cannot "
         f"compute {name}; MongoDB takes them.")
        for name, columns in told
    ]  # fmt: skip
