"""Measuring one statement of a migration on a clone that is as it was right before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import rows
from modeler.postgres.production.figures import TableFigures
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.reader import read_statements
from modeler.previews.trace.shape import waits_outside

from .calibration import Calibration
from .heavy import Heavy
from .matching import matching
from .measure import calibrate
from .references import references_of
from .stand_in import StandIn
from .surrogate import surrogate

LARGEST = 100_000  # rows of the larger sample
PART = 4  # the smaller sample has the fourth part of them
MOST_BYTES = 200 * 1024 * 1024  # of the larger sample
LEAST = 2_000
# Shares of rows that are next to none, and how many times one may be another.
FEW, ALIKE = 0.01, 2.0
CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.I)
ROOT = "SELECT coalesce(pg_partition_root(%s::regclass), %s::regclass)::regclass::text AS name"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it.

    Attributes:
        calibration: None where it could not be measured, or does not grow.
        concurrently: the plain form was measured of a statement with CONCURRENTLY.
        reason: why it was not measured.
    """

    calibration: Calibration | None = None
    concurrently: bool = False
    reason: str = ""


def try_out(
    connection: BaseDatabaseWrapper,
    heavy: Heavy,
    figures: Mapping[str, TableFigures],
    changed: float | None = None,
) -> Trial:
    """Measure a heavy statement at two sizes of its tables.

    Args:
        connection: to a clone as it was right before the statement, in autocommit.
        heavy: the statement.
        figures: of the live tables, by the names that they have on the shadow.
        changed: rows that it changes there by the planner, None where that is not known.
    """
    commands = read_statements(heavy.statement.sql)
    concurrently = waits_outside(commands) is not None
    statement = CONCURRENTLY.sub("", heavy.statement.sql, count=1) if concurrently else (
        heavy.statement.sql
    )  # fmt: skip
    try:
        with connection.cursor() as cursor:
            tables = _whole(cursor, heavy, statement)
            most = max(size.rows for size in heavy.sizes.values()) or 1.0
            shares = {
                table: sum(heavy.sizes[name].rows for name in names) / most
                for table, names in tables.items()
            }
            stand_in = StandIn(
                tuple(tables), figures, shares, references_of(cursor, commands, tuple(tables))
            )
            try:
                holding = stand_in.prepare(cursor)
                count = _largest(heavy)
                measured = _measured(connection, statement, holding, stand_in, count)
                share = None if changed is None else changed / max(heavy.live.rows, 1.0)
                if share is not None and not alike(measured, share):
                    other = matching(statement, share)
                    if other is not None:
                        measured = _measured(connection, other, holding, stand_in, count)
            finally:
                stand_in.leave(cursor)
    except (ServerError, DatabaseError) as error:
        return Trial(reason=" ".join(str(error).split()))
    return Trial(measured, concurrently)


def alike(measured: Calibration, share: float) -> bool:
    """Tell whether a statement changed about as large a share of the rows as it does live."""
    sample = measured.samples[-1]
    here = sample.changed / max(sample.size.rows, 1.0)
    if share <= FEW or here <= FEW:
        return share <= FEW and here <= FEW
    return 1 / ALIKE <= share / here <= ALIKE


def _measured(
    connection: BaseDatabaseWrapper,
    statement: str,
    holding: tuple[str, ...],
    stand_in: StandIn,
    count: int,
) -> Calibration:
    sizes = (max(count // PART, 1), count)
    try:
        return calibrate(connection, statement, holding, stand_in.fill, rows=sizes)
    except ServerError:
        # Values that are made up break rules that real ones may keep.
        other = surrogate(statement, stand_in.checks)
        if other is None:
            raise
        return calibrate(connection, other, holding, stand_in.fill, rows=sizes)


def _whole(cursor: Any, heavy: Heavy, statement: str) -> dict[str, list[str]]:
    """Return the tables to fill, each with those of the statement's tables that are parts of it.

    Raises:
        ServerError: the statement is about a partition by itself.
    """
    found: dict[str, list[str]] = {}
    for name in heavy.tables:
        (row,) = rows(cursor, ROOT, [name, name])
        root = row["name"]
        if root != relation_name("", name) and root != name and _names(statement, name):
            raise ServerError(
                f"{name} is a partition of {root}, and statements about one partition are not "
                "measured."
            )
        found.setdefault(root, []).append(name)
    return found


def _names(statement: str, relation: str) -> bool:
    bare = relation.rpartition(".")[2].strip('"')
    return re.search(rf"(?<![\w$]){re.escape(bare)}(?![\w$])", statement) is not None


def _largest(heavy: Heavy) -> int:
    """Return the rows of the larger sample's largest table: no more than there are, nor GBs."""
    rows_there = max(size.rows for size in heavy.sizes.values())
    width = heavy.live.bytes / max(heavy.live.rows, 1)
    fitting = MOST_BYTES / max(width, 1)
    return max(int(min(LARGEST, fitting, rows_there)), LEAST)
