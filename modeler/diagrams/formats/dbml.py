"""A schema in DBML: tables as the database has them, a group an app, notes, indexes, refs.

Source: dbml.dbdiagram.io/docs. Strings and quoted names take ``\\uHHHH`` and the usual escapes,
so every name comes out whole. A table of another database than the first is written with that
database's alias as its schema, since DBML knows one database.
"""

from __future__ import annotations

from collections.abc import Iterator

from modeler.diagrams.formats.dbml_indexes import checks_of, indexes_of, unsaid_rules
from modeler.diagrams.formats.dbml_refs import joined_columns, references
from modeler.diagrams.formats.dbml_words import (
    default_text,
    name,
    place,
    settings_text,
    string,
    type_text,
)
from modeler.diagrams.formats.plain_text import one_line, paragraph
from modeler.diagrams.formats.stored_tables import stored_tables
from modeler.diagrams.graph import ColumnMode, JoinMode
from modeler.schema.column import Column
from modeler.schema.constraint import ConstraintKind
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table, TableKind


def to_dbml(
    schema: Schema,
    *,
    columns: ColumnMode = ColumnMode.ALL,
    joins: JoinMode = JoinMode.BOX,
) -> str:
    """Return a DBML document.

    Proxies share their concrete model's table and are named in its note. A relation to a
    table that is not here is a comment.

    Args:
        schema: what is written.
        columns: all, or the keys; with names alone the keys are written too, because DBML
            joins columns.
        joins: automatic join tables as tables, or as one many-to-many ref.
    """
    tables = {
        where: table
        for where, table in stored_tables(schema).items()
        if not (joins is JoinMode.EDGE and table.kind is TableKind.JOIN)
    }
    first = _first(tables)
    refs = references(tables, first, joins)
    joined = joined_columns(refs)
    lines = [f"Project {name(first or 'database')} {{", "  database_type: 'PostgreSQL'", "}"]
    for enum in schema.enums:
        lines += ["", f"Enum {place(enum.location, first)} {{"]
        lines += [*(f"  {name(value)}" for value in enum.values), "}"]
    for where, table in tables.items():
        wanted = None if columns is ColumnMode.ALL else joined.get(where, set())
        lines += ["", *_table(table, where, first, schema, wanted)]
    lines += ["", *(ref.line for ref in refs)] if refs else []
    for app in sorted({table.app for table in tables.values() if table.app}):
        title = next((found.title for found in schema.apps if found.label == app), app)
        members = (place(where, first) for where, table in tables.items() if table.app == app)
        lines += ["", f"TableGroup {name(app)} [note: {string(title)}] {{"]
        lines += [*(f"  {member}" for member in members), "}"]
    return "\n".join(lines) + "\n"


def _first(tables: dict[Location, Table]) -> str:
    aliases = sorted({where.alias for where in tables})
    return "default" if "default" in aliases or not aliases else aliases[0]


def _table(
    table: Table, where: Location, first: str, schema: Schema, wanted: set[str] | None
) -> Iterator[str]:
    keys = _keys(table)
    shown = [c for c in table.columns if wanted is None or c.name in wanted or c.name in keys]
    yield f"Table {place(where, first)} {{"
    enums = {enum.location.table: enum.location for enum in schema.enums}
    for column in shown:
        enum = enums.get(column.database_type)
        kind = place(enum, first) if enum else type_text(column.database_type)
        yield f"  {name(column.name)} {kind}{settings_text(_settings(column, table))}"
    names = {column.name for column in shown}
    indexes = list(indexes_of(table, names))
    if indexes:
        yield from ("  indexes {", *(f"    {line}" for line in indexes), "  }")
    checks = list(checks_of(table)) if wanted is None else []
    if checks:
        yield from ("  checks {", *(f"    {line}" for line in checks), "  }")
    note = _note(table, where, schema, len(table.columns) - len(shown))
    if note:
        yield f"  Note: {string(note)}"
    yield "}"


def _keys(table: Table) -> set[str]:
    unique = (c for c in table.constraints if c.kind is ConstraintKind.UNIQUE)
    return {*table.primary_key, *(column for rule in unique for column in rule.columns)}


def _settings(column: Column, table: Table) -> Iterator[str]:
    primary = table.primary_key == (column.name,)
    if primary:
        yield "pk"
    if column.identity:
        yield "increment"
    if not column.null and not primary:
        yield "not null"
    if not primary and any(
        rule.kind is ConstraintKind.UNIQUE
        and rule.columns == (column.name,)
        and not rule.index_only
        and not rule.parts
        for rule in table.constraints
    ):
        yield "unique"
    if column.database_default is not None:
        text = default_text(column.database_default)
        if text:
            yield f"default: {text}"
    note = _column_note(column)
    if note:
        yield f"note: {string(note)}"


def _column_note(column: Column) -> str:
    words = [*paragraph(column.comment or column.help_text)]
    if column.generated is not None:
        words.append(f"Generated: {sql_text(column.generated.expression)}")
    if column.collation:
        words.append(f"Collation: {one_line(column.collation)}")
    if column.choices:
        listed = (f"{choice.value} ({choice.label})" for choice in column.choices)
        words.append(f"One of: {', '.join(map(one_line, listed))}")
    return "\n".join(words)


def _note(table: Table, where: Location, schema: Schema, hidden: int) -> str:
    words = [*paragraph(table.comment or table.documentation)]
    if table.app:
        words.append(f"Model: {table.key}")
    others = [each.key for each in schema.at(where) if each.key != table.key]
    if others:
        words.append(f"Models on the same table: {', '.join(others)}")
    if table.kind in {TableKind.VIEW, TableKind.UNMANAGED, TableKind.HISTORY}:
        words.append(f"Kind: {table.kind}")
    words += unsaid_rules(table)
    words += [
        f"Trigger {one_line(each.name)}: {each.timing} {' or '.join(each.events)} "
        f"calls {one_line(each.function)}"
        for each in table.triggers
    ]
    if hidden:
        words.append(f"Columns not shown: {hidden}")
    return "\n".join(words)
