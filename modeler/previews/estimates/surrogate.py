"""A statement that does the same work where made-up values would break a rule."""

from __future__ import annotations

from collections.abc import Mapping

from modeler.postgres.shadow import quoted
from modeler.previews.sql.actions import AddConstraint, ValidateConstraint
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.reader import read_statements

NAME = "modeler_surrogate"


def surrogate(statement: str, checks: Mapping[str, str]) -> str | None:
    """Return a check of every row that evaluates the same condition, and holds whatever it says.

    The server simplifies ``x OR true``; this it does not.

    Args:
        statement: adds or validates a check, and does nothing else.
        checks: conditions of the checks that are there, by name.

    Returns:
        None where the statement is another one.
    """
    commands = read_statements(statement)
    command = commands[0] if len(commands) == 1 else None
    if not isinstance(command, AlterRelation) or len(command.actions) != 1:
        return None
    match command.actions[0]:
        case AddConstraint(constraint=constraint) if constraint.kind == "check":
            condition: str | None = constraint.expression
        case ValidateConstraint(name=name):
            condition = checks.get(name)
        case _:
            return None
    if not condition:
        return None
    schema = f"{quoted(command.name.schema)}." if command.name.schema else ""
    return (
        f"ALTER TABLE {schema}{quoted(command.name.name)} ADD CONSTRAINT {NAME} "
        f"CHECK (({condition}) IS NOT NULL OR ({condition}) IS NULL)"
    )
