"""The states that an app's migrations lead through, cheap enough to walk along.

``state.apps`` is never rendered and no state is kept: to mutate a state from the beginning costs
less than to copy states that are kept, and what was read stays in a small cache.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.errors import ConfigurationError, UnknownName
from modeler.schema.changes import Change
from modeler.schema.differences import differences
from modeler.schema.schema import Schema
from modeler.schema.states import read_state

Node = tuple[str, str]
KEPT = 16  # schemas; a large one takes some megabytes


class History:
    """The migrations of the project.

    Args:
        loader: without a connection, so that nothing counts as applied. It is not changed.
    """

    def __init__(self, loader: MigrationLoader) -> None:
        self.loader = loader
        self._orders: dict[str, tuple[Node, ...]] = {}
        self._read = lru_cache(KEPT)(self._read_nodes)

    @property
    def apps(self) -> tuple[str, ...]:
        """Labels of the apps that have migrations, in order."""
        return tuple(sorted({app for app, _ in self.loader.graph.nodes}))

    def app_steps(self, app: str) -> tuple[str, ...]:
        """Return the names of an app's migrations in the order in which they run.

        Raises:
            UnknownName: no app of that label has migrations.
        """
        return tuple(name for _, name in self._own(app))

    def find(self, app: str, text: str) -> str:
        """Return the migration of an app that a name or the beginning of one means.

        Raises:
            UnknownName: there is no such app or migration; the message has the nearest.
            ConfigurationError: several begin so.
        """
        names = self.app_steps(app)
        if text in names:
            return text
        fits = [name for name in names if name.startswith(text)]
        if len(fits) > 1:
            raise ConfigurationError(
                f"{text!r} fits several migrations of {app}: {', '.join(fits)}. "
                "Write more of the name."
            )
        if not fits:
            raise UnknownName(f"migration of {app}", text, names)
        return fits[0]

    def schema(self, app: str = "", name: str = "") -> Schema:
        """Return the schema with migrations applied and all that they depend on.

        Args:
            app: label of an app, ``""`` for the whole project.
            name: of one of its migrations or the beginning of it, ``""`` for the last,
                ``zero`` for before the first.

        Raises:
            UnknownName, ConfigurationError: see ``find``.
        """
        if not app:
            return self._read(tuple(self.loader.graph.leaf_nodes()), "all")
        if name == "zero":  # as migrate calls it
            return self.schema_at_step(app, 0)
        name = self.find(app, name) if name else self.app_steps(app)[-1]
        return self._read(((app, name),), f"{app}.{name}")

    def schema_at_step(self, app: str, position: int) -> Schema:
        """Return the schema after the first ``position`` migrations of an app; 0 is before it.

        That is the state with the migration of that position applied and what it depends on;
        where an app has two branches, what came before in order of ``app_steps`` stays.

        Raises:
            UnknownName: no app of that label has migrations.
            ConfigurationError: it has no such step.
        """
        own = self._own(app)
        if not 0 <= position <= len(own):
            raise ConfigurationError(
                f"{app} has {len(own)} migrations; there is no step {position}. "
                f"Name one from 0 to {len(own)}."
            )
        if not position:
            # What the first one depends on is there before it.
            before = self.loader.graph.forwards_plan(own[0])[:-1]
            return self._read(tuple(before), f"before {app}")
        return self._read(own[:position], f"{app}.{own[position - 1][1]}")

    def around(self, app: str, name: str) -> tuple[Schema, Schema]:
        """Return the schema that a migration meets, and the one that it leaves.

        Both hold what the migration depends on and nothing else, so that the difference is its
        own alone.

        Raises:
            UnknownName, ConfigurationError: see ``find``.
        """
        node = (app, self.find(app, name))
        needed = tuple(sorted(parent.key for parent in self.loader.graph.node_map[node].parents))
        return self._read(needed, f"before {app}.{node[1]}"), self._read((node,), ".".join(node))

    def changes_of_step(self, app: str, position: int) -> tuple[Change, ...]:
        """Return what the migration at a position (from 1) changes, with all that it brings.

        Raises:
            UnknownName, ConfigurationError: see ``schema_at_step``.
        """
        return self.changes_between_steps(app, position - 1, position)

    def changes_between_steps(self, app: str, first: int, last: int) -> tuple[Change, ...]:
        """Return the changes that lead from one step of an app to another, either way.

        Raises:
            UnknownName, ConfigurationError: see ``schema_at_step``.
        """
        return differences(self.schema_at_step(app, first), self.schema_at_step(app, last))

    def _own(self, app: str) -> tuple[Node, ...]:
        if app not in self._orders:
            if app not in self.apps:
                raise UnknownName("app with migrations", app, self.apps)
            seen: dict[Node, None] = {}
            for leaf in self.loader.graph.leaf_nodes(app):
                seen |= dict.fromkeys(self.loader.graph.forwards_plan(leaf))
            self._orders[app] = tuple(node for node in seen if node[0] == app)
        return self._orders[app]

    def _read_nodes(self, nodes: tuple[Node, ...], detail: str) -> Schema:
        graph = self.loader.graph
        plan: dict[Node, None] = {}
        for node in nodes:
            plan |= dict.fromkeys(graph.forwards_plan(node))
        state = ProjectState(real_apps=self.loader.unmigrated_apps)
        for node in plan:
            state = with_own_fields(graph.nodes[node]).mutate_state(state, preserve=False)
        return read_state(state, detail=detail)


def with_own_fields(migration: Migration) -> Migration:
    """Return a migration whose operations may be run on a state more than once.

    Some operations (RenameField) change fields of the state in place, and a state has the very
    objects that the migration holds: a second state would see the later names.
    """
    copied = copy.copy(migration)
    copied.__dict__["operations"] = list(map(_with_own_fields, migration.operations))
    return copied


def _with_own_fields(operation: Any) -> Any:
    changed: dict[str, Any] = {}
    if isinstance(getattr(operation, "fields", None), list):
        changed["fields"] = [(name, copy.deepcopy(field)) for name, field in operation.fields]
    if hasattr(getattr(operation, "field", None), "clone"):
        changed["field"] = copy.deepcopy(operation.field)
    if getattr(operation, "state_operations", None):
        changed["state_operations"] = [
            _with_own_fields(inner) for inner in operation.state_operations
        ]
    if not changed:
        return operation
    copied = copy.copy(operation)
    copied.__dict__.update(changed)
    return copied
