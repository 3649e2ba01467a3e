"""Rendering only those models of a state that a migration can touch.

Django renders every model before it runs the first operation, and renders again whatever is
related after each: on large projects that is most of the time. An operation of Django's own looks
at its model, at what that refers to, and at what refers to it; the rest need not be there. Python
code may look at anything and gets all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import AppConfigStub, ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.db.models import Field
from django.utils.functional import cached_property

Key = tuple[str, str]
KNOWN_MODULES = ("django.db.migrations.operations", "django.contrib.postgres.operations")
# They look at what refers to their model; the others look at the model and what it refers to.
LOOK_BACK = frozenset(
    {"AlterField", "RenameField", "RenameModel", "DeleteModel", "AlterModelTable",
     "AlterOrderWithRespectTo"}
)  # fmt: skip
NAMES = ("model_name", "name", "old_name", "new_name")


class PartialState(ProjectState):
    """A state that renders what one operation needs, and only when it is asked.

    Args:
        state: its models are shared; it must not be changed any more.
        needed: models to render, None for all.
    """

    def __init__(self, state: ProjectState, needed: frozenset[Key] | None) -> None:
        super().__init__(models=state.models, real_apps=state.real_apps)
        self.needed = needed

    @cached_property
    def apps(self) -> StateApps:
        unmigrated = sorted(self.real_apps)
        if self.needed is None:
            return StateApps(unmigrated, self.models)
        apps = StateApps(unmigrated, {})
        # In the order in which Django would have them, which decides the order of statements.
        for label in sorted({*apps.app_configs, *(label for label, _ in self.models)}):
            stub = apps.app_configs.pop(label, None) or AppConfigStub(label)
            stub.apps = apps
            stub.import_models()
            apps.app_configs[label] = stub
        apps.render_multiple([self.models[key] for key in self.models if key in self.needed])
        return apps

    def clone(self) -> ProjectState:
        plain = bare(self)
        if "apps" in self.__dict__:
            plain.__dict__["apps"] = self.apps.clone()
            return plain
        return PartialState(plain, self.needed)

    def covers(self, needed: frozenset[Key] | None) -> bool:
        """Tell whether it is rendered and holds these models."""
        if "apps" not in self.__dict__:
            return False
        return self.needed is None or (needed is not None and needed <= self.needed)


class PartialStates:
    """Knows which models an operation can look at."""

    def __init__(self) -> None:
        # Fields are shared between the clones of a state; so is what was found out about them.
        self._targets: dict[int, tuple[Field, tuple[Key, ...]]] = {}

    def around(
        self, operation: Operation, label: str, before: ProjectState, after: ProjectState
    ) -> tuple[PartialState, PartialState]:
        """Return the two states around an operation, rendered as far as it needs.

        Args:
            operation: to run, forward or backward.
            label: of its app.
            before, after: without rendered models; they must not be changed any more.
        """
        first = self.needed(before, (operation,), label)
        last = self.needed(after, (operation,), label)
        if isinstance(before, PartialState) and before.covers(first):
            return before, PartialState(after, last)
        return PartialState(before, first), PartialState(after, last)

    def needed(
        self, state: ProjectState, operations: Iterable[Operation], label: str
    ) -> frozenset[Key] | None:
        """Return the models that operations can look at, None for all of them."""
        named: set[Key] = set()
        changed: set[Key] = set()
        referred: set[Key] = set()
        for operation in _flat(operations):
            if operation is None or not _is_known(operation):
                return None
            for key, fields in self._named(operation, label):
                named.add(key)
                if type(operation).__name__ in LOOK_BACK:
                    changed.add(key)
                for field in fields:
                    referred.update(self._targets_of(field, key))
            referred.update(_bases(getattr(operation, "bases", ()), label))
        return frozenset(self._closure(state, named | referred, changed))

    def _closure(self, state: ProjectState, named: set[Key], changed: set[Key]) -> set[Key]:
        forward = {key: self._forward(model, key) for key, model in state.models.items()}
        backward: dict[Key, set[Key]] = {}
        children: dict[Key, set[Key]] = {}
        for key, model in state.models.items():
            for target in forward[key]:
                backward.setdefault(target, set()).add(key)
            for base in _bases(model.bases, key[0]):
                children.setdefault(base, set()).add(key)
        # A change of a model reaches those whose rows are its own: children, proxies, and models
        # whose primary key is a relation to it.
        reached: set[Key] = set()
        queue = list(changed)
        while queue:
            key = queue.pop()
            if key in reached:
                continue
            reached.add(key)
            queue += children.get(key, ())
            queue += [near for near in backward.get(key, ()) if self._key_is(state, near, key)]
        around = reached | named
        for key in reached | named:
            around |= forward.get(key, set())
        for key in reached:
            around |= backward.get(key, set())
        # Whatever is rendered needs its bases, and the models that its primary key refers to.
        queue = list(around)
        found: set[Key] = set()
        while queue:
            key = queue.pop()
            if key in found or key not in state.models:
                continue
            found.add(key)
            queue += _bases(state.models[key].bases, key[0])
            for field in state.models[key].fields.values():
                if field.primary_key or getattr(field.remote_field, "parent_link", False):
                    queue += self._targets_of(field, key)
        return found

    def _key_is(self, state: ProjectState, key: Key, target: Key) -> bool:
        return any(
            field.primary_key and target in self._targets_of(field, key)
            for field in state.models[key].fields.values()
        )

    def _forward(self, model: ModelState, key: Key) -> set[Key]:
        return {
            target for field in model.fields.values() for target in self._targets_of(field, key)
        }

    def _targets_of(self, field: Any, key: Key) -> tuple[Key, ...]:
        known = self._targets.get(id(field))
        if known is not None and known[0] is field:
            return known[1]
        found = []
        remote = getattr(field, "remote_field", None)
        for target in (getattr(remote, "model", None), getattr(remote, "through", None)):
            if target:
                found.append(resolve_relation(target, *key))
        self._targets[id(field)] = (field, tuple(found))
        return tuple(found)

    @staticmethod
    def _named(operation: Operation, label: str) -> Iterator[tuple[Key, list[Any]]]:
        fields = [field for _, field in getattr(operation, "fields", ()) or ()]
        if (field := getattr(operation, "field", None)) is not None:
            fields.append(field)
        for attribute in NAMES:
            name = getattr(operation, attribute, None)
            if isinstance(name, str):
                yield (label, name.lower()), fields


def is_opaque(migration: Migration) -> bool:
    """Tell whether a migration holds SQL, Python or operations of the project."""
    return any(
        operation is None or hasattr(operation, "sql") or not _is_known(operation)
        for operation in _flat(migration.operations)
    )


def bare(state: ProjectState) -> ProjectState:
    """Return a clone of a state without its rendered models."""
    return ProjectState(
        models={key: model.clone() for key, model in state.models.items()},
        real_apps=state.real_apps,
    )


def _flat(operations: Iterable[Operation]) -> Iterator[Operation | None]:
    """Give operations, those inside of others too; None stands for Python code."""
    for operation in operations:
        if hasattr(operation, "code"):
            yield None
            return
        yield operation
        for attribute in ("database_operations", "state_operations"):
            yield from _flat(getattr(operation, attribute, None) or ())


def _is_known(operation: Operation) -> bool:
    return type(operation).__module__.startswith(KNOWN_MODULES)


def _bases(bases: Iterable[Any], label: str) -> set[Key]:
    found = set()
    for base in bases:
        if isinstance(base, str):
            found.add(resolve_relation(base, label))
        elif hasattr(base, "_meta") and not base._meta.abstract:
            found.add((base._meta.app_label, base._meta.model_name))
    return found
