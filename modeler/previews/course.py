"""One migration going forward, an operation at a time, with every statement noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from modeler.previews.editor import schema_editor
from modeler.previews.partial_state import PartialState, PartialStates, bare
from modeler.previews.preview import OperationPreview
from modeler.previews.recorder import Recorded, Recorder
from modeler.previews.statement import Statement

WhyNothing = Callable[[str, Operation, ProjectState, ProjectState], str]


class Course:
    """A migration's way forward; as ``Migration.apply``.

    Args:
        migration: to run.
        connection: of the shadow.
        recorder: of the same connection; None to note nothing.
        state: before the migration, without rendered models; it is not changed.
        partial: renders what each operation needs.

    Attributes:
        states: pairs of what was before and after each operation that ran.
        start: the state before the migration.
        state: after the last of them.
        operations: those that were begun.
        statements: those that ran, in their order.
    """

    def __init__(
        self,
        migration: Migration,
        connection: BaseDatabaseWrapper,
        recorder: Recorder | None,
        state: ProjectState,
        partial: PartialStates,
    ) -> None:
        self.migration = migration
        self.connection = connection
        self.recorder = recorder
        self.start = self.state = state
        self.partial = partial
        self.states: list[tuple[PartialState, PartialState]] = []
        self.operations: list[OperationPreview] = []
        self.statements: list[Statement] = []
        self._deferred: list[tuple[int, str]] = []

    def run(self) -> None:
        """Run every operation.

        Raises:
            Exception: what PostgreSQL, Django or the project's code raises.
        """
        migration = self.migration
        try:
            with (
                self.recorder.listening() if self.recorder else nullcontext(),
                schema_editor(self.connection, atomic=migration.atomic) as editor,
            ):
                for position, operation in enumerate(migration.operations):
                    self._operation(position, operation, editor)
                # What runs at the end is noted for the operation that asked for it.
                self._settle(len(migration.operations) - 1)
        finally:
            self._settle(len(self.operations) - 1, ending=True)

    def broke_on(self, words: str) -> str:
        """Return the statement that the server refused with these words, ``""`` if none was."""
        sent = reversed(self.statements)
        return next((one.sql for one in sent if one.error == words), "")

    @property
    def said(self) -> tuple[Statement, ...]:
        return tuple(self.statements)

    def described(self, why: WhyNothing) -> tuple[OperationPreview, ...]:
        """Return the operations, each that sent nothing with the reason."""
        busy = {statement.operation for statement in self.statements}
        label = self.migration.app_label
        return tuple(
            preview
            if position in busy
            else replace(preview, forward_note=why(label, operation, *self.states[position]))
            for position, (operation, preview) in enumerate(
                zip(self.migration.operations, self.operations, strict=True)
            )
        )

    def _operation(self, position: int, operation: Operation, editor: Any) -> None:
        label, migration = self.migration.app_label, self.migration
        new = bare(self.state)
        operation.state_forwards(label, new)
        last = self.states[-1][1] if self.states else self.state
        before, after = self.partial.around(operation, label, last, new)
        if self.recorder:
            # What a RunSQL asks for is as much its own as what Python code asks for.
            self.recorder.reading = isinstance(operation, RunSQL) or not operation.reduces_to_sql
        held = len(editor.deferred_sql)
        atomic = operation.atomic or (migration.atomic and operation.atomic is not False)
        self.operations.append(
            described(operation, atomic=migration.atomic or bool(operation.atomic))
        )
        try:
            with in_transaction(self.connection, atomic and not editor.atomic_migration):
                operation.database_forwards(label, editor, before, after)
        finally:
            if self.recorder:
                self.recorder.reading = False
            self._settle(position)
        self._deferred += [(position, str(sql)) for sql in editor.deferred_sql[held:]]
        self.states.append((before, after))
        self.state = new

    def _settle(self, position: int, *, ending: bool = False) -> None:
        for found in self.recorder.take() if self.recorder else ():
            owner = self._owner(found) if ending else None
            self.statements.append(
                statement_of(
                    found, position if owner is None else owner, deferred=owner is not None
                )
            )

    def _owner(self, found: Recorded) -> int | None:
        """Return the operation that asked for a statement of the end."""
        for entry in self._deferred:
            if found.sql.rstrip(";") == entry[1].rstrip().rstrip(";"):
                self._deferred.remove(entry)
                return entry[0]
        return None


def statement_of(found: Recorded, operation: int, *, deferred: bool = False) -> Statement:
    """Return what was recorded as a statement of an operation."""
    return Statement(
        found.sql, operation, found.transaction, deferred, found.effects, found.trace, found.error
    )


@contextmanager
def in_transaction(connection: BaseDatabaseWrapper, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    with transaction.atomic(using=connection.alias):
        yield


def described(operation: Operation, *, atomic: bool) -> OperationPreview:
    """Return an operation's facts, without its statements."""
    cls = type(operation)
    own = cls.__module__.startswith("django.db.migrations.operations")
    return OperationPreview(
        kind=cls.__name__ if own else f"{cls.__module__}.{cls.__name__}",
        description=_in_words(operation),
        reversible=operation.reversible,
        atomic=atomic,
        python=not operation.reduces_to_sql,
    )


def _in_words(operation: Operation) -> str:
    """Return Django's description; of Python code also the function's name."""
    code = getattr(operation, "code", None)
    name = getattr(code, "__name__", "")
    return f"{operation.describe()}: {name}" if name else operation.describe()
