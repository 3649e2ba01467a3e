"""Columns of CREATE TABLE."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.diagrams.formats.sql_words import expression_sql, identifier, unwritable
from modeler.schema.column import Column
from modeler.schema.expression import Expression, Function, walk

SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A line of CREATE TABLE and what it cannot say; ``text`` is ``""`` where nothing can.

    Attributes:
        text: the line without comma.
        remarks: one sentence each.
    """

    text: str
    remarks: tuple[str, ...] = ()


def column_definition(column: Column, not_null_name: str = "") -> Definition:
    """Return a column's line.

    Args:
        column: the column.
        not_null_name: of its NOT NULL constraint, where it has one (PostgreSQL 18).
    """
    name = column.name
    if not column.database_type:
        return Definition("", (f"Column {name} is not written: its type is not known.",))
    remarks = []
    words = [identifier(name), column.database_type]
    if column.identity == "serial":
        words[1] = SERIALS.get(column.database_type, column.database_type)
        if column.database_type not in SERIALS:
            remarks.append(f"Column {name} has no sequence here: serial has no such type.")
    if column.collation:
        words.append(f"COLLATE {identifier(column.collation)}")
    if column.generated is not None:
        reason = unwritable(column.generated.expression)
        if reason:
            remarks.append(f"Column {name} is generated, which is not written: {reason}.")
        else:
            kept = "STORED" if column.generated.stored else "VIRTUAL"
            text = expression_sql(column.generated.expression)
            words.append(f"GENERATED ALWAYS AS ({text}) {kept}")
    elif column.identity in {"always", "by default"}:
        words.append(f"GENERATED {column.identity.upper()} AS IDENTITY")
    elif column.database_default is not None and column.identity != "serial":
        reason = unwritable(column.database_default) or _sequence(column.database_default)
        if reason:
            remarks.append(f"Column {name} has a default, which is not written: {reason}.")
        else:
            words.append(f"DEFAULT {_default(column.database_default)}")
    if not column.null:
        named = f"CONSTRAINT {identifier(not_null_name)} " if not_null_name else ""
        words.append(f"{named}NOT NULL")
    return Definition(" ".join(words), tuple(remarks))


def _default(expression: Expression) -> str:
    # The grammar takes an expression without AND, NOT and comparisons only (b_expr) bare.
    text = expression_sql(expression)
    return text if text.replace("_", "").isalnum() or text.endswith(")") else f"({text})"


def _sequence(expression: Expression) -> str:
    for part in walk(expression):
        if isinstance(part, Function) and part.name.endswith("nextval"):
            return "its sequence is not part of the schema"
    return ""
