"""Example queries of a table, in Django's words and in SQL.

They name only columns and relations that exist; values are made up by type. Relations whose
other end lies in another database, or may not exist there, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.diagrams.examples.related import related_examples
from modeler.diagrams.examples.rows import Rows, rows_of
from modeler.diagrams.examples.snippet import Snippet
from modeler.diagrams.examples.values import is_text, is_time, python_text, value_of
from modeler.diagrams.references import References, references_of
from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.sql_text import quoted_text
from modeler.schema.table import Table, TableKind


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of one table.

    Attributes:
        imports: what the Python ones need, ``""`` where there is no model.
        examples: in order of use.
    """

    imports: str = ""
    examples: tuple[Snippet, ...] = ()


def examples_of(
    schema: Schema,
    key: str,
    *,
    manager: str = "objects",
    references: References | None = None,
) -> Examples:
    """Return example queries; none for a swapped model.

    Args:
        schema: all there is.
        key: of the table.
        manager: name of the model's default manager.
        references: of that schema, where it was made already.

    Raises:
        UnknownName: there is no such table.
    """
    table = schema.table(key)
    references = references or references_of(schema)
    rows = None if table.kind is TableKind.SWAPPED else rows_of(table, references)
    if rows is None:
        return Examples()
    start = f"{table.name}.{manager}" if table.app else ""
    found = [
        *_by_key(rows, start),
        *_newest(table, rows, start),
        *_indexed(rows, start),
        *related_examples(table, rows, start, references),
        *_search(table, rows, start),
    ]
    return Examples(_imports(table, found) if start else "", tuple(found))


def _imports(table: Table, found: list[Snippet]) -> str:
    names = sorted({name for each in found for name in each.needs})
    lines = [f"from django.db.models import {', '.join(names)}"] if names else []
    source = table.source
    if source is not None and source.file:
        lines.append(f"from {source.module} import {table.name}")
    else:
        # Made at run time: no module has it under its name.
        lines = ["from django.apps import apps", *lines, ""]
        app, name = python_text(table.app), python_text(table.name)
        lines.append(f"{table.name} = apps.get_model({app}, {name})")
    return "\n".join(lines)


def _by_key(rows: Rows, start: str) -> Iterator[Snippet]:
    known = {column.name: column for column in rows.holder.columns}
    values = [value_of(known[name]) for name in rows.holder.primary_key if name in known]
    if not values or None in values:
        return
    given = [value for value in values if value is not None]
    python = ", ".join(value.python for value in given)
    where = " AND ".join(
        f"{rows.of(name)} = {value.sql}"
        for name, value in zip(rows.holder.primary_key, given, strict=True)
    )
    yield Snippet(
        _("One row by its key"),
        f"{start}.get(pk={f'({python})' if len(given) > 1 else python})" if start else "",
        f"SELECT *\n{rows.clause}\nWHERE {where};",
    )


def _newest(table: Table, rows: Rows, start: str) -> Iterator[Snippet]:
    """The first ten by the model's own order, else by a date, else by a counted key."""
    fields = {column.field: column for column in rows.columns if column.field}
    name = table.ordering[0] if table.ordering else ""
    column = fields.get(name.removeprefix("-"))
    down = name.startswith("-")
    if column is None:
        column = next(
            (each for each in rows.columns if is_time(each) and not each.null),
            next((each for each in rows.holder.columns if each.identity), None),
        )
        down = True
    if column is None:
        return
    title = (
        _("The newest rows") if down and is_time(column) else
        _("The last rows") if down else
        _("The first rows in the model's order")
    )  # fmt: skip
    orm = f'{start}.order_by("{"-" * down}{column.field}")[:10]' if start and column.field else ""
    yield Snippet(
        title,
        orm,
        f"SELECT *\n{rows.clause}\nORDER BY {rows.of(column.name)}{' DESC' * down}\nLIMIT 10;",
    )


def _indexed(rows: Rows, start: str) -> Iterator[Snippet]:
    """Rows by the first column that an index finds quickly, the keys left aside."""
    keys = {*rows.holder.primary_key}
    keys |= {name for relation in rows.holder.relations for name in relation.columns}
    leading = [
        index.parts[0].column
        for index in rows.holder.indexes
        if index.parts and index.condition is None and index.method in {"btree", "hash", "brin"}
    ]
    leading += [
        rule.columns[0]
        for rule in rows.holder.constraints
        if rule.columns and rule.kind == "unique" and rule.condition is None
    ]
    for column in (each for name in leading for each in rows.holder.columns if each.name == name):
        value = value_of(column)
        if column.name in keys or value is None or column.field_class:
            continue
        since = is_time(column)
        lookup = f"{column.field}{'__gte' * since}"
        yield Snippet(
            _("Rows since a time, by an index") if since else _("Rows with a value, by an index"),
            f"{start}.filter({lookup}={value.python})" if start and column.field else "",
            f"SELECT *\n{rows.clause}\nWHERE {rows.of(column.name)} {'>=' if since else '='} "
            f"{value.sql};",
        )
        return


MOST_SEARCHED = 2


def _search(table: Table, rows: Rows, start: str) -> Iterator[Snippet]:
    """Rows with a word in the fields that admin searches, else in the first texts."""
    wanted = {name.lstrip("^=@") for facts in table.admin for name in facts.search_fields}
    texts = [column for column in rows.columns if _is_prose(column)]
    searched = [column for column in texts if column.field in wanted] or texts
    searched = searched[:MOST_SEARCHED]
    if not searched:
        return
    word = _("word")
    terms = [f"{column.field}__icontains={python_text(word)}" for column in searched]
    several = len(terms) > 1
    inside = " | ".join(f"Q({term})" for term in terms) if several else terms[0]
    where = " OR ".join(
        f"{rows.of(column.name)} ILIKE {quoted_text(f'%{word}%')}" for column in searched
    )
    with_model = bool(start) and all(column.field for column in searched)
    yield Snippet(
        _("Rows with a word in them"),
        f"{start}.filter({inside})" if with_model else "",
        f"SELECT *\n{rows.clause}\nWHERE {where};",
        ("Q",) if several and with_model else (),
    )


def _is_prose(column: Column) -> bool:
    return (
        is_text(column)
        and not (column.sensitive or column.choices or column.field_class)
        and column.field_type not in {"ForeignKey", "OneToOneField"}
        and (column.max_length is None or column.max_length > 10)
    )
