"""How many bytes a row takes as a document, estimated: nobody has built one yet.

Source: BSON specification 1.1 (an element is a type byte, its name with a NUL, and the value;
text has a length and a NUL beside it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from modeler.mongo.design.measures import TableMeasures
from modeler.schema.column import Column
from modeler.schema.table import Table

TUPLE_HEADER = 24
ELEMENT = 2  # the type, and the NUL that ends the name
TEXT = 4  # the length and the NUL, less the length that PostgreSQL counts
DOCUMENT = 5
UNMEASURED_P99, UNMEASURED_MAX = 2.0, 4.0
WIDTHS = {
    "smallint": 4, "integer": 4, "bigint": 8, "boolean": 1, "real": 8, "double precision": 8,
    "uuid": 21, "date": 8, "interval": 8, "jsonb": 200, "json": 200, "text": 100, "bytea": 200,
    "tsvector": 0, "inet": 20,
}  # fmt: skip
LENGTH = re.compile(r"character(?: varying)?\((\d+)\)")


@dataclass(frozen=True, slots=True)
class RowBytes:
    """Bytes of a document: on average, at the 99th percentile, and the largest."""

    mean: float
    p99: float
    maximum: float

    def with_children(
        self, mean: float, p99: float, maximum: float, child: RowBytes, name: str
    ) -> RowBytes:
        """Return the document with children in it.

        Args:
            mean, p99, maximum: how many a parent has.
            child: bytes of one.
            name: of their field.
        """
        field = ELEMENT + len(name) + DOCUMENT
        # Elements of an array are named by their position.
        each = ELEMENT + 2
        return RowBytes(
            self.mean + field + mean * (child.mean + each),
            self.p99 + field + p99 * (child.mean + each),
            self.maximum + field + maximum * (child.p99 + each),
        )


def row_bytes(table: Table, measures: TableMeasures | None = None) -> RowBytes:
    """Return the bytes of a table's row as a document of its own.

    Measured rows keep their bytes and get the names of their fields; without a measure, each
    column has the width that its type has or usually has.
    """
    names = DOCUMENT + sum(ELEMENT + len(column.name) for column in table.columns)
    if measures is None or measures.row_mean is None:
        mean = names + sum(_width(column) for column in table.columns)
        return RowBytes(mean, mean * UNMEASURED_P99, mean * UNMEASURED_MAX)
    more = names - TUPLE_HEADER + TEXT * sum(_is_text(column) for column in table.columns)
    p99 = measures.row_p99 or measures.row_mean
    return RowBytes(
        measures.row_mean + more, p99 + more, (measures.row_max or p99) + more
    )  # fmt: skip


def key_bytes(table: Table, column: str) -> RowBytes:
    """Return the bytes of one value of an array of ids."""
    width = next((_width(one) for one in table.columns if one.name == column), 8.0)
    return RowBytes(width, width, width)


def _is_text(column: Column) -> bool:
    return column.database_type.startswith(("character", "text"))


def _width(column: Column) -> float:
    kind = column.database_type
    if match := LENGTH.match(kind):
        return 5 + min(int(match[1]), 64) / 2
    if kind.startswith("numeric"):
        return 16
    if kind.startswith("time"):
        return 8
    return WIDTHS.get(kind, 16)
