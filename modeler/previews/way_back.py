"""One migration going backward: collected without a trace, or gone for real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.course import Course, WhyNothing, in_transaction, statement_of
from modeler.previews.editor import schema_editor
from modeler.previews.recorder import Recorded, Recorder
from modeler.previews.statement import Statement
from modeler.previews.words import in_words

IRREVERSIBLE = "irreversible: Django cannot undo it"
FAILED = "undoing it failed"


class WayBack:
    """What undoes a migration that has just run.

    Args:
        course: its way forward.
        connection: of the shadow.
        recorder: of the same connection.

    Attributes:
        statements: in the order in which they run.
        notes: by the operation's position, why it has none.
        error: what failed on the way, ``""`` if nothing did.
    """

    def __init__(
        self, course: Course, connection: BaseDatabaseWrapper, recorder: Recorder
    ) -> None:
        self.course = course
        self.connection = connection
        self.recorder = recorder
        self.statements: list[Statement] = []
        self.notes: dict[int, str] = {}
        self.error = ""

    def collect(self, why: WhyNothing) -> None:
        """Note the statements; the database is afterwards as it was."""
        with self._undone() as editor:
            self._walk(editor, why)

    def go(self, why: WhyNothing) -> None:
        """Undo the migration for real, as ``Migration.unapply``; ``error`` says what failed."""
        migration = self.course.migration
        try:
            with (
                self.recorder.listening(),
                schema_editor(self.connection, atomic=migration.atomic) as editor,
            ):
                self._walk(editor, why, stop=True)
        except Exception as error:  # whatever the project's code raises is the finding
            self.error = in_words(error)
        finally:
            self._settle(0)

    def _walk(self, editor: Any, why: WhyNothing, *, stop: bool = False) -> None:
        migration, states = self.course.migration, self.course.states
        label = migration.app_label
        for position in reversed(range(len(migration.operations))):
            operation = migration.operations[position]
            before, after = states[position]
            if not operation.reversible:
                self.notes[position] = IRREVERSIBLE
                if stop:
                    return
                continue
            self.recorder.reading = not operation.reduces_to_sql
            count = len(self.statements)
            atomic = operation.atomic or (migration.atomic and operation.atomic is not False)
            try:
                with (
                    self.recorder.listening() if not stop else _already(),
                    in_transaction(
                        self.connection,
                        stop and atomic and not editor.atomic_migration,
                    ),
                ):
                    operation.database_backwards(label, editor, after, before)
                self._settle(position, editor)
                if len(self.statements) == count:
                    self.notes[position] = why(label, operation, before, after)
            except Exception as error:  # as above: the project's code may raise anything
                self._settle(position, editor)
                self.notes[position] = f"{FAILED}: {in_words(error)}"
                if stop:
                    raise
                if editor.connection.in_atomic_block:
                    # The transaction is broken; what comes before could not be tried.
                    for earlier in range(position):
                        self.notes[earlier] = "not tried: undoing a later one failed"
                    return
            finally:
                self.recorder.reading = False

    def _settle(self, position: int, editor: Any = None) -> None:
        found = list(self.recorder.take())
        if editor is not None and editor.collect_sql:
            found += [Recorded(str(sql), 0) for sql in editor.collected_sql]
            editor.collected_sql = []
        self.statements += [statement_of(one, position) for one in found]

    @contextmanager
    def _undone(self) -> Iterator[Any]:
        """Give an editor whose work leaves no trace.

        An atomic migration is undone for real in a transaction that is rolled back. Statements
        that PostgreSQL refuses in a transaction are collected instead, in the right state.
        """
        if not self.course.migration.atomic:
            with self.connection.schema_editor(collect_sql=True, atomic=False) as editor:
                yield editor
            return
        with transaction.atomic(using=self.connection.alias):
            editor = self.connection.SchemaEditorClass(self.connection, atomic=True)
            editor.deferred_sql = []
            # Inside the block already, so that the editor's own __enter__ must not open one.
            editor.atomic_migration = False
            yield editor
            transaction.set_rollback(True, using=self.connection.alias)


@contextmanager
def _already() -> Iterator[None]:
    yield
