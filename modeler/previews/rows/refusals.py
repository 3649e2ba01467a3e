"""What triggers refuse, as far as it can be read: a hint, never a rule.

A trigger refuses rows in two usual ways: its WHEN holds and the function raises (as
django-pgtrigger writes them), or its function says ``IF … THEN RAISE EXCEPTION``. The negation of
such a condition is what a row should be like. Where that is wrong, the patient ways find rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from modeler.previews.rows.facts import Rule
from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Expression,
    Function,
    Operation,
    columns_of,
    is_opaque,
)
from modeler.schema.sql_expressions import read_sql
from modeler.schema.sql_text import sql_text

WHEN = re.compile(r"\bWHEN \((.*)\) EXECUTE (?:FUNCTION|PROCEDURE) ", re.DOTALL)
RAISES = re.compile(r"\braise\s+exception\b", re.IGNORECASE)
IF_RAISES = re.compile(
    r"\bIF\s+((?:(?!\bIF\b|\bTHEN\b|;).)+?)\s+THEN\s+RAISE\s+EXCEPTION\b",
    re.IGNORECASE | re.DOTALL,
)
CONSTANT = re.compile(r"'((?:[^']|'')*)'")
LONGEST, MOST = 60, 40

Trigger = tuple[str, str, str]


def refusals(triggers: Iterable[Trigger], types: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return what rows should pass so that no trigger refuses them.

    Args:
        triggers: name, definition (empty without WHEN) and body of each.
        types: the table's columns and their types.
    """
    both = {f"new.{name}": kind for name, kind in types.items()}
    found = []
    for name, definition, body in triggers:
        conditions = []
        when = WHEN.search(definition)
        if when and RAISES.search(body) and not _reads_new(body):
            conditions.append(when[1])
        conditions += IF_RAISES.findall(body)
        for condition in conditions:
            tree = read_sql(condition, types=both)
            named = columns_of(tree)
            if is_opaque(tree) or not named or any(column not in both for column in named):
                continue
            negated = Operation("not", (_of_table(tree),))
            found.append(Rule(name, sql_text(negated), negated, columns_of(negated)))
    return tuple(found)


def constants(triggers: Iterable[Trigger]) -> tuple[str, ...]:
    """Return the text constants that triggers name."""
    found = (
        match.replace("''", "'")
        for _, definition, body in triggers
        for match in CONSTANT.findall(definition) + CONSTANT.findall(body)
    )
    return tuple(dict.fromkeys(text for text in found if 0 < len(text) <= LONGEST))[:MOST]


def _reads_new(body: str) -> bool:
    """Tell whether a body raises under conditions of its own that the new row alone decides."""
    return any("select" not in condition.lower() for condition in IF_RAISES.findall(body))


def _of_table(tree: Expression) -> Expression:
    """Return an expression over the table's columns for one over ``new``."""
    match tree:
        case ColumnRef(column=name, path=path):
            return ColumnRef(name.removeprefix("new."), path)
        case Operation(operator=operator, operands=operands):
            return Operation(operator, tuple(map(_of_table, operands)))
        case Function(name=name, arguments=arguments):
            return Function(name, tuple(map(_of_table, arguments)))
        case Cast(operand=operand, type=to):
            return Cast(_of_table(operand), to)
        case Case(arms=arms, default=default):
            return Case(
                tuple(type(arm)(_of_table(arm.condition), _of_table(arm.result)) for arm in arms),
                None if default is None else _of_table(default),
            )
    return tree
