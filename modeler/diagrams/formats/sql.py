"""A schema as a PostgreSQL script that makes an empty database of it.

Types and tables come first, then indexes, partitions, foreign keys (so that tables may refer to
each other in circles) and comments. Names that the schema leaves to the server are left to it
here too. What a schema does not hold – bodies of functions, queries of views, sequences that no
column owns – or what only Python knows is a comment that says so, never silently dropped.

Source: PostgreSQL manual, part VI "SQL Commands".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modeler.diagrams.formats.sql_columns import Definition, column_definition
from modeler.diagrams.formats.sql_constraints import (
    constraint_definition,
    foreign_key_definition,
    index_definition,
    index_of,
)
from modeler.diagrams.formats.sql_words import (
    constant,
    expression_sql,
    identifier,
    place,
    remark,
    unwritable,
)
from modeler.diagrams.formats.stored_tables import stored_tables
from modeler.errors import UnknownName
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Partitioning, Table, TableKind, Trigger

IN_TABLE = frozenset(ConstraintKind) - {ConstraintKind.FOREIGN_KEY, ConstraintKind.NOT_NULL}


def to_sql(schema: Schema, *, alias: str | None = None) -> str:
    """Return the script; the same for equal schemas.

    Args:
        schema: read from models, migrations or a database.
        alias: which of its databases; without it ``default``, or the first where no table
            lies in that one. Tables of the others are named in a comment.

    Raises:
        UnknownName: no table lies in a database of that alias.
    """
    tables = stored_tables(schema)
    aliases = sorted({location.alias for location in tables})
    if alias is None:
        alias = "default" if "default" in aliases or not aliases else aliases[0]
    elif alias not in aliases:
        raise UnknownName("database with tables", alias, aliases)
    here = {where: table for where, table in tables.items() if where.alias == alias}
    elsewhere = sorted(str(where) for where in tables if where.alias != alias)
    lines = [remark(f"Tables of the database {alias!r}, for PostgreSQL 14 or newer.")]
    if elsewhere:
        lines.append(remark(f"Not here, in other databases: {', '.join(elsewhere)}."))
    lines += [remark(f"Not read: {subject}: {reason}.") for subject, reason in schema.missing]
    for section in (
        _schemas(here, schema, alias),
        _types(schema, alias),
        *(_table(location, table) for location, table in here.items()),
        _indexes(here),
        _partitions(here),
        _foreign_keys(here),
        _triggers(here),
        _comments(here),
    ):
        written = list(section)
        lines += ["", *written] if written else []
    return "\n".join(lines) + "\n"


def _is_view(table: Table) -> bool:
    return table.kind is TableKind.VIEW


def _schemas(here: Mapping[Location, Table], schema: Schema, alias: str) -> Iterator[str]:
    enums = (enum.location for enum in schema.enums if enum.location.alias == alias)
    for name in sorted({location.schema for location in (*here, *enums)} - {""}):
        yield f"CREATE SCHEMA IF NOT EXISTS {identifier(name)};"


def _types(schema: Schema, alias: str) -> Iterator[str]:
    for enum in schema.enums:
        if enum.location.alias == alias:
            values = ", ".join(constant(value) for value in enum.values)
            yield f"CREATE TYPE {place(enum.location)} AS ENUM ({values});"


def _table(location: Location, table: Table) -> Iterator[str]:
    name = place(location)
    if _is_view(table):
        yield remark(f"View {location.table} is not written: its query is not known.")
        return
    if table.kind is TableKind.UNMANAGED:
        yield remark(f"{table.key} is not managed by Django; it may be a view, not a table.")
    definitions, after = _definitions(table)
    by = Definition("")
    if table.partitioning is not None:
        by = _partitioned(table.partitioning)
    for definition in (*definitions, *after, by):
        yield from (remark(sentence) for sentence in definition.remarks)
    inner = ",\n".join(f"    {each.text}" for each in definitions if each.text)
    yield f"CREATE TABLE {name} (\n{inner}\n){by.text};" if inner else f"CREATE TABLE {name} ();"
    for each in after:
        if each.text:
            yield f"ALTER TABLE {name} ADD {each.text} NOT VALID;"


def _definitions(table: Table) -> tuple[list[Definition], list[Definition]]:
    """Return what stands in CREATE TABLE, and checks that old rows may break."""
    names = {
        constraint.columns[0]: constraint.name
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.NOT_NULL and len(constraint.columns) == 1
    }
    inside = [column_definition(c, names.get(c.name, "")) for c in table.columns]
    kept = [c for c in table.constraints if c.kind in IN_TABLE and not c.index_only]
    if table.primary_key and not any(c.kind is ConstraintKind.PRIMARY_KEY for c in kept):
        kept.insert(0, Constraint("", ConstraintKind.PRIMARY_KEY, table.primary_key))
    after: list[Definition] = []
    for constraint in kept:
        late = constraint.kind is ConstraintKind.CHECK and not constraint.valid
        late &= constraint.enforced
        (after if late else inside).append(constraint_definition(constraint))
    return inside, after


def _partitioned(partitioning: Partitioning) -> Definition:
    reason = next((r for key in partitioning.key if (r := unwritable(key))), "")
    if reason or not partitioning.key:
        return Definition("", (f"How it is partitioned is not written: {reason or 'unknown'}.",))
    key = ", ".join(f"({expression_sql(part)})" for part in partitioning.key)
    return Definition(f" PARTITION BY {partitioning.strategy.upper()} ({key})")


def _indexes(here: Mapping[Location, Table]) -> Iterator[str]:
    for location, table in here.items():
        if _is_view(table):
            continue
        indexes = [index for index in table.indexes if index.source != "constraint"]
        indexes += [
            index_of(constraint) for constraint in table.constraints if constraint.index_only
        ]
        for definition in (index_definition(index, location) for index in indexes):
            yield from (remark(sentence) for sentence in definition.remarks)
            if definition.text:
                yield f"{definition.text};"


def _partitions(here: Mapping[Location, Table]) -> Iterator[str]:
    for location, table in here.items():
        if table.partition is None:
            continue
        parent, bound = table.partition.parent, table.partition.bound
        if parent not in here or not bound:
            yield remark(f"{location.table} is a partition of {parent}, which is not here.")
        else:
            yield f"ALTER TABLE {place(parent)} ATTACH PARTITION {place(location)} {bound};"


def _foreign_keys(here: Mapping[Location, Table]) -> Iterator[str]:
    for location, table in here.items():
        parent = here.get(table.partition.parent) if table.partition else None
        inherited = {c.columns for c in _keys(parent)} if parent else set()
        for constraint in _keys(table):
            if constraint.columns in inherited:
                continue  # a partition has those of its parent
            if constraint.target is None or constraint.target not in here:
                yield remark(
                    f"Foreign key {constraint.name} of {location.table} "
                    f"({', '.join(constraint.columns)}) is not written: "
                    f"{constraint.target or 'its target'} is not here."
                )
            else:
                yield f"ALTER TABLE {place(location)} ADD {foreign_key_definition(constraint)};"


def _keys(table: Table) -> list[Constraint]:
    return [c for c in table.constraints if c.kind is ConstraintKind.FOREIGN_KEY]


def _triggers(here: Mapping[Location, Table]) -> Iterator[str]:
    for location, table in here.items():
        for trigger in table.triggers:
            yield remark(
                f"Trigger {trigger.name} of {location.table} is not written: "
                f"{_sentence(trigger)}; the function's body is not part of the schema."
            )


def _sentence(trigger: Trigger) -> str:
    return (
        f"{trigger.timing} {' or '.join(trigger.events)} it calls {trigger.function} "
        f"for each {trigger.level}"
    )


def _comments(here: Mapping[Location, Table]) -> Iterator[str]:
    for location, table in here.items():
        name = place(location)
        if _is_view(table):
            continue
        if table.comment:
            yield f"COMMENT ON TABLE {name} IS {constant(table.comment)};"
        for column in table.columns:
            if column.comment and column.database_type:
                where = f"{name}.{identifier(column.name)}"
                yield f"COMMENT ON COLUMN {where} IS {constant(column.comment)};"
        for index in table.indexes:
            if index.comment and index.name and index.source != "constraint":
                where = place(Location(location.alias, location.schema, index.name))
                yield f"COMMENT ON INDEX {where} IS {constant(index.comment)};"
        for constraint in table.constraints:
            if constraint.comment and constraint.name and not constraint.index_only:
                where = f"{identifier(constraint.name)} ON {name}"
                yield f"COMMENT ON CONSTRAINT {where} IS {constant(constraint.comment)};"
