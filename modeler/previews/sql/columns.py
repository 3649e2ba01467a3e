"""Columns as declared.

Source: PostgreSQL manual, CREATE TABLE and ALTER TABLE (ADD COLUMN), 14 to 18.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modeler.previews.sql.constraints import attributes, column_constraint
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Column, Constraint
from modeler.previews.sql.type_names import read_type

# Words that begin the next part of a column after a default. NOT, NULL and kin cannot stand
# bare in a default: its grammar is b_expr, without IS, IN, LIKE, AND, OR and NOT.
NEXT_PART = (
    "not", "null", "constraint", "check", "unique", "primary", "references", "generated",
    "collate", "default", "deferrable", "initially", "storage", "compression", "enforced", "no",
    "options",
)  # fmt: skip
TYPELESS = ("not", "null", "constraint", "check", "unique", "primary", "references", "default",
            "generated", "collate", "with")  # fmt: skip


def column_definition(cursor: Cursor, *, typed: bool = True) -> Column:
    """Read ``name type part …``.

    Args:
        cursor: at the column's name.
        typed: False: of a table OF a type or a partition, where no type is written.
    """
    name = cursor.identifier()
    kind = ""
    if typed or not (cursor.is_name(*TYPELESS) or cursor.is_mark(",") or cursor.is_mark(")")):
        kind = read_type(cursor)
    cursor.take("with", "options")
    facts: dict[str, Any] = {}
    constraints: list[Constraint] = []
    while _part(cursor, name, facts, constraints):
        pass
    return Column(name, kind, constraints=tuple(constraints), **facts)


def identity_options(cursor: Cursor) -> None:
    """Step over the options of an identity's sequence."""
    if cursor.is_mark("("):
        cursor.bracketed()


def qualified_text(cursor: Cursor) -> str:
    """Read a name that may have a schema, such as a collation's, and return it as one text."""
    name = cursor.name()
    return f"{name.schema}.{name.name}" if name.schema else name.name


def _part(cursor: Cursor, name: str, facts: dict[str, Any], constraints: list[Constraint]) -> bool:
    """Read one part of a column; False where there is none."""
    if constraint := column_constraint(cursor, name):
        constraints.append(constraint)
    elif constraints and cursor.is_name("deferrable", "initially", "not", "enforced"):
        # Attributes may stand apart from the constraint that they belong to.
        start = cursor.position
        constraints[-1] = attributes(cursor, constraints[-1])
        return cursor.position > start
    elif cursor.take("null"):
        pass
    elif cursor.take("default"):
        facts["default"] = cursor.expression(*NEXT_PART)
    elif cursor.take("collate"):
        facts["collation"] = qualified_text(cursor)
    elif cursor.take_one_of("storage", "compression"):
        if not cursor.take("default"):
            cursor.label()
    elif cursor.take("options"):
        cursor.bracketed()
    elif cursor.take("generated", "always", "as", "identity"):
        facts["identity"] = "always"
        identity_options(cursor)
    elif cursor.take("generated", "by", "default", "as", "identity"):
        facts["identity"] = "by default"
        identity_options(cursor)
    elif cursor.take("generated", "always", "as"):
        facts["generated"] = cursor.bracketed()
        # PostgreSQL 18 makes a column virtual where nothing is said; before, STORED is a must.
        facts["stored"] = cursor.take("stored")
        cursor.take("virtual")
    else:
        return False
    return True


def domain_constraints(cursor: Cursor) -> tuple[Constraint, ...]:
    """Read the parts of a domain behind its type up to the end; its constraints are returned."""
    constraints: list[Constraint] = []
    facts: dict[str, Any] = {}
    while _part(cursor, "", facts, constraints):
        pass
    # A domain's value has no name.
    return tuple(replace(constraint, columns=()) for constraint in constraints)
