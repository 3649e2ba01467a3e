"""Which models a migration concerns: by what their states say and by the tables it touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from modeler.previews.replay.parents import classes_by_table, concrete_models

# Options of a model that its table shows.
OPTIONS = (
    "db_table", "unique_together", "index_together", "indexes", "constraints", "managed", "proxy",
    "order_with_respect_to", "swappable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Affected:
    """Labels of the models to exercise.

    Attributes:
        old: of the state before.
        new: of the state after.
    """

    old: frozenset[str]
    new: frozenset[str]


def affected_models(
    before: ProjectState, after: ProjectState, tables_changed: Iterable[str] = ()
) -> Affected:
    """Return the models whose tables change, and those that can feel it.

    These are models whose state differs, whose tables are named, the children of multi-table
    inheritance, and what refers to a key whose type changes.

    Args:
        before, after: the states around the migrations.
        tables_changed: names, as in ``db_table``, that statements of theirs changed.
    """
    keys = {
        key
        for key in before.models.keys() | after.models.keys()
        if _differs(before.models.get(key), after.models.get(key))
    }
    named = {table.rpartition(".")[2].strip('"') for table in tables_changed}
    old, new = classes_by_table(before.apps), classes_by_table(after.apps)
    by_state = _tables(before.apps, keys) | _tables(after.apps, keys)
    rekeyed = {name for name in by_state if _key_type(old.get(name)) != _key_type(new.get(name))}
    # Of what only SQL changes, the key may be what it changed.
    rekeyed |= (named & old.keys()) - by_state
    tables = named | by_state
    return Affected(_labels(before.apps, tables, rekeyed), _labels(after.apps, tables, rekeyed))


def with_edges(apps: Apps, others: Apps) -> frozenset[str]:
    """Return the labels of the models whose counterparts have constraints that they have not."""
    counterparts = classes_by_table(others)
    return frozenset(
        model._meta.label
        for model in concrete_models(apps)
        if (other := counterparts.get(model._meta.db_table)) not in (None, model)
        and _constraints(model) != _constraints(other)
    )


def _constraints(model: type[models.Model]) -> tuple[list[Any], set[str | None]]:
    enforced = {
        field.column
        for field in model._meta.local_concrete_fields
        if field.remote_field and getattr(field, "db_constraint", False)
    }
    return sorted(model._meta.constraints, key=lambda found: found.name), enforced


def _differs(one: ModelState | None, other: ModelState | None) -> bool:
    """Tell whether a model's table may differ between two states."""
    if one is None or other is None or one.bases != other.bases:
        return True
    if any(one.options.get(name) != other.options.get(name) for name in OPTIONS):
        return True
    if one.fields.keys() != other.fields.keys():
        return True
    return any(
        field is not other.fields[name] and _column(field) != _column(other.fields[name])
        for name, field in one.fields.items()
    )


def _column(field: models.Field) -> tuple[Any, ...]:
    """Return what the database can notice of a field."""
    _, path, arguments, options = field.deconstruct()
    ignored = {*field.non_db_attrs, "default"} - {"db_column"}
    kept = {name: value for name, value in options.items() if name not in ignored}
    return path, arguments, kept


def _tables(apps: Apps, keys: Iterable[tuple[str, str]]) -> set[str]:
    """Return the tables of models, with those of their automatic joins."""
    found: set[str] = set()
    for app, name in keys:
        try:
            model = apps.get_model(app, name)
        except LookupError:
            continue
        found.add(model._meta.db_table)
        for field in model._meta.local_many_to_many:
            through: Any = field.remote_field.through
            if through is not None and not isinstance(through, str):
                found.add(through._meta.db_table)
    return found


def _key_type(model: type[models.Model] | None) -> str | None:
    return model._meta.pk.get_internal_type() if model else None


def _labels(apps: Apps, tables: set[str], rekeyed: set[str]) -> frozenset[str]:
    return frozenset(
        model._meta.label
        for model in concrete_models(apps)
        if model._meta.db_table in tables
        or any(parent._meta.db_table in tables for parent in model._meta.parents)
        or any(
            field.remote_field and field.remote_field.model._meta.db_table in rekeyed
            for field in model._meta.local_concrete_fields
        )
    )
