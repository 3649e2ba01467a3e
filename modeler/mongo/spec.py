"""The specification of a collection: fields, validator and indexes of one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from modeler.mongo.checks.check import CheckSpec, LostCheck, compile_checks
from modeler.mongo.field import FieldSpec
from modeler.mongo.indexes import IndexSpec, index_plan
from modeler.mongo.names import collection_names
from modeler.mongo.types import field_spec
from modeler.reporting.finding import Finding, Level, in_order
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

# A swapped model has no table, and a proxy's rows are its concrete model's.
WITHOUT_ROWS = frozenset({TableKind.SWAPPED, TableKind.PROXY})
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


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """A collection.

    Attributes:
        name: of the collection: the table's, with its schema or its database before it where
            another table of that name is specified too.
        table: key of the table.
        key: fields of ``_id``: one, several for a composite key (a document in that order), or
            none where the table has no primary key and the server makes an ObjectId.
        fields: in the order of the columns.
        indexes: beside the one on ``_id``.
        checks: constraints of the table that the validator carries.
        findings: what is not carried, or differs.
    """

    name: str
    table: str
    key: tuple[FieldSpec, ...]
    fields: tuple[FieldSpec, ...]
    indexes: tuple[IndexSpec, ...]
    findings: tuple[Finding, ...] = ()
    checks: tuple[CheckSpec, ...] = ()


def collection_specs(schema: Schema, tables: Iterable[Table] | None = None) -> tuple[
    CollectionSpec, ...
]:  # fmt: skip
    """Return a specification for every place where rows lie, by name.

    Args:
        schema: the whole, so that foreign keys find what they refer to.
        tables: those asked for; all of the schema if not given.
    """
    chosen: dict[Location, Table] = {}
    for table in schema.tables if tables is None else tables:
        if table.location is not None and table.kind not in WITHOUT_ROWS:
            # Of several models on one table, the first by key stands for it.
            chosen.setdefault(table.location, table)
    # Asked for alone, a table is called what it is called among all.
    others = (table.location for table in schema.tables if table.kind not in WITHOUT_ROWS)
    names = collection_names([*chosen, *(place for place in others if place is not None)])
    specs = (_spec(schema, table, names[place]) for place, table in chosen.items())
    return tuple(sorted(specs, key=lambda spec: spec.name))


def _spec(schema: Schema, table: Table, name: str) -> CollectionSpec:
    findings: list[Finding] = []
    fields: list[FieldSpec] = []
    for column in table.columns:
        field = field_spec(_referred(schema, table, column), name=_name(table, column))
        fields.append(replace(field, column=column.name, null=column.null))
        findings += _column_findings(table, column, fields[-1])
    by_column = {field.column: field for field in fields}
    plan = index_plan(table, by_column)
    findings += [
        Finding(
            "MS201", Level.WARNING, f"{table.key}.{lost.source}",
            f"{lost.source} is not carried: {lost.reason}.",
            "Keep the rule in PostgreSQL, or check it where documents are written.",
            docs="collections",
        )
        for lost in plan.uncarried
    ]  # fmt: skip
    checks, lost_checks = compile_checks(table.constraints, by_column, table.columns)
    findings += _table_findings(table)
    findings += _check_findings(table, checks, lost_checks)
    key = tuple(by_column[name] for name in table.primary_key if name in by_column)
    return CollectionSpec(
        name=name,
        table=table.key,
        key=key,
        fields=tuple(field for field in fields if field not in key),
        indexes=plan.indexes,
        findings=in_order(findings),
        checks=checks,
    )


def _name(table: Table, column: Column) -> str:
    """The field's path: ``_id`` for the key, below it for a composite one."""
    safe = column.name.replace(".", "_").lstrip("$") or "_"
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


def _column_findings(table: Table, column: Column, field: FieldSpec) -> list[Finding]:
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


def _table_findings(table: Table) -> list[Finding]:
    found = []
    if not table.primary_key:
        found.append(
            Finding(
                "MS103", Level.WARNING, table.key,
                f"{table.key} has no primary key, so its documents get a random _id.",
                "Add a primary key: without one, no document can be found again for its row.",
                docs="collections",
            )
        )  # fmt: skip
    return found


def _check_findings(
    table: Table, checks: Iterable[CheckSpec], lost: Iterable[LostCheck]
) -> list[Finding]:
    found = [
        Finding(
            "MS202", Level.WARNING, f"{table.key}.{one.name}",
            f"The check {one.name} is not carried: {one.reason}.",
            "Keep it in PostgreSQL, which stays the place of writing.",
            docs="collections",
        )
        for one in lost
    ]  # fmt: skip
    found += [
        Finding(
            "MS203", Level.INFO, f"{table.key}.{one.name}",
            f"The check {one.name} is carried, and may differ: {one.note}.",
            "Count in the preflight what it would refuse before it is enforced.",
            docs="collections",
        )
        for one in checks
        if one.note
    ]  # fmt: skip
    return found
