"""Undoing a migration for real and doing it again, and what both leave behind."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.preview import Reversal
from modeler.schema.drift import drift
from modeler.schema.live import read_database
from modeler.schema.schema import Schema
from modeler.schema.sql_text import quoted_table
from modeler.schema.table import TableKind

Digests = dict[str, tuple[int, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database of the shadow at one moment.

    Attributes:
        schema: from the catalogs.
        digests: by table, how many rows and a digest of each.
    """

    schema: Schema
    digests: Digests


def snapshot(connection: BaseDatabaseWrapper, *, rows: bool = True) -> Snapshot:
    """Read the catalogs, and with ``rows`` every row's digest (tables here are small)."""
    schema = read_database(connection, alias=connection.alias)
    return Snapshot(schema, _digests(connection, schema) if rows else {})


def compared(
    before: Snapshot,
    after: Snapshot,
    undone: Snapshot,
    again: Snapshot | None,
    error: str = "",
) -> Reversal:
    """Return what a way back and forth showed.

    Args:
        before: the migration.
        after: it.
        undone: after its reverse.
        again: after it was done a second time, None where that failed.
        error: what failed.
    """
    return Reversal(
        left=_differences(undone, before),
        lost=tuple(_lost(before.digests, undone.digests)),
        again=() if again is None else _differences(again, after),
        error=error,
    )


def _differences(found: Snapshot, expected: Snapshot) -> tuple[str, ...]:
    return tuple(str(change) for change in drift(found.schema, expected.schema))


def _lost(before: Digests, undone: Digests) -> list[str]:
    found = []
    for table, (count, rows) in sorted(before.items()):
        if table not in undone:
            continue
        gone = len(rows - undone[table][1])
        if gone:
            found.append(f"{gone} of {count} rows of {table} are not what they were")
    return found


def _digests(connection: BaseDatabaseWrapper, schema: Schema) -> Digests:
    names = [
        quoted_table(table.location)
        for table in schema.tables
        if table.location is not None and table.kind is not TableKind.VIEW
    ]
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                # A column that comes back may stand at another place: keys are sorted by jsonb.
                f"SELECT {_text(name)}, array_agg(md5(to_jsonb(r)::text)) FROM {name} r"
                for name in names
            )
        )
        return {name: (len(rows or ()), frozenset(rows or ())) for name, rows in cursor.fetchall()}


def _text(name: str) -> str:
    return "'" + name.replace("'", "''").replace("%", "%%") + "'::text"
