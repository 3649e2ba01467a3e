"""From a preview and the loaded migrations to what the rules look at."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.previews.hazards.operations import operations_of, source_of
from modeler.previews.hazards.plan import Plan, Planned, Size, planned
from modeler.previews.hazards.running import RunningTable, RunningTables
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.sql.commands import Command
from modeler.previews.sql.reader import read_statements
from modeler.previews.statement import Statement
from modeler.previews.steps import Steps


def plan_of(
    preview: Preview,
    steps: Steps,
    loader: MigrationLoader,
    *,
    sizes: Mapping[str, Size] | None = None,
    sources: Mapping[tuple[str, str], str] | None = None,
) -> Plan:
    """Return the plan of a preview.

    Args:
        preview: what was rehearsed.
        steps: what was asked for; its migrations run in that order.
        loader: has the migrations; those that are in no file were put among them.
        sizes: of live tables, None where the live database was not asked.
        sources: texts of migrations that are in no file.
    """
    shown = {(found.app, found.name): found for found in preview.migrations}
    state = ProjectState(real_apps=loader.unmigrated_apps)
    made: frozenset[str] = frozenset()
    migrations: list[Planned] = []
    tables = RunningTables()
    running: dict[str, RunningTable] | None = None
    for step in steps.steps:
        migration = loader.disk_migrations[step.app, step.name]
        found = shown.get((step.app, step.name))
        if found is not None:
            own = frozenset(name for one in found.forward for name in _made(one))
            made = made | own if steps.together else own
            source = (sources or {}).get((step.app, step.name)) or source_of(migration)
            if running is None or not steps.together:
                running = tables.of(state)
            migrations.append(_planned(found, migration, state, source, made, running))
        migration.mutate_state(state, preserve=False)
        if len(migrations) == len(shown):
            break
    version = preview.database_version or preview.server_version
    return Plan(
        tuple(migrations),
        preview.database,
        int(version.partition(".")[0]),
        sizes,
        made if steps.together else frozenset(),
        {
            model.options.get("db_table") or f"{app}_{name}": f"{app}.{name}"
            for (app, name), model in state.models.items()
        },
    )


def _planned(
    preview: MigrationPreview,
    migration: Migration,
    state: ProjectState,
    source: str,
    made: frozenset[str],
    running: Mapping[str, RunningTable],
) -> Planned:
    return planned(
        preview,
        tuple(map(_read, preview.forward)),
        tuple(map(_read, preview.backward)),
        made,
        operations=operations_of(migration, state, preview.file, source),
        source=source,
        needs=tuple(f"{app}.{name}" for app, name in migration.dependencies),
        running=running,
    )


def _read(statement: Statement) -> tuple[Command, ...]:
    return read_statements(statement.sql)


def _made(statement: Statement) -> tuple[str, ...]:
    """Return the relations that a statement makes, by both accounts."""
    return (
        *(statement.effects.creates if statement.effects else ()),
        *(statement.trace.creates if statement.trace else ()),
    )
