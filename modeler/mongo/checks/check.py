"""The check constraints of a table, each compiled for a validator or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.checks.logic import Logic
from modeler.mongo.checks.value import ALWAYS, any_of
from modeler.mongo.filters import NotCarried
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import columns_of


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A check that a validator carries; the database holds it today.

    Attributes:
        name: of the constraint.
        expression: an aggregation expression, true where PostgreSQL accepts the row.
        note: where the two servers may differ, ``""`` where they cannot.
    """

    name: str
    expression: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class LostCheck:
    """A check that no validator can say, and why."""

    name: str
    reason: str


def compile_checks(
    constraints: Iterable[Constraint], document: DocumentFields
) -> tuple[tuple[CheckSpec, ...], tuple[LostCheck, ...]]:
    """Compile what a table's checks demand of one document.

    Args:
        constraints: of the table; those of other kinds, and nameless ones, which a field's own
            range says already, are left alone.
        document: the fields of a row.
    """
    carried, lost = [], []
    for constraint in constraints:
        if constraint.kind is not ConstraintKind.CHECK or not constraint.name:
            continue
        try:
            carried.append(compile_check(constraint, document))
        except NotCarried as reason:
            lost.append(LostCheck(constraint.name, str(reason)))
    return tuple(carried), tuple(lost)


def compile_check(constraint: Constraint, document: DocumentFields) -> CheckSpec:
    """Compile one check.

    Raises:
        NotCarried: a part has no exact counterpart.
    """
    if constraint.expression is None:
        raise NotCarried("its condition is not known")
    if not constraint.enforced:
        raise NotCarried("PostgreSQL does not enforce it either")
    logic = Logic(document)
    accepted = logic.not_false(constraint.expression)
    if accepted == ALWAYS:
        raise NotCarried("it accepts every row")
    guard = document.guard(columns_of(constraint.expression))
    return CheckSpec(constraint.name, any_of([*guard, accepted]), "; ".join(logic.notes))
