"""The query that reads one table's rows for documents, and the function that makes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from modeler.mongo.documents.codec import Codec, codec
from modeler.mongo.documents.sql import (
    array_literal,
    as_text,
    asked,
    is_loose,
    matching,
    quoted,
    rows_of,
)
from modeler.mongo.field import FieldSpec
from modeler.schema.column import Column
from modeler.schema.table import Table

# A key within: a text for one column, which is faster than a tuple of it; a tuple for several.
Link = Any
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Reads rows by a key.

    Attributes:
        sql: with one parameter a key column: a list of texts.
        width: how many columns the key has; they come first, as texts.
        links: which further columns come after them, as texts.
        make: builds a document of the columns after those, given the whole row.
    """

    sql: str
    width: int
    links: tuple[str, ...]
    make: Callable[[Sequence[Any]], Document]

    def read(self, cursor: Any, links: Collection[Link]) -> list[Sequence[Any]]:
        """Return the rows of these keys, matched as texts of the key's types."""
        if not links:
            return []
        columns = [links] if self.width == 1 else zip(*links, strict=True)
        cursor.execute(self.sql, [array_literal(column) for column in columns])
        found: list[Sequence[Any]] = cursor.fetchall()
        return found

    def key(self) -> Callable[[Sequence[Any]], Link]:
        """Return a function from a row to the key that it was found by."""
        return itemgetter(*range(self.width))

    def leading(self, columns: Sequence[str]) -> Callable[[Sequence[Any]], Link]:
        """Return a function from a row to the values of some of its links.

        Raises:
            ValueError: a column is none of ``links``.
        """
        return itemgetter(*(self.width + self.links.index(column) for column in columns))


def row_query(
    table: Table,
    key: Sequence[tuple[str, str]],
    fields: Iterable[FieldSpec],
    links: Iterable[str] = (),
    order: Sequence[str] = (),
    first: int | None = None,
    within: bool = False,
) -> RowQuery:
    """Return the query of a table.

    Args:
        table: that is read.
        key: ``(column, type)``: rows are found by these columns; the type is that of the other
            side of a foreign key, in whose spelling both sides compare.
        fields: of the document, with the columns they come from.
        links: columns by which further tables are joined.
        order: columns to sort by within a key, ``-`` before a descending one; the primary key
            comes last in any case.
        first: how many rows a key has at most.
        within: rows belong to documents above, whose spelling of the key is returned.
    """
    fields, links = tuple(fields), tuple(dict.fromkeys(links))
    types = {column.name: column.database_type for column in table.columns}
    codecs = [codec(field, _column(table, field)) for field in fields]
    loose = within and any(is_loose(kind, table.column(name).collation) for name, kind in key)
    shown = [
        f"{f'asked.k{number}' if loose else as_text(name, kind)} AS k{number}"
        for number, (name, kind) in enumerate(key)
    ]
    shown += [f"{as_text(name, types[name])} AS l{number}" for number, name in enumerate(links)]
    shown += [
        f"{way.sql.format(c=_value(field))} AS f{number}"
        for number, (field, way) in enumerate(zip(fields, codecs, strict=True))
    ]
    sorting = [_sorted(name) for name in order]
    sorting += [_sorted(name) for name in table.primary_key if name not in order]
    place = rows_of(table)
    columns = [name for name, _ in key], [kind for _, kind in key]
    # Where equal keys may be spelt in two ways, the spelling above counts.
    found = asked(*columns) if loose else f"WHERE {matching(*columns)}"
    if first is None:
        sql = f"SELECT {', '.join(shown)} FROM {place} t {found}"
        if sorting:
            sql += f" ORDER BY {', '.join(sorting)}"
    else:
        parts = ", ".join(
            f"asked.k{number}" if loose else f"t.{quoted(name)}"
            for number, (name, _) in enumerate(key)
        )
        over = f"PARTITION BY {parts}" + (f" ORDER BY {', '.join(sorting)}" if sorting else "")
        names = [column.rpartition(" AS ")[2] for column in shown]
        sql = (
            f"SELECT {', '.join(names)} FROM (SELECT {', '.join(shown)}, "
            f"row_number() OVER ({over}) AS place FROM {place} t {found}) numbered "
            f"WHERE place <= {first} ORDER BY place"
        )
    start = len(key) + len(links)
    make = _maker([field.name for field in fields], codecs, start)
    return RowQuery(sql, len(key), links, make)


def _column(table: Table, field: FieldSpec) -> Column:
    if field.formula is not None:
        return Column("", field.formula.type)
    return table.column(field.column)


def _value(field: FieldSpec) -> str:
    """A formula names columns alone, of the only table of the query."""
    if field.formula is not None:
        return f"({field.formula.sql.replace('%', '%%')})"
    return f"t.{quoted(field.column)}"


def _sorted(name: str) -> str:
    plain = name.removeprefix("-")
    return f"t.{quoted(plain)}" + (" DESC NULLS LAST" if name.startswith("-") else "")


def _maker(
    names: Sequence[str], codecs: Sequence[Codec], start: int
) -> Callable[[Sequence[Any]], Document]:
    """Compile a function from a row to a document.

    One expression that builds the dictionary is three times as fast as a loop over its fields,
    and this is the innermost loop of every export.
    """
    used: dict[str, Any] = {}
    entries = []
    for number, (name, way) in enumerate(zip(names, codecs, strict=True), start):
        value = f"r[{number}]"
        if way.encode is not None:
            used[f"e{number}"] = way.encode
            value = f"None if r[{number}] is None else e{number}(r[{number}])"
        entries.append(f"{name!r}: {value}")
    make: Callable[[Sequence[Any]], Document] = eval(f"lambda r: {{{', '.join(entries)}}}", used)
    return make


def is_null(link: Link) -> bool:
    """Tell whether a column of a link is NULL, so that it leads nowhere."""
    return link is None or (type(link) is tuple and None in link)
