"""Which migrations a run will apply."""

from __future__ import annotations

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from modeler.errors import ConfigurationError, UnknownName
from modeler.previews.steps import Node, Step, Steps
from modeler.previews.steps import plan_of as whole_plan


def pending_nodes(
    loader: MigrationLoader, alias: str, app: str = "", name: str = ""
) -> tuple[Node, ...]:
    """Return what ``migrate APP NAME`` would apply, in order.

    Args:
        loader: of that database, freshly read.
        app: an app's label, ``""`` for all.
        name: a migration of it or the beginning of its name, ``""`` for all.

    Raises:
        UnknownName: there is no such app or migration.
        ConfigurationError: the name fits several, or migrations would be undone.
    """
    targets = loader.graph.leaf_nodes()
    if app:
        if app not in loader.migrated_apps:
            raise UnknownName("app with migrations", app, loader.migrated_apps)
        targets = [node for node in targets if node[0] == app]
    if name:
        targets = [_target(loader, app, name)]
    plan = MigrationExecutor(connections[alias]).migration_plan(targets)
    if any(backwards for _, backwards in plan):
        raise ConfigurationError(
            f"That would undo {plan[0][0].app_label}.{plan[0][0].name}; migrate_safely goes "
            f"forward only. To undo it: manage.py migrate {app} {name} --database {alias}"
        )
    return tuple((migration.app_label, migration.name) for migration, _ in plan)


def steps_of(loader: MigrationLoader, nodes: tuple[Node, ...]) -> Steps:
    """Return the steps of a preview that shows these migrations upon what is applied."""
    applied = [node for node in whole_plan(loader) if node in loader.applied_migrations]
    return Steps(
        (
            *(Step(*node, shown=False, applied=True) for node in applied if node not in nodes),
            *(Step(*node, shown=True, applied=False) for node in nodes),
        ),
        "pending",
        together=True,
    )


def _target(loader: MigrationLoader, app: str, name: str) -> Node:
    if name == "zero":
        raise ConfigurationError(
            f"migrate_safely goes forward only. To undo all of {app}: manage.py migrate {app} zero"
        )
    known = [found for label, found in loader.graph.nodes if label == app]
    fits = [name] if name in known else [found for found in known if found.startswith(name)]
    if len(fits) > 1:
        raise ConfigurationError(
            f"{name!r} fits several migrations of {app}: {', '.join(sorted(fits))}. "
            "Write more of the name."
        )
    if not fits:
        raise UnknownName(f"migration of {app}", name, known)
    return app, fits[0]
