"""Constraints and indexes of a script.

Source: PostgreSQL manual, "CREATE TABLE", "CREATE INDEX", "ALTER TABLE".
"""

from __future__ import annotations

from collections.abc import Sequence

from modeler.diagrams.formats.sql_columns import Definition
from modeler.diagrams.formats.sql_words import (
    expression_sql,
    identifier,
    identifiers,
    place,
    unwritable,
)
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Function
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location

DEFERRABLE = {
    "": "",
    "immediate": " DEFERRABLE INITIALLY IMMEDIATE",
    "deferred": " DEFERRABLE INITIALLY DEFERRED",
}
KEYS = {ConstraintKind.PRIMARY_KEY: "PRIMARY KEY", ConstraintKind.UNIQUE: "UNIQUE"}


def constraint_definition(constraint: Constraint) -> Definition:
    """Return a primary key, unique, check or exclusion constraint, as CREATE TABLE takes it."""
    called = constraint.name or f"of {', '.join(constraint.columns)}"
    what = f"{constraint.kind.capitalize()} constraint {called}".replace("key constraint", "key")
    name = f"CONSTRAINT {identifier(constraint.name)} " if constraint.name else ""
    tail = DEFERRABLE[constraint.deferrable]
    if constraint.kind in KEYS:
        if not constraint.columns:
            return Definition("", (f"{what} is not written: its columns are not known.",))
        distinct = "" if constraint.nulls_distinct else " NULLS NOT DISTINCT"
        columns = identifiers(constraint.columns)
        return Definition(
            f"{name}{KEYS[constraint.kind]}{distinct} ({columns}){_include(constraint.include)}"
            f"{tail}"
        )
    if constraint.kind is ConstraintKind.CHECK:
        reason = _missing(constraint.expression) or unwritable(constraint.expression)
        if reason or constraint.expression is None:
            return Definition("", (f"{what} is not written: {reason}.",))
        enforced = "" if constraint.enforced else " NOT ENFORCED"
        return Definition(f"{name}CHECK ({expression_sql(constraint.expression)}){enforced}")
    reason = unwritable(constraint.condition) or _unknown(constraint.parts)
    if reason:
        return Definition("", (f"{what} is not written: {reason}.",))
    parts = ", ".join(
        f"{_part(part)} WITH {_operator(part.operator)}" for part in constraint.parts
    )
    where = f" WHERE ({expression_sql(constraint.condition)})" if constraint.condition else ""
    return Definition(
        f"{name}EXCLUDE USING {constraint.method or 'gist'} ({parts})"
        f"{_include(constraint.include)}{where}{tail}"
    )


def foreign_key_definition(constraint: Constraint) -> str:
    """Return a foreign key whose target is known, as ALTER TABLE … ADD takes it."""
    assert constraint.target is not None
    name = f"CONSTRAINT {identifier(constraint.name)} " if constraint.name else ""
    far = f" ({identifiers(constraint.target_columns)})" if constraint.target_columns else ""
    delete = f" ON DELETE {constraint.on_delete.upper()}" if constraint.on_delete else ""
    update = f" ON UPDATE {constraint.on_update.upper()}" if constraint.on_update else ""
    state = " NOT ENFORCED" if not constraint.enforced else ""
    if constraint.enforced and not constraint.valid:
        state = " NOT VALID"
    return (
        f"{name}FOREIGN KEY ({identifiers(constraint.columns)}) "
        f"REFERENCES {place(constraint.target)}{far}{delete}{update}"
        f"{DEFERRABLE[constraint.deferrable]}{state}"
    )


def index_definition(index: Index, table: Location) -> Definition:
    """Return CREATE INDEX without semicolon."""
    what = f"Index {index.name or 'without a name'}"
    reason = unwritable(index.condition) or _unknown(index.parts)
    if reason:
        return Definition("", (f"{what} is not written: {reason}.",))
    name = f"{identifier(index.name)} " if index.name else ""
    parts = ", ".join(_part(part) for part in index.parts)
    distinct = "" if index.nulls_distinct else " NULLS NOT DISTINCT"
    options = ", ".join(f"{key} = {value}" for key, value in index.options)
    remarks = () if index.valid else (f"{what} is marked invalid where it was read.",)
    return Definition(
        f"CREATE {'UNIQUE ' if index.unique else ''}INDEX {name}ON {place(table)} "
        f"USING {index.method} ({parts}){_include(index.include)}{distinct}"
        f"{f' WITH ({options})' if options else ''}"
        f"{f' WHERE {expression_sql(index.condition)}' if index.condition else ''}",
        remarks,
    )


def index_of(constraint: Constraint) -> Index:
    """Return the unique index by which PostgreSQL keeps a conditional unique constraint."""
    return Index(
        constraint.name,
        constraint.parts or tuple(IndexPart(column) for column in constraint.columns),
        unique=True,
        nulls_distinct=constraint.nulls_distinct,
        condition=constraint.condition,
        include=constraint.include,
        comment=constraint.comment,
    )


def _part(part: IndexPart) -> str:
    if part.expression is None:
        text = identifier(part.column)
    else:
        text = expression_sql(part.expression)
        # A call stands bare; everything else needs brackets of its own.
        text = text if _is_call(part) else f"({text})"
    if part.collation:
        text += f" COLLATE {identifier(part.collation)}"
    if part.operator_class:
        text += f" {part.operator_class}"
    if part.descending:
        text += " DESC"
    return text + (f" NULLS {part.nulls.upper()}" if part.nulls else "")


def _is_call(part: IndexPart) -> bool:
    expression = part.expression
    return isinstance(expression, Function) and expression.name in {"lower", "upper"}


def _operator(operator: str) -> str:
    return operator or "="


def _include(columns: Sequence[str]) -> str:
    return f" INCLUDE ({identifiers(columns)})" if columns else ""


def _missing(expression: object) -> str:
    return "" if expression is not None else "what it demands is not known"


def _unknown(parts: Sequence[IndexPart]) -> str:
    """Return why key parts cannot be written, or ``""``."""
    if not parts:
        return "its key is not known"
    for part in parts:
        if not part.column and part.expression is None:
            return "a part of its key is not known"
        if reason := unwritable(part.expression):
            return reason
    return ""
