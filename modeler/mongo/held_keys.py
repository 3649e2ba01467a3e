"""Whether a database holds the key that documents are told apart by."""

from __future__ import annotations

from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.index import Index
from modeler.schema.table import Table


def key_is_held(table: Table) -> bool:
    """Tell whether no two rows can share the primary key that the model names.

    Django makes and holds the primary key of what it manages; a table that is not its own may
    have none, or another one, and its catalogue says so. A unique key without NULL does as well.
    """
    if table.managed or not table.primary_key:
        return True
    key = set(table.primary_key)
    if any(table.column(name).null for name in key):
        return False
    return any(columns and columns <= key for columns in map(_held, _rules(table)))


def _rules(table: Table) -> list[Constraint | Index]:
    found: list[Constraint | Index] = [*table.constraints, *table.indexes]
    return [rule for rule in found if rule.source == "database" and rule.valid]


def _held(rule: Constraint | Index) -> set[str]:
    """Return the columns whose values no two rows share; none where that is not for all rows."""
    if isinstance(rule, Index):
        whole = len(rule.columns) == len(rule.parts)
        holds = rule.unique and whole and rule.condition is None
    else:
        holds = rule.kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE}
    return set(rule.columns) if holds else set()
