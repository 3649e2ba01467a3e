"""Operations of a migration without a transaction, each noted when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from typing import Any

from django.db.migrations import Migration, RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import SeparateDatabaseAndState

from modeler.previews.safely.guard import END, Course, Guard
from modeler.previews.safely.stopped import Stopped


class HalfDone(StrEnum):
    """What to do with an operation that was begun, and of whose end nobody knows."""

    STOP = "stop"
    AGAIN = "again"
    SKIP = "skip"
    FORGET = "forget"


def runs_code(operation: Operation) -> bool:
    """Tell whether an operation's statements may differ when it runs once more.

    That is so for Python code, and for operations that are not Django's own.
    """
    if isinstance(operation, RunPython):
        return True
    if isinstance(operation, SeparateDatabaseAndState):
        return any(map(runs_code, operation.database_operations))
    return not type(operation).__module__.startswith("django.")


def resumable(operation: Operation) -> bool:
    """Tell whether its author says that it goes on where it stopped: ``fill.resumable = True``."""
    if isinstance(operation, SeparateDatabaseAndState):
        code = [one for one in operation.database_operations if runs_code(one)]
        return all(map(resumable, code))
    return bool(
        getattr(operation, "resumable", False)
        or getattr(getattr(operation, "code", None), "resumable", False)
    )


@contextmanager
def noted(migration: Migration, guard: Guard, half_done: HalfDone) -> Iterator[None]:
    """Let the migration's operations go through the journal for the time of the block.

    Args:
        migration: without a transaction, about to be applied; the journal is open for it.
        guard: of its connection.
        half_done: see HalfDone.
    """
    for position, operation in enumerate(migration.operations):
        forwards = _Forwards(migration, position, operation, guard, half_done)
        vars(operation)["database_forwards"] = forwards
    guard.course = Course(END, "the end")
    try:
        yield
    finally:
        guard.course = None
        for operation in migration.operations:
            vars(operation).pop("database_forwards", None)


class _Forwards:
    """Stands in for an operation's ``database_forwards``."""

    def __init__(
        self,
        migration: Migration,
        position: int,
        operation: Operation,
        guard: Guard,
        half_done: HalfDone,
    ) -> None:
        self.forwards = operation.database_forwards
        self.operation, self.position, self.guard = operation, position, guard
        self.said = operation.describe()
        self.half_done = half_done
        self.name = f"{migration.app_label}.{migration.name}"
        self.place = f"operation {position + 1} of {len(migration.operations)}"

    def __call__(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        guard, journal = self.guard, self.guard.journal
        guard.words = f"{self.name}, {self.place}"
        code = runs_code(self.operation)
        if self._skipped(schema_editor, code):
            return
        before = len(schema_editor.deferred_sql)
        inside = guard.session.connection.in_atomic_block
        guard.course = Course(self.position, self.said, opaque=code)
        guard.log.say(f"{guard.words}: {self.said}")
        try:
            # A transaction can be left at any time, and so can statements that are noted.
            with guard.interruption.after(guard.words) if code and not inside else nullcontext():
                self.forwards(app_label, schema_editor, *states)
                journal.note_operation(
                    self.position,
                    self.said,
                    done=True,
                    deferred=[str(one) for one in schema_editor.deferred_sql[before:]],
                )
        finally:
            guard.course = Course(END, "the end")
        guard.words = self.name

    def _skipped(self, schema_editor: Any, code: bool) -> bool:
        """Tell whether an earlier attempt did it; what it left for the end is taken over."""
        known = self.guard.journal.operation(self.position)
        if known is None:
            return False
        if known.said != self.said:
            raise Stopped(
                f"{self.name}: an earlier run did {self.place}, {known.said!r}, and the file now "
                f"says {self.said!r}. Put the file back, or begin the migration anew: "
                "--half-done forget."
            )
        if known.done:
            self.guard.log.say(f"{self.guard.words}: done by an earlier run: {self.said}")
            schema_editor.deferred_sql.extend(known.deferred)
            return True
        if self.half_done is HalfDone.SKIP:
            self.guard.log.say(f"{self.guard.words}: taken as done, as asked for: {self.said}")
            self.guard.journal.note_operation(self.position, self.said, done=True)
            return True
        if self.half_done is HalfDone.STOP and not resumable(self.operation):
            raise Stopped(
                f"{self.name}: {self.place}, {self.said!r}, was begun and did not come to its "
                "end, and it is code without a transaction, so that nobody can tell what is done "
                "of it. If it may run again from its start, add --half-done again; if all of it "
                "is done, --half-done skip. Code that can always go on says so in its file: "
                "the_function.resumable = True."
            )
        self.guard.log.say(f"{self.guard.words}: begun by an earlier run, and run once more.")
        return False
