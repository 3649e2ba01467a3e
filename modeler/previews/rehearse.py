"""Running migrations on the shadow and noting what they do; inside the child process."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.apps import apps as project_apps
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from modeler.previews.analyst import Analyst
from modeler.previews.chain import Chain
from modeler.previews.course import Course
from modeler.previews.options import STATIC, Options
from modeler.previews.partial_state import PartialStates
from modeler.previews.preview import MigrationPreview, Reversal
from modeler.previews.recorder import Recorder
from modeler.previews.release import Releases
from modeler.previews.replay.replay import Replay
from modeler.previews.reversal import Snapshot, compared, snapshot
from modeler.previews.stock import Stock
from modeler.previews.trace.tracer import Tracer
from modeler.previews.way_back import WayBack
from modeler.previews.words import in_words


class Rehearsal:
    """Migrations one after the other on one database of the shadow.

    Args:
        connection: under the alias that the routers will be asked for.
        loader: the project's migrations.
        options: how much is done beside.
    """

    def __init__(
        self, connection: BaseDatabaseWrapper, loader: MigrationLoader, options: Options = STATIC
    ) -> None:
        self.connection = connection
        self.loader = loader
        self.options = options
        self.tracer = Tracer(connection) if options.trace else None
        self.analyst = Analyst(connection)
        self.recorder = Recorder(connection, analyst=self.analyst, tracer=self.tracer)
        self.state = ProjectState(real_apps=loader.unmigrated_apps)
        self.releases = Releases(connection) if options.trace and options.replay else None
        self.stock = Stock(connection, options.rows if options.trace else 0)
        self.partial = PartialStates()
        self.chain = Chain(connection) if options.chain else None
        self.own_connections: dict[str, None] = {}
        self.aliases = frozenset(connections)

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
        course = Course(migration, self.connection, None, self.state, self.partial)
        course.run()
        self.state = course.state

    def pass_over(self, migration: Migration) -> None:
        """Take a migration as applied: the database is as it left it."""
        self.state = migration.mutate_state(self.state, preserve=False)

    def run_shown(self, migration: Migration, *, final: bool = True) -> MigrationPreview:
        """Apply a migration, note its statements, then those that would undo it.

        What fails is said in the result's ``error``; the database is then as it was, or for a
        migration without a transaction as PostgreSQL left it.

        Args:
            migration: to run.
            final: no other one will be shown after it.
        """
        preview = MigrationPreview(
            migration.app_label,
            migration.name,
            applied=False,
            atomic=migration.atomic,
            reversible=all(operation.reversible for operation in migration.operations),
            replaces=tuple(f"{app}.{name}" for app, name in migration.replaces),
            file=_file(migration),
        )
        with self._other_connections(preview.key):
            preview, course, before = self._forward(migration, preview)
        if preview.error:
            return preview
        if self.chain:
            self.chain.ran(migration, self.state)
        self.state = course.state
        preview = replace(
            preview, operations=course.described(self._why_nothing), forward=course.said
        )
        if self.releases:
            preview = replace(preview, replay=self.releases.after(preview.forward, final=final))
        if not self.options.backward:
            return preview
        way_back = WayBack(course, self.connection, self.recorder)
        if before is None or not preview.reversible:
            way_back.collect(self._why_nothing)
        else:
            preview = replace(preview, reversal=self._there_and_back(course, way_back, before))
        return replace(
            preview,
            operations=tuple(
                replace(operation, backward_note=way_back.notes.get(position, ""))
                for position, operation in enumerate(preview.operations)
            ),
            backward=tuple(way_back.statements),
        )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Trace what runs in the block, where that was asked for."""
        if self.tracer is None:
            yield
            return
        with self.tracer.watching():
            yield

    @contextmanager
    def _other_connections(self, key: str) -> Iterator[None]:
        """Notice connections that a migration's code opens: in a thread, or by another alias."""

        def opened(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
            if connection is self.connection or connection.alias not in self.aliases:
                return  # modeler's own watchers are no databases of the project
            same = connection.alias == self.connection.alias
            way = "on a connection of its own" if same else f"to the database {connection.alias!r}"
            self.own_connections.setdefault(f"what the code of {key} sent {way}")

        connection_created.connect(opened)
        try:
            yield
        finally:
            connection_created.disconnect(opened)

    @property
    def missed(self) -> tuple[str, ...]:
        """What the whole rehearsal could not trace."""
        return (
            *(self.tracer.missed if self.tracer else ()),
            *(self.releases.missed if self.releases else ()),
            *self.own_connections,
        )

    def begin_release(self, migrations: Sequence[Migration]) -> None:
        """Let code meet the schema before all shown migrations, which are one deploy."""
        if self.releases and len(migrations) > 1:
            self.releases.begin(self.state, migrations)

    def end_release(self) -> Replay | None:
        """Return what running code meets once all of them have run."""
        return self.releases.end() if self.releases else None

    def _there_and_back(self, course: Course, way_back: WayBack, before: Snapshot) -> Reversal:
        """Undo a migration for real and do it again."""
        after = snapshot(self.connection, rows=False)
        self._begin()
        way_back.go(self._why_nothing)
        undone = snapshot(self.connection)
        if way_back.error:
            # In a transaction nothing was undone, and there is nothing to do again.
            return Reversal(error=way_back.error, left=compared(after, after, undone, None).left)
        try:
            Course(course.migration, self.connection, None, course.start, self.partial).run()
        except Exception as error:  # the project's code may raise anything
            return compared(before, after, undone, None, f"done again: {in_words(error)}")
        return compared(before, after, undone, snapshot(self.connection, rows=False))

    def _forward(
        self, migration: Migration, preview: MigrationPreview
    ) -> tuple[MigrationPreview, Course, Snapshot | None]:
        """Run a migration; where it fails on generated rows, run it on plain ones, then on none.

        Rows that the schema allows may break what the migration demands: that is a finding, and
        its locks are still to be seen.
        """
        stocks: tuple[bool | None, ...] = (self.options.plain,)
        if self.stock.rows and migration.atomic and not self.options.plain:
            stocks = (False, True, None)
        broken: MigrationPreview | None = None
        for plain in stocks:
            if plain is not stocks[0]:
                self.stock.empty()
            if plain is not None:
                self.stock.fill(plain=plain)
            if plain is False and self.releases:
                self.releases.before(self.state, migration)
            before = self._snapshot()
            if self.chain:
                self.chain.begin()
            self._begin()
            course = Course(migration, self.connection, self.recorder, self.state, self.partial)
            start = time.perf_counter()
            try:
                course.run()
            except (Exception, SystemExit) as error:  # whatever code raises is the finding
                words = in_words(error)
                failed = replace(
                    preview,
                    operations=tuple(course.operations),
                    forward=course.said,
                    error=words,
                    broke_at=len(course.operations) - 1,
                    broke_on=course.broke_on(words),
                )
                broken = broken or failed
                continue
            preview = replace(preview, seconds=round(time.perf_counter() - start, 4))
            if broken:
                preview = replace(
                    preview,
                    broken_by_rows=broken.error,
                    broke_at=broken.broke_at,
                    broke_on=broken.broke_on,
                )
            return preview, course, before
        return failed, course, before

    def _snapshot(self) -> Snapshot | None:
        wanted = self.tracer and self.options.reverse and self.options.backward
        return snapshot(self.connection) if wanted else None

    def _begin(self) -> None:
        self.connection.ensure_connection()
        if self.tracer:
            self.tracer.begin()
        self.analyst.begin()

    def _why_nothing(
        self, label: str, operation: Operation, before: ProjectState, after: ProjectState
    ) -> str:
        """Say why an operation sent no statement."""
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


def _file(migration: Migration) -> str:
    try:
        path = Path(inspect.getfile(type(migration)))
    except (TypeError, OSError):
        return ""  # written by modeler, and in no file
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
