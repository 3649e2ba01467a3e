"""Filling one table: from the plain way to the patient ones, until rows are in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import DatabaseError

from modeler.errors import FormatError
from modeler.previews.rows import queries
from modeler.previews.rows.candidates import CandidateMaker, Candidates, Target, Wish
from modeler.previews.rows.facts import EmptyTable
from modeler.previews.rows.filling import TableFilling
from modeler.previews.rows.reading import PARTITIONS
from modeler.previews.rows.restriction import Restriction
from modeler.previews.rows.scenarios import Scenario, scenarios
from modeler.schema.sql_text import quoted_text

# Scenarios of a table that are shown at most, and rounds of candidates that are many times the
# rows still wanted.
MOST_SCENARIOS = 6
ROUNDS = (1, 8, 64)
# Candidates in all rounds, and those that are tried one by one.
MOST_CANDIDATES = 40_000
ONE_BY_ONE = 1_500
MOST_ONE_BY_ONE = 200
REPAIRS = 4
# Rounds without a row before a table is left as it is.
PATIENCE = 10
KEPT_NONE = "the server took the rows and kept none; a trigger may turn them away"
SAVEPOINT = "modeler_rows"
TEXT = re.compile(r"'((?:[^']|'')*)'")


@contextmanager
def savepoint(cursor: Any) -> Iterator[None]:
    """Keep what the block does, or undo it where it raises."""
    cursor.execute(f"SAVEPOINT {SAVEPOINT}")
    try:
        yield
    except BaseException:
        cursor.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")
        raise
    cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")


class TableFiller:
    """Fills one table.

    Args:
        cursor: in a transaction in which constraints are checked at once.
        targets: tables that have rows, by number.
        later: names of references that stay NULL for now.
    """

    def __init__(
        self, cursor: Any, table: EmptyTable, targets: Mapping[int, Target], *,
        rows: int, seed: int, later: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.cursor, self.table, self.targets = cursor, table, targets
        self.wish = Wish(rows, seed, later=later)
        self.given: dict[str, Restriction] = {
            column.name: Restriction(null=False) for column in table.columns if column.not_null
        }
        self.conflicts = False
        self.reason = ""
        self.done = 0
        self.next = 0

    def fill(self) -> TableFilling:
        """Fill the table as far as it goes."""
        if any(rule.sql == "false" and rule.name == PARTITIONS for rule in self.table.rules):
            return TableFilling(self.table.name, 0, "it has no partition yet")
        for change in ({}, {"defaults": True}, {"nulls": "all"},
                       {"nulls": "all", "defaults": True}):  # fmt: skip
            self._rounds(replace(self.wish, **change))
            if self.done:
                break
        if not self.done:
            self._patiently()
        reason = "" if self.done >= self.wish.rows else self.reason
        if self.done and self.done < self.wish.rows and not reason:
            reason = "its rules allow no more"
        return TableFilling(self.table.name, self.done, reason)

    def _scenarios(self) -> tuple[Scenario, ...]:
        most = max(1, min(MOST_SCENARIOS, self.wish.rows // 3))
        found = scenarios(self.table.rules, given=self.given, most=most, seed=self.wish.seed)
        if not found:
            # What is read contradicts itself; the server may see it otherwise.
            found = (Scenario(tuple(self.given.items())),)
        return found

    def _rounds(self, wish: Wish) -> None:
        """Make rows for each scenario in turn, then more of those that gave some."""
        ways = list(self._scenarios())
        tried = 0
        for factor in ROUNDS:
            share = -(-(wish.rows - self.done) // len(ways))
            fruitful = []
            for way in ways:
                wanted = min(share, wish.rows - self.done)
                if wanted <= 0:
                    return
                count = min(wanted * factor, max(MOST_CANDIDATES, wanted))
                tried += count
                made = self._insert(way, wish, count, wanted)
                if made:
                    fruitful.append(way)
            if self.done >= wish.rows:
                return
            ways = fruitful or ways
            if factor > 1 and not fruitful and self.done:
                break
        if self.conflicts and self.done:
            self._past_conflicts(ways, wish)

    def _past_conflicts(self, ways: list[Scenario], wish: Wish) -> None:
        """Make further candidates as long as some do not clash with the rows that are there."""
        idle = 0
        while self.done < wish.rows and idle < PATIENCE:
            before = self.done
            for way in ways:
                wanted = wish.rows - self.done
                if wanted > 0:
                    self._insert(way, wish, wanted, wanted)
            idle = idle + 1 if self.done == before else 0

    def _insert(self, way: Scenario, wish: Wish, count: int, wanted: int) -> int:
        """Insert candidates, mending the plan by what the server says; return how many."""
        for _ in range(REPAIRS):
            try:
                candidates = self._candidates(way, wish)
            except FormatError as error:
                self.reason = self.reason or str(error)
                return 0
            try:
                with savepoint(self.cursor):
                    self.cursor.execute(candidates.insert(self.table, self.next, count, wanted))
                    made = self.cursor.rowcount
            except DatabaseError as error:
                self.reason = in_words(error)
                mended = self._mended(error, way, candidates)
                if mended is None:
                    return 0
                way = mended
                continue
            self.next += count
            self.done += made
            if not made and not self.reason and not candidates.where:
                self.reason = KEPT_NONE
            return int(made)
        return 0

    def _candidates(self, way: Scenario, wish: Wish) -> Candidates:
        made = CandidateMaker(self.table, way, self.targets, wish).made()
        return replace(made, conflicts=True) if self.conflicts else made

    def _mended(
        self, error: DatabaseError, way: Scenario, candidates: Candidates
    ) -> Scenario | None:
        """Return a scenario that heeds what the server said, None where there is none."""
        state, column = diagnosed(error)
        if state in {"23505", "23P01"} and not candidates.conflicts:
            self.conflicts = True
            return way
        if state == "23502" and column in self.table.by_name and column not in self.given:
            self.given[column] = Restriction(null=False)
            merged = way.of(column) & self.given[column]
            if merged is not None:
                kept = {**dict(way.restrictions), column: merged}
                return replace(way, restrictions=tuple(sorted(kept.items())))
        return None

    # What triggers and rules refuse that are not read

    def _patiently(self) -> None:
        """Try candidates one by one, with constants that the table's triggers name."""
        pools = self._pools()
        before = self.reason
        for nulls, defaults in (("half", False), ("half", True), ("none", False)):
            wish = replace(self.wish, nulls=nulls, defaults=defaults, pools=pools)
            for way in self._scenarios():
                try:
                    candidates = self._candidates(way, wish)
                except FormatError:
                    continue
                self._one_by_one(candidates)
                if self.done >= min(self.wish.rows, MOST_ONE_BY_ONE):
                    return
        self.reason = before or self.reason

    def _one_by_one(self, candidates: Candidates) -> None:
        if not candidates.columns:
            return
        wanted = min(self.wish.rows, MOST_ONE_BY_ONE) - self.done
        names = ", ".join(column.quoted for column in candidates.columns)
        values = ", ".join(f"r.{column.quoted}" for column in candidates.columns)
        overriding = " OVERRIDING SYSTEM VALUE" if candidates.overriding else ""
        select = candidates.select(self.next, ONE_BY_ONE, ONE_BY_ONE)
        block = f"""
            DECLARE r record; made int := 0; said text := '';
            BEGIN
                FOR r IN {select} LOOP
                    BEGIN
                        INSERT INTO {self.table.sql} ({names}){overriding} VALUES ({values});
                        IF FOUND THEN made := made + 1; END IF;
                        EXIT WHEN made >= {wanted};
                    EXCEPTION WHEN OTHERS THEN said := SQLERRM;
                    END;
                END LOOP;
                PERFORM set_config('modeler.rows_made', made::text, true);
                PERFORM set_config('modeler.rows_said', said, true);
            END
        """
        try:
            with savepoint(self.cursor):
                self.cursor.execute(f"DO {quoted_text(block)}")
                self.cursor.execute(
                    "SELECT current_setting('modeler.rows_made')::int,"
                    " current_setting('modeler.rows_said')"
                )
                made, said = self.cursor.fetchone()
        except DatabaseError as error:
            self.reason = self.reason or in_words(error)
            return
        self.next += ONE_BY_ONE
        self.done += made
        self.reason = said or self.reason

    def _pools(self) -> dict[str, tuple[str, ...]]:
        """Return constants by column, from the triggers of the table and from its rules."""
        self.cursor.execute(queries.TRIGGERS, [self.table.oid])
        texts = [text for row in self.cursor.fetchall() for text in row[1:]]
        words = tuple(
            dict.fromkeys(
                quoted_text(found.replace("''", "'"))
                for text in texts
                for found in TEXT.findall(text)
                if 0 < len(found) <= 60
            )
        )[:40]
        pools: dict[str, tuple[str, ...]] = {}
        for column in self.table.columns:
            match column.type.base:
                case "text" | "varchar" | "citext" | "bpchar":
                    size = column.modifier - 4 if column.modifier >= 4 else 60
                    pools[column.name] = tuple(word for word in words if len(word) - 2 <= size)
                case "int2" | "int4" | "int8" | "numeric" | "float8" | "float4":
                    pools[column.name] = ("0", "1", "-1")
                case "timestamptz" | "timestamp" | "date":
                    pools[column.name] = ("now()", "now() + interval '1 day'")
        return pools


def diagnosed(error: DatabaseError) -> tuple[str, str]:
    """Return the SQLSTATE and the column that the server named, ``""`` where it named none."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""
    diagnostics = getattr(cause, "diag", None)
    return state, getattr(diagnostics, "column_name", None) or ""


def in_words(error: DatabaseError) -> str:
    """Return the server's message as one line."""
    return " ".join(str(error).split())
