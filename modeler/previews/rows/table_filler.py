"""Filling one table: from the plain way to the patient ones, until rows are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import DatabaseError

from modeler.errors import FormatError
from modeler.previews.rows.candidate_maker import CandidateMaker
from modeler.previews.rows.candidates import Candidates
from modeler.previews.rows.diagnostics import context_of, diagnosed, in_words, savepoint
from modeler.previews.rows.facts import EmptyTable, RowColumn
from modeler.previews.rows.filling import TableFilling
from modeler.previews.rows.reading import PARTITIONS, POLICIES
from modeler.previews.rows.refusals import constants, refusals
from modeler.previews.rows.restriction import FREE, Restriction
from modeler.previews.rows.scenarios import Scenario, scenarios
from modeler.previews.rows.texts import LONG
from modeler.previews.rows.wish import Target, Wish
from modeler.schema.expression import Literal
from modeler.schema.sql_text import quoted_text

# Scenarios of a table that are shown at most, and rounds of candidates that are many times the
# rows still wanted.
MOST_SCENARIOS = 6
ROUNDS = (1, 8, 64)
# Candidates in all rounds, and those that are tried one by one.
MOST_CANDIDATES = 40_000
ONE_BY_ONE = 800
MOST_ONE_BY_ONE = 200
LEARNED_FROM = 20
# Rows of a scenario that are tried before the many.
PILOT = 20
# How columns are filled, the best manner first; see ``Wish``.
MANNERS: tuple[dict[str, Any], ...] = (
    {}, {"defaults": True}, {"nulls": "all"}, {"nulls": "all", "defaults": True},
)  # fmt: skip
PATIENT_MANNERS: tuple[dict[str, Any], ...] = (
    {"nulls": "half"}, {"nulls": "half", "defaults": True}, {"nulls": "none"},
)  # fmt: skip
REPAIRS = 4
# Rounds without a row before a table is left as it is.
PATIENCE = 10
KEPT_NONE = "the server took the rows and kept none; a trigger may turn them away"
CLOSED = {
    PARTITIONS: "it has no partition yet",
    POLICIES: "row-level security: no policy lets this role write",
}


class TableFiller:
    """Fills one table.

    Args:
        cursor: in a transaction in which constraints are checked at once.
        targets: tables that have rows, by number.
        wish: how many rows, and of what kind.
    """

    def __init__(
        self, cursor: Any, table: EmptyTable, targets: Mapping[int, Target], wish: Wish
    ) -> None:
        self.cursor, self.table, self.targets, self.wish = cursor, table, targets, wish
        self.given: dict[str, Restriction] = {
            column.name: Restriction(null=False) for column in table.columns if column.not_null
        }
        self.referring = {name for r in table.references for name in r.columns}
        types = {column.name: column.full_type for column in table.columns}
        self.refusals = refusals(table.triggers, types)
        self.conflicts = False
        self.clashing = False
        self.failed = False
        self.hopeless = False
        self.reason = ""
        self.done = 0
        self.next = 0

    def fill(self) -> TableFilling:
        """Fill the table as far as it goes."""
        for rule in self.table.rules:
            if rule.sql == "false" and rule.name in CLOSED:
                return TableFilling(self.table.name, 0, CLOSED[rule.name])
        self._plainly()
        if not self.done and not self.hopeless:
            self._patiently()
        return TableFilling(self.table.name, self.done, self._why())

    def _why(self) -> str:
        if self.done >= self.wish.rows:
            return ""
        return self.reason or "its rules allow no more"

    def _plainly(self) -> None:
        """Make rows in one statement a scenario, in one manner after the other until one works."""
        for change in MANNERS:
            wish = replace(self.wish, **change)
            ways = self._pilot(wish, self._scenarios())
            if ways:
                self._rounds(wish, ways)
            if ways or self.hopeless:
                return

    def _scenarios(self) -> tuple[Scenario, ...]:
        most = max(1, min(MOST_SCENARIOS, self.wish.rows // 3))
        rules = (*self.table.rules, *self.refusals)
        found = scenarios(rules, given=self.given, most=most, seed=self.wish.seed)
        if not found:
            # What is read contradicts itself; the server may see it otherwise.
            found = (Scenario(tuple(sorted(self.given.items()))),)
        return found

    def _pilot(self, wish: Wish, ways: tuple[Scenario, ...]) -> list[Scenario]:
        """Try a few rows of each scenario; return those that gave some, as mended."""
        fruitful = []
        for way in ways:
            wanted = min(-(-wish.rows // len(ways)), PILOT, wish.rows - self.done)
            for factor in ROUNDS if wanted else ():
                made, mended = self._insert(way, wish, wanted * factor, wanted)
                if made:
                    fruitful.append(mended)
                if made or self.failed:
                    break
        return fruitful

    def _rounds(self, wish: Wish, ways: list[Scenario]) -> None:
        """Make rows of each scenario in turn, with more candidates where rules refuse some."""
        for factor in ROUNDS:
            share = -(-(wish.rows - self.done) // len(ways))
            fruitful = []
            for way in ways:
                wanted = min(share, wish.rows - self.done)
                if wanted <= 0:
                    return
                count = max(wanted, min(wanted * factor, MOST_CANDIDATES))
                made, mended = self._insert(way, wish, count, wanted)
                if made:
                    fruitful.append(mended)
            ways = fruitful or ways
        idle = 0
        while self.clashing and self.done < wish.rows and idle < PATIENCE:
            # Some rows clash with others by chance: further ones may not.
            before = self.done
            for way in ways:
                wanted = wish.rows - self.done
                if wanted > 0:
                    self._insert(way, wish, wanted, wanted)
            idle = idle + 1 if self.done == before else 0

    def _insert(self, way: Scenario, wish: Wish, count: int, wanted: int) -> tuple[int, Scenario]:
        """Insert candidates, mending the plan by what the server says.

        Returns: how many rows were made, and the scenario as mended. ``failed`` says whether
        the server refused the statement, so that more candidates would not help.
        """
        self.failed = True
        for _ in range(REPAIRS):
            try:
                candidates = self._candidates(way, wish)
            except FormatError as error:
                self.reason = self.reason or str(error)
                return 0, way
            try:
                with savepoint(self.cursor):
                    self.cursor.execute(candidates.insert(self.table, self.next, count, wanted))
                    made = int(self.cursor.rowcount)
            except DatabaseError as error:
                self.reason = in_words(error)
                # What a trigger lacks (a function, a column) no values will give it.
                self.hopeless = diagnosed(error)[0][:2] == "42" and bool(context_of(error))
                mended = self._mended(error, way, candidates)
                if mended is None:
                    return 0, way
                way = mended
                continue
            self.failed = False
            self.clashing = self.clashing or candidates.conflicts
            self.next += count
            self.done += made
            if not made and not self.reason and not candidates.where and not self.done:
                self.reason = KEPT_NONE
            return made, way
        return 0, way

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
        """Try candidates one by one, with constants that triggers name, and learn from them."""
        pools = self._pools()
        before = self.reason
        for change in PATIENT_MANNERS:
            wish = replace(self.wish, pools=pools, **change)
            for way in self._scenarios():
                try:
                    candidates = self._candidates(way, wish)
                except FormatError:
                    continue
                self._one_by_one(candidates)
                if self.done >= min(self.wish.rows, LEARNED_FROM):
                    break
            if self.done:
                self._learn(candidates.columns)
                ways = self._pilot(wish, self._scenarios()) if self.done < wish.rows else []
                if ways:
                    self._rounds(wish, ways)
                if self.done >= min(self.wish.rows, LEARNED_FROM):
                    break
        self.reason = before or self.reason

    def _learn(self, columns: tuple[RowColumn, ...]) -> None:
        """Take what all rows that were let in have in common for what triggers want."""
        names = [column for column in columns if column.name not in self.referring]
        if not names or self.done < 2:
            return
        fields = ", ".join(
            f"count(DISTINCT {c.quoted}::text), min({c.quoted}::text), count({c.quoted})"
            for c in names
        )
        self.cursor.execute(f"SELECT {fields} FROM {self.table.sql}")
        row = self.cursor.fetchone()
        for position, column in enumerate(names):
            different, value, known = row[position * 3 : position * 3 + 3]
            if different == 0:
                learned = Restriction(null=True)
            elif different == 1 and known == self.done:
                learned = Restriction(null=False, among=(Literal("text", value),))
            else:
                continue
            merged = self.given.get(column.name, FREE) & learned
            if merged is not None:
                self.given[column.name] = merged

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
        """Return further values by column: constants of triggers, and what is often wanted."""
        words = constants(self.table.triggers)
        pools: dict[str, tuple[str, ...]] = {}
        for column in self.table.columns:
            match column.type.base:
                case "text" | "varchar" | "citext" | "bpchar":
                    size = column.modifier - 4 if column.modifier >= 4 else LONG
                    pools[column.name] = tuple(
                        quoted_text(word) for word in words if len(word) <= size
                    )
                case "int2" | "int4" | "int8" | "numeric" | "float8" | "float4":
                    pools[column.name] = ("0", "1", "-1")
                case "timestamptz" | "timestamp" | "date":
                    pools[column.name] = ("now()", "now() + interval '1 day'")
        return pools
