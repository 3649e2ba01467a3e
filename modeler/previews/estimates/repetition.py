"""A migration's statements once more, on a clone as it was before, the heavy ones measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.shadow import Clone, Shadow
from modeler.previews.preview import MigrationPreview
from modeler.previews.sql.commands import Query, Session, Transaction
from modeler.previews.sql.reader import read_statements

from .heavy import Heavy
from .planned_rows import planned_rows
from .production import Production
from .trial import Trial, try_out

# A statement that takes longer on a few rows of the shadow is not measured.
LONGEST = "60s"


@dataclass(slots=True)
class Repeated:
    """What was found, by position of the statement.

    Attributes:
        trials: of heavy statements.
        changed: rows that data statements change, by the planner.
        notes: what could not be done, a sentence each.
    """

    trials: dict[int, Trial] = field(default_factory=dict)
    changed: dict[int, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def trial(self, position: int) -> Trial:
        """Return a statement's measurement, or that there is none."""
        return self.trials.get(position, Trial(reason="It was not reached."))


class Repetition:
    """One migration's statements on a clone.

    Args:
        shadow: the server.
        clone: as it was before the migration; it is changed.
        production: figures of the live database.
        measure: called before a measurement; tells whether there is time for it.
    """

    def __init__(
        self,
        shadow: Shadow,
        clone: Clone,
        production: Production,
        measure: Callable[[Heavy], bool],
    ) -> None:
        self.shadow, self.clone, self.production = shadow, clone, production
        self.measure = measure
        self.found = Repeated()
        self._shapes: dict[Any, Trial] = {}
        self._connection: BaseDatabaseWrapper | None = None
        self._error = ""

    def run(
        self, migration: MigrationPreview, heavy: Mapping[int, Heavy], data: frozenset[int]
    ) -> Repeated:
        """Run the statements up to the last one that is asked for.

        Args:
            migration: its forward statements.
            heavy: those to measure, by position.
            data: positions of those whose rows the planner is asked for.
        """
        last = max((*heavy, *data), default=-1)
        planned_until = -1
        for position, statement in enumerate(migration.forward[: last + 1]):
            if position in data and position > planned_until:
                planned_until = self._plan(migration, position, data)
            if position in heavy:
                self.found.trials[position] = self._try(heavy[position])
            if position < last and not statement.error and not self._repeat(statement.sql):
                self.found.notes.append(
                    f"Of {migration.key} no statement after the one numbered {position + 1} was "
                    f"measured, since that one could not be repeated: {self._error}"
                )
                break
        return self.found

    def _repeat(self, sql: str) -> bool:
        """Run a statement; tell whether the schema is now as it was after it."""
        commands = read_statements(sql)
        if all(isinstance(one, Transaction | Session) for one in commands):
            return True
        try:
            with self._cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError as error:
            self._error = " ".join(str(error).split())
            # Rows that are not there change no schema.
            return _is_data(sql)
        return True

    def _plan(self, migration: MigrationPreview, position: int, data: frozenset[int]) -> int:
        """Plan the data statements up to the next that may change the schema; return the last."""
        run = {}
        end = position
        for at in range(position, len(migration.forward)):
            sql = migration.forward[at].sql
            if not _is_data(sql):
                break
            end = at
            if at in data:
                run[at] = sql
        self._connection = None  # a database is copied while nobody uses it
        found, notes = planned_rows(self.shadow, self.production.figures, self.clone, run)
        self.found.changed |= found
        self.found.notes += [note for note in notes if note not in self.found.notes]
        return end

    def _try(self, heavy: Heavy) -> Trial:
        changed = self.found.changed.get(heavy.position)
        # Conditions on other values hold for other shares of the rows.
        key = heavy.shape, None if changed is None else round(math.log2(changed + 1))
        if key in self._shapes:
            return self._shapes[key]
        if not self.measure(heavy):
            return Trial(reason="The time for measurements was used up by larger tables.")
        figures = {
            name: found
            for name, live in heavy.tables.items()
            if (found := self.production.tables.get(live)) is not None
        }
        trial = try_out(self._connected(), heavy, figures, changed)
        self._shapes[key] = trial
        return trial

    def _connected(self) -> BaseDatabaseWrapper:
        if self._connection is None:
            self._connection = self.clone.connect()
            with self._connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = '{LONGEST}'")
        return self._connection

    def _cursor(self) -> Any:
        return self._connected().cursor()


def _is_data(sql: str) -> bool:
    commands = read_statements(sql)
    return bool(commands) and all(isinstance(one, Query) for one in commands)
