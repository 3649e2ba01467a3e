"""Tables and columns by words in their names, comments and help texts."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A table that the words were found in, and those of its columns that say them."""

    table: Table
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, the best first, and how many there are beyond those."""

    shown: tuple[Hit, ...] = ()
    more: int = 0


def search_tables(schema: Schema, text: str, *, most: int = MOST_HITS) -> Hits:
    """Return the tables in which all words occur; case does not matter.

    A table that is called so comes first, then names that begin with the words, that contain
    them, columns called so, and last what is written in comments, help texts and documentation.

    Args:
        schema: all there is; swapped models are never found.
        text: words with blanks between them; none find nothing.
        most: how many tables are returned.
    """
    words = text.casefold().split()
    if not words:
        return Hits()
    whole = " ".join(words)
    found = []
    for table in schema.tables:
        if table.kind is TableKind.SWAPPED:
            continue
        names = _names(table)
        about = f"{table.comment}\n{table.documentation}".casefold()
        columns = [(column, _column_names(column), _column_about(column))
                   for column in table.columns]  # fmt: skip
        everything = "\n".join([names, about, *(f"{a}\n{b}" for _, a, b in columns)])
        if not all(word in everything for word in words):
            continue
        said = tuple(
            column
            for column, called, told in columns
            if any(word in called or word in told for word in words)
            and all(word in called or word in told or word in names for word in words)
        )
        found.append((_rank(table, names, whole, words, columns), table.key, Hit(table, said)))
    found.sort(key=lambda each: each[:2])
    return Hits(tuple(hit for *_, hit in found[:most]), max(0, len(found) - most))


def _rank(
    table: Table,
    names: str,
    whole: str,
    words: list[str],
    columns: list[tuple[Column, str, str]],
) -> int:
    own = names.split("\n")
    if whole in own:
        return 0
    if any(name.startswith(whole) for name in own):
        return 1
    if all(word in names for word in words):
        return 2
    if any(whole in called.split("\n") for _, called, _ in columns):
        return 3
    if any(all(word in names or word in called for word in words) for _, called, _ in columns):
        return 4
    return 5


def _names(table: Table) -> str:
    """Return the names that a table has, a line each."""
    location = table.location.table if table.location else ""
    names = (table.key, table.name, location, table.label, table.label_plural)
    return "\n".join(names).casefold()


def _column_names(column: Column) -> str:
    return f"{column.name}\n{column.field}\n{column.label}".casefold()


def _column_about(column: Column) -> str:
    return f"{column.comment}\n{column.help_text}".casefold()
