"""Old and new code on the schemas before and after: of each migration, and of all together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from modeler.postgres.locks import LockMode
from modeler.previews.partial_state import is_opaque
from modeler.previews.replay.crossing import Crossing
from modeler.previews.replay.replay import Attempt, Replay
from modeler.previews.statement import Statement
from modeler.previews.words import in_words


class Releases:
    """Lets code meet schemas while migrations run.

    Every model must be there, so a state of its own is kept, which Django renders further with
    each migration.

    Args:
        connection: of the shadow.

    Attributes:
        missed: what could not be tried, a sentence each.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.missed: list[str] = []
        self._state: ProjectState | None = None
        self._memory: dict[str, tuple[Attempt, ...]] = {}
        self._crossing: Crossing | None = None
        self._whole: Crossing | None = None
        self._touched: set[str] = set()

    def begin(self, state: ProjectState, migrations: Sequence[Migration]) -> None:
        """Meet the schema before a whole release; needed for more than one migration.

        Args:
            state: before the first; it is not changed.
            migrations: all of them, in order.
        """
        try:
            new = self._rendered(state)
            for migration in migrations:
                new = _after(new, migration)
        except Exception as error:  # operations that do not fit the models; one of them will fail
            self._gave_up(error)
            return
        self._whole = self._before(
            self._rendered(state), new, opaque=any(map(is_opaque, migrations)), memory={}
        )

    def before(self, state: ProjectState, migration: Migration) -> None:
        """Meet the schema before a migration."""
        try:
            old = self._rendered(state)
            self._state = _after(old, migration)
        except Exception as error:  # as above
            self._gave_up(error)
            return
        self._crossing = self._before(
            old, self._state, opaque=is_opaque(migration), memory=self._memory
        )

    def after(self, statements: Iterable[Statement], *, final: bool) -> Replay | None:
        """Meet the schema after a migration.

        Args:
            statements: of it.
            final: no shown one follows.
        """
        touched = _touched(statements)
        self._touched |= touched
        crossing, self._crossing = self._crossing, None
        return self._after(crossing, touched, final=final)

    def end(self) -> Replay | None:
        """Meet the schema after the whole release."""
        return self._after(self._whole, self._touched, final=True)

    def _rendered(self, state: ProjectState) -> ProjectState:
        if self._state is None:
            self._state = state.clone()
            self._state.apps  # noqa: B018  (a cached property that renders everything)
        return self._state

    def _before(
        self,
        old: ProjectState,
        new: ProjectState,
        *,
        opaque: bool,
        memory: dict[str, tuple[Attempt, ...]],
    ) -> Crossing | None:
        crossing = Crossing(self.connection, old, new, opaque=opaque, memory=memory)
        try:
            crossing.before()
        except Exception as error:  # models of the project may do anything
            self._gave_up(error)
            return None
        return crossing

    def _after(
        self, crossing: Crossing | None, touched: Iterable[str], *, final: bool
    ) -> Replay | None:
        if crossing is None:
            return None
        try:
            return crossing.after(touched, final=final)
        except Exception as error:  # as above
            self._gave_up(error)
            return None

    def _gave_up(self, error: Exception) -> None:
        with suppress(DatabaseError):
            if not self.connection.in_atomic_block:
                self.connection.close()
        self.missed.append(f"what running code meets: {in_words(error)}")


def _after(state: ProjectState, migration: Migration) -> ProjectState:
    new = state.clone()
    for operation in migration.operations:
        operation.state_forwards(migration.app_label, new)
    return new


def _touched(statements: Iterable[Statement]) -> set[str]:
    """Return the tables that statements may have changed."""
    return {
        lock.relation
        for statement in statements
        for lock in (statement.trace.locks if statement.trace else ())
        if lock.kind.holds_rows and lock.mode.strength >= LockMode.ROW_EXCLUSIVE.strength
    }
