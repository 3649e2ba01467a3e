"""The fields that a table's columns become, and what a reader should know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modeler.mongo.field import FieldSpec
from modeler.mongo.types import field_spec
from modeler.reporting.finding import Finding, Level
from modeler.schema.column import Column
from modeler.schema.database_rules import is_unmanaged
from modeler.schema.relation import RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table

# Relations whose columns hold values of the columns that they lead to. Of generic ones the far
# side holds keys of many tables, in a type of its own.
REFERRING = frozenset(
    {
        RelationKind.FOREIGN_KEY,
        RelationKind.ONE_TO_ONE,
        RelationKind.PARENT_LINK,
        RelationKind.JOIN,
    }
)


def root_fields(schema: Schema, table: Table, columns: Iterable[Column]) -> tuple[FieldSpec, ...]:
    """Return the fields of a document that stands for one row."""
    return tuple(
        _field(schema, table, column, name_in_document(table, column)) for column in columns
    )


def embedded_fields(
    schema: Schema, table: Table, columns: Iterable[Column]
) -> tuple[FieldSpec, ...]:
    """Return the fields of a document within another; its key has no special name there."""
    return tuple(_field(schema, table, column, safe_name(column.name)) for column in columns)


def _field(schema: Schema, table: Table, column: Column, name: str) -> FieldSpec:
    field = field_spec(_referred(schema, table, column), name=name)
    return replace(field, column=column.name, null=column.null)


def safe_name(name: str) -> str:
    """Return a name without what has a meaning in MongoDB: dots, a leading dollar."""
    return name.replace(".", "_").lstrip("$") or "_"


def name_in_document(table: Table, column: Column) -> str:
    """The field's path: ``_id`` for the key, below it for a composite one."""
    safe = safe_name(column.name)
    if table.primary_key == (column.name,):
        return "_id"
    if column.name in table.primary_key:
        return f"_id.{safe}"
    return "_id_" if safe == "_id" else safe


def _referred(schema: Schema, table: Table, column: Column) -> Column:
    """Follow a foreign key to the column whose type it has, also over several tables."""
    seen: set[tuple[str, str]] = set()
    owner, current = table, column
    while (owner.key, current.name) not in seen:
        seen.add((owner.key, current.name))
        relation = next(
            (
                r
                for r in owner.relations
                if r.kind in REFERRING and r.target_location and current.name in r.columns
            ),
            None,
        )
        if relation is None:
            break
        position = relation.columns.index(current.name)
        targets = [t for t in schema.at(relation.target_location) if t.columns]
        if not targets or position >= len(relation.target_columns):
            break
        try:
            owner, current = targets[0], targets[0].column(relation.target_columns[position])
        except KeyError:
            break
    # Its own choices, nullability and comment stay; type, length and digits are the target's.
    return replace(
        current,
        name=column.name,
        null=column.null,
        choices=column.choices,
        validators=column.validators,
        blank=column.blank,
        generated=column.generated,
    )


def unmanaged_findings(table: Table) -> list[Finding]:
    """Say of a model that migrations do not manage what only its database can know."""
    if table.informed or not is_unmanaged(table):
        return []
    return [
        Finding(
            "MS104", Level.INFO, table.key,
            f"{table.key} is not managed by migrations, and {table.location} could not be read: "
            "checks, unique keys, indexes, enums and domains that only it has are not carried.",
            "Specify it where its database answers and has that table.",
            docs="collections",
        )
    ]  # fmt: skip


def column_findings(table: Table, column: Column, field: FieldSpec) -> list[Finding]:
    subject = f"{table.key}.{column.name}"
    found = []
    if field.stored and not field.types and "not known" in field.note:
        found.append(
            Finding(
                "MS101", Level.WARNING, subject,
                f"The type {column.database_type} of {subject} has no rule; any value passes.",
                "Give the column a type of Django's, or check the field where it is written.",
                docs="collections",
            )
        )  # fmt: skip
    plain = field.name.removeprefix("_id.")
    if field.name != "_id" and plain != column.name:
        found.append(
            Finding(
                "MS102", Level.INFO, subject,
                f"The column {column.name!r} is called {plain!r} in documents.",
                "Use that name in queries: dots, a leading $ and _id have a meaning there.",
                docs="collections",
            )
        )  # fmt: skip
    return found
