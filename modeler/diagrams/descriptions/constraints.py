"""A constraint as one line in PostgreSQL's words.

Source: PostgreSQL manual, CREATE TABLE (table_constraint) and CREATE INDEX.
"""

from __future__ import annotations

from modeler.diagrams.descriptions.parts import (
    condition_text,
    deferrable_text,
    include_text,
    joined,
    names_text,
    parts_text,
)
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.sql_text import quoted_table, sql_text

ACTIONS = {
    "cascade": "CASCADE", "set null": "SET NULL", "set default": "SET DEFAULT",
    "restrict": "RESTRICT",
}  # fmt: skip


def constraint_text(constraint: Constraint) -> str:
    """Return ``UNIQUE (slug) WHERE active``, ``CHECK (price > 0)``, ``FOREIGN KEY (a) …``.

    A partial unique constraint is written so as well, though the server keeps it as an index.
    """
    return joined(
        _rule(constraint),
        deferrable_text(constraint),
        "" if constraint.valid else "NOT VALID",
        "" if constraint.enforced else "NOT ENFORCED",
    )


def _rule(constraint: Constraint) -> str:
    key = parts_text(constraint.parts) or names_text(constraint.columns)
    match constraint.kind:
        case ConstraintKind.PRIMARY_KEY:
            return joined(f"PRIMARY KEY ({key})", include_text(constraint.include))
        case ConstraintKind.UNIQUE:
            return joined(
                "UNIQUE",
                "" if constraint.nulls_distinct else "NULLS NOT DISTINCT",
                f"({key})",
                include_text(constraint.include),
                condition_text(constraint.condition),
            )
        case ConstraintKind.CHECK:
            expression = constraint.expression
            return f"CHECK ({'' if expression is None else sql_text(expression)})"
        case ConstraintKind.EXCLUSION:
            condition = constraint.condition
            return joined(
                "EXCLUDE",
                f"USING {constraint.method}" if constraint.method else "",
                f"({key})",
                include_text(constraint.include),
                "" if condition is None else f"WHERE ({sql_text(condition)})",
            )
        case ConstraintKind.FOREIGN_KEY:
            return _foreign_key(constraint)
        case ConstraintKind.NOT_NULL:
            return f"NOT NULL {key}"


def _foreign_key(constraint: Constraint) -> str:
    far = "" if constraint.target is None else quoted_table(constraint.target)
    return joined(
        f"FOREIGN KEY ({names_text(constraint.columns)}) REFERENCES",
        far,
        f"({names_text(constraint.target_columns)})" if constraint.target_columns else "",
        f"ON DELETE {_action(constraint.on_delete)}" if constraint.on_delete else "",
        f"ON UPDATE {_action(constraint.on_update)}" if constraint.on_update else "",
    )


def _action(action: str) -> str:
    return ACTIONS.get(action, action.upper())
