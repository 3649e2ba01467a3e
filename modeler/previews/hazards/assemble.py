"""From a preview and the loaded migrations to what the rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.previews.hazards.graph_facts import graph_facts
from modeler.previews.hazards.operations import OperationFacts, operations_of, source_of
from modeler.previews.hazards.plan import Plan, Planned, Size, planned
from modeler.previews.hazards.running import RunningTable, RunningTables
from modeler.previews.hazards.session_facts import session_facts
from modeler.previews.hazards.table_facts import tables_of
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.sql.commands import Command
from modeler.previews.sql.definitions import Name
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
    unwritten: tuple[str, ...] | None = None,
) -> Plan:
    """Return the plan of a preview.

    Args:
        preview: what was rehearsed.
        steps: what was asked for; its migrations run in that order.
        loader: has the migrations; those that are in no file were put among them.
        sizes: of live tables, None where the live database was not asked.
        sources: texts of migrations that are in no file.
        unwritten: what the autodetector says is in no migration (``app: description``), None where
            it was not asked.
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
            migrations.append(
                replace(
                    _planned(found, migration, state, source, made, running),
                    apps=_apps_relied_on(migration, loader),
                )
            )
        if found is not None and found.error:
            break  # nothing ran after it, and the state may be none
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
        graph_facts(loader, unwritten=unwritten),
        session_facts(connections[preview.database].settings_dict),
        version,
    )


def _apps_relied_on(migration: Migration, loader: MigrationLoader) -> frozenset[str] | None:
    """Return the apps whose models a migration can ask for, where it runs Python code."""
    if all(operation.reduces_to_sql for operation in migration.operations):
        return None
    key = (migration.app_label, migration.name)
    try:
        nodes = loader.graph.forwards_plan(key)
    except NodeNotFoundError:
        # Written by nobody yet, or replaced by a squash: by what it needs itself.
        nodes = [key]
        for need in migration.dependencies:
            if need in loader.graph.nodes:
                nodes += loader.graph.forwards_plan(need)
    return frozenset({app for app, _ in nodes} | set(loader.unmigrated_apps))


def tables_named(preview: MigrationPreview, operations: tuple[OperationFacts, ...]) -> set[str]:
    names = {found.table for found in operations if found.table}
    for statement in preview.forward:
        for command in _read(statement):
            for part in (getattr(command, "name", None), getattr(command, "table", None)):
                if isinstance(part, Name):
                    names.add(part.name)
            for part in (*getattr(command, "writes", ()), *getattr(command, "names", ())):
                names.add(getattr(part, "name", ""))
    return names


def _planned(
    preview: MigrationPreview,
    migration: Migration,
    state: ProjectState,
    source: str,
    made: frozenset[str],
    running: Mapping[str, RunningTable],
) -> Planned:
    operations = operations_of(migration, state, preview.file, source)
    return planned(
        preview,
        tuple(map(_read, preview.forward)),
        tuple(map(_read, preview.backward)),
        made,
        operations=operations,
        source=source,
        needs=tuple(f"{app}.{name}" for app, name in migration.dependencies),
        tables=tables_of(state, tables_named(preview, operations)),
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
