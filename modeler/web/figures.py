"""Rows and sizes for the pages, read from the servers and kept for a minute.

A database that does not answer costs a page its figures, never the page.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from modeler.errors import ServerError
from modeler.postgres.statistics import read_statistics
from modeler.schema.schema import Schema
from modeler.schema.statistics import Statistics, TableStatistics
from modeler.schema.table import Table

KEPT = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of stored rows.

    Attributes:
        statistics: of all databases that answered, None if none did.
        notices: a sentence for each that did not.
        read_at: when the oldest of them was read.
    """

    statistics: Statistics | None
    notices: tuple[str, ...] = ()

    @property
    def read_at(self) -> datetime | None:
        return self.statistics.read_at if self.statistics else None

    def of(self, table: Table) -> TableStatistics | None:
        """Return what is known of a table."""
        return self.statistics.of(table.location) if self.statistics else None


_kept: dict[str, tuple[float, Statistics | str]] = {}


def figures_of(schema: Schema, aliases: Iterable[str]) -> Figures:
    """Return the figures of some databases; those that are not PostgreSQL have none.

    Args:
        schema: the project's, whose relations the fan-out is named by.
        aliases: of ``DATABASES``.
    """
    found, notices = [], []
    for alias in sorted(set(aliases)):
        if alias not in connections.settings or connections[alias].vendor != "postgresql":
            continue
        kept = _kept.get(alias)
        if kept is None or time.monotonic() - kept[0] > KEPT:
            kept = _kept[alias] = (time.monotonic(), _read(schema, alias))
        if isinstance(kept[1], str):
            notices.append(kept[1])
        else:
            found.append(kept[1])
    if not found:
        return Figures(None, tuple(notices))
    tables = tuple(table for each in found for table in each.tables)
    return Figures(Statistics(min(each.read_at for each in found), tables), tuple(notices))


def forget_figures() -> None:
    """Read anew at the next request."""
    _kept.clear()


def _read(schema: Schema, alias: str) -> Statistics | str:
    try:
        return read_statistics(connections[alias], schema)
    except (DatabaseError, ServerError) as error:
        return _("Rows and sizes could not be read. %(error)s") % {"error": str(error).strip()}
