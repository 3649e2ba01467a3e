"""All column names of a schema with the tables that have them, by first letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from modeler.schema.schema import Schema

OTHER = "#"  # whatever begins with no letter


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A name and the keys of the tables that have such a column."""

    name: str
    tables: tuple[str, ...]


def column_index(schema: Schema) -> Mapping[str, tuple[ColumnName, ...]]:
    """Return first letter → names, both in order; upper-case letters, OTHER first."""
    tables: defaultdict[str, list[str]] = defaultdict(list)
    for table in schema.tables:
        for column in table.columns:
            tables[column.name].append(table.key)
    letters: defaultdict[str, list[ColumnName]] = defaultdict(list)
    for name in sorted(tables, key=lambda each: (each.casefold(), each)):
        first = name[:1].upper()
        letters[first if first.isalpha() else OTHER].append(ColumnName(name, tuple(tables[name])))
    return {letter: tuple(letters[letter]) for letter in sorted(letters)}
