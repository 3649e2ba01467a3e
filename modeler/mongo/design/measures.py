"""What was measured of the rows: a value to store, so that designs are made without a database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from modeler.errors import FormatError
from modeler.schema.encoding import decode, encode

FORMAT = "modeler.measures"
VERSION = 1


@dataclass(frozen=True, slots=True)
class TableMeasures:
    """Of one table.

    Attributes:
        table: its key.
        rows: counted, or the server's estimate.
        row_mean, row_p99, row_max: bytes of a row as PostgreSQL holds it in memory.
        inserted, updated, deleted, read: rows since the server's counters began; None where
            it does not count.
        updated_in_page: of the updated, those that changed no indexed column (HOT).
        created: the column that says when a row was made, ``""`` if none does.
        months: ``(first day of the month, rows made in it)``, oldest first, at most 24.
        sampled: sizes are of a sample.
        notes: what could not be measured, and why.
    """

    table: str
    rows: float | None = None
    row_mean: float | None = None
    row_p99: float | None = None
    row_max: float | None = None
    inserted: int | None = None
    updated: int | None = None
    deleted: int | None = None
    read: int | None = None
    updated_in_page: int | None = None
    created: str = ""
    months: tuple[tuple[str, int], ...] = ()
    sampled: bool = False
    notes: tuple[str, ...] = ()

    @property
    def monthly(self) -> float | None:
        """Rows made a month, on average over the last six whole months or what there is.

        The newest month is not over, and the first one may have begun late: both are left out
        where others are there.
        """
        whole = self.months[:-1] if len(self.months) > 1 else self.months
        last = whole[-6:]
        return sum(rows for _, rows in last) / len(last) if last else None


@dataclass(frozen=True, slots=True)
class RelationMeasures:
    """Of one relation, its owner being the child.

    Attributes:
        relation: its key.
        mean, p50, p95, p99, maximum: children a parent, of parents that have any.
        parents: rows of the parent that have children.
        childless: share of the parents without children.
        homeless: share of the children whose reference is NULL.
        late: share of the children made more than a day after their parent; None where not
            both say when they were made.
        sampled: read from a sample, or from what ANALYZE left.
        notes: what could not be measured, and why.
    """

    relation: str
    mean: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    maximum: float | None = None
    parents: float | None = None
    childless: float | None = None
    homeless: float | None = None
    late: float | None = None
    sampled: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a database.

    Attributes:
        read_at: aware.
        alias: of the database.
        server: its version.
        tables: by key. relations: by key.
        notes: what holds for all: the time was over, counters were reset.
    """

    read_at: datetime
    alias: str = "default"
    server: str = ""
    tables: tuple[TableMeasures, ...] = ()
    relations: tuple[RelationMeasures, ...] = ()
    notes: tuple[str, ...] = ()

    def by_table(self) -> dict[str, TableMeasures]:
        return {one.table: one for one in self.tables}

    def by_relation(self) -> dict[str, RelationMeasures]:
        return {one.relation: one for one in self.relations}


def to_document(measures: Measures) -> dict[str, Any]:
    """Return the measures as what ``json`` can write, with a format version."""
    return {"format": FORMAT, "version": VERSION, "measures": encode(measures)}


def from_document(document: Any) -> Measures:
    """Read what ``to_document`` made.

    Raises:
        FormatError: it is none, or was written by another version.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(f'These are no measures: they lack "format": "{FORMAT}".')
    if document.get("version") != VERSION:
        raise FormatError(
            f"These measures have format version {document.get('version')!r}; this modeler reads "
            f"{VERSION}. Measure again with: manage.py collection_design --store"
        )
    return decode(Measures, document.get("measures"))


def to_json(measures: Measures) -> str:
    """Return the measures as JSON; equal measures give equal bytes."""
    return json.dumps(to_document(measures), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str | bytes) -> Measures:
    """Read what ``to_json`` wrote.

    Raises:
        FormatError: it is not JSON, or no measures.
    """
    try:
        return from_document(json.loads(text))
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"This is not JSON: {error}.") from error
