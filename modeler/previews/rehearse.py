"""Running migrations on the shadow and noting what they do; inside the child process."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.apps import apps as project_apps
from django.db import DatabaseError, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from modeler.previews.preview import MigrationPreview, OperationPreview
from modeler.previews.statements import StatementLog

Run = tuple[Operation, ProjectState, ProjectState]


class Rehearsal:
    """Migrations one after the other on one database of the shadow.

    Args:
        connection: under the alias that the routers will be asked for.
        loader: the project's migrations.
    """

    def __init__(self, connection: BaseDatabaseWrapper, loader: MigrationLoader) -> None:
        self.connection = connection
        self.loader = loader
        self.log = StatementLog(connection)
        self.state = ProjectState(real_apps=loader.unmigrated_apps)

    def make_unmigrated_apps(self) -> None:
        """Create the tables of apps without migrations, as ``migrate --run-syncdb`` does."""
        alias = self.connection.alias
        models = [
            model
            for label in sorted(self.loader.unmigrated_apps)
            for model in router.get_migratable_models(project_apps.get_app_config(label), alias)
            if model._meta.can_migrate(self.connection)
        ]
        with self.connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)

    def run_unseen(self, migration: Migration) -> None:
        """Apply a migration without noting anything."""
        self._render()
        with self.connection.schema_editor(atomic=migration.atomic) as editor:
            self.state = migration.apply(self.state, editor)

    def run_shown(self, migration: Migration) -> MigrationPreview:
        """Apply a migration, note its statements, then those that would undo it.

        What fails is said in the result's ``error``; the database is then as it was, or for a
        migration without a transaction as PostgreSQL left it.
        """
        self._render()
        preview = MigrationPreview(
            migration.app_label,
            migration.name,
            applied=False,
            atomic=migration.atomic,
            reversible=all(operation.reversible for operation in migration.operations),
            replaces=tuple(f"{app}.{name}" for app, name in migration.replaces),
            file=_file(migration),
        )
        runs: list[Run] = []
        forward: list[OperationPreview] = []
        try:
            with self.log.listening():
                self._forward(migration, runs, forward)
        except Exception as error:  # whatever the project's code raises is the finding
            self.state = runs[0][1] if runs else self.state
            return replace(preview, operations=tuple(forward), error=in_words(error))
        return replace(preview, operations=tuple(self._with_backward(migration, runs, forward)))

    def _render(self) -> None:
        if "apps" not in self.state.__dict__:
            # Rendered once here, Django then re-renders only what each operation changes.
            self.state.apps  # noqa: B018

    def _forward(
        self, migration: Migration, runs: list[Run], previews: list[OperationPreview]
    ) -> None:
        """As ``Migration.apply``, noting statements an operation."""
        label = migration.app_label
        with self.connection.schema_editor(atomic=migration.atomic) as editor:
            for operation in migration.operations:
                before = self.state.clone()
                operation.state_forwards(label, self.state)
                runs.append((operation, before, self.state.clone()))
                self.log.reading = not operation.reduces_to_sql
                held = len(editor.deferred_sql)
                atomic = operation.atomic or (migration.atomic and operation.atomic is not False)
                previews.append(
                    _described(operation, atomic=migration.atomic or bool(operation.atomic))
                )
                with _transaction(self.connection, atomic and not editor.atomic_migration):
                    operation.database_forwards(label, editor, before, self.state)
                previews[-1] = replace(
                    previews[-1],
                    forward=self.log.take(),
                    deferred=tuple(f"{sql};" for sql in map(str, editor.deferred_sql[held:])),
                )
                self.log.reading = False
            for position, preview in enumerate(previews):
                # An operation that drops a table or column takes its deferred statements back.
                live = {f"{sql};" for sql in map(str, editor.deferred_sql)}
                kept = tuple(sql for sql in preview.deferred if sql in live)
                note = "" if preview.forward or kept else self._why_nothing(label, runs[position])
                previews[position] = replace(preview, deferred=kept, forward_note=note)
        self.log.take()

    def _with_backward(
        self, migration: Migration, runs: list[Run], previews: list[OperationPreview]
    ) -> Iterator[OperationPreview]:
        statements: dict[int, tuple[tuple[str, ...], str]] = {}
        with self._undone(migration) as editor:
            for position, (operation, before, after) in reversed(list(enumerate(runs))):
                if not operation.reversible:
                    statements[position] = ((), "irreversible: Django cannot undo it")
                    continue
                try:
                    with self.log.listening():
                        operation.database_backwards(migration.app_label, editor, after, before)
                    ran = (*self.log.take(), *_collected(editor))
                    why = "" if ran else self._why_nothing(migration.app_label, runs[position])
                    statements[position] = (ran, why)
                except Exception as error:  # as above: the project's code may raise anything
                    self.log.take()
                    statements[position] = ((), f"undoing it failed: {in_words(error)}")
                    if editor.connection.in_atomic_block:
                        # The transaction is broken; what comes before could not be tried.
                        for earlier in range(position):
                            statements[earlier] = ((), "not tried: undoing a later one failed")
                        break
        for position, preview in enumerate(previews):
            backward, note = statements[position]
            yield replace(preview, backward=backward, backward_note=note)

    def _why_nothing(self, label: str, run: Run) -> str:
        """Say why an operation sent no statement."""
        operation, before, after = run
        if not operation.reduces_to_sql:
            return "Python code that sent no statement on empty tables"
        alias = self.connection.alias
        name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
        for state in (after, before):
            if (label, str(name).lower()) in state.models:
                model = state.apps.get_model(label, name)
                if not router.allow_migrate_model(alias, model):
                    return f"the routers keep {model._meta.label} off the database {alias!r}"
                break
        else:
            if not router.allow_migrate(alias, label, **getattr(operation, "hints", {})):
                return f"the routers keep it off the database {alias!r}"
        return "changes Django's state only; PostgreSQL has nothing to do"

    @contextmanager
    def _undone(self, migration: Migration) -> Iterator[Any]:
        """Give an editor whose work leaves no trace.

        An atomic migration is undone for real in a transaction that is rolled back. Statements
        that PostgreSQL refuses in a transaction are collected instead, in the right state.
        """
        if not migration.atomic:
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


def _collected(editor: Any) -> tuple[str, ...]:
    if not editor.collect_sql:
        return ()
    taken = tuple(str(sql) for sql in editor.collected_sql)
    editor.collected_sql = []
    return taken


@contextmanager
def _transaction(connection: BaseDatabaseWrapper, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    with transaction.atomic(using=connection.alias):
        yield


def _described(operation: Operation, *, atomic: bool) -> OperationPreview:
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


def _file(migration: Migration) -> str:
    path = Path(inspect.getfile(type(migration)))
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def in_words(error: BaseException) -> str:
    """Return an error as one line with its kind."""
    lines = " ".join(str(error).split())
    kind = type(error).__name__
    if isinstance(error, DatabaseError):
        return lines or kind
    return f"{kind}: {lines}" if lines else kind
