"""Which models a migration concerns: by what their states say and by the tables it touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from modeler.previews.replay.parents import classes_by_table


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
    tables = named | _tables(before.apps, keys) | _tables(after.apps, keys)
    rekeyed = {table for table in tables if _key_type(old.get(table)) != _key_type(new.get(table))}
    rekeyed |= {
        table for table in named if table in old and table not in _tables(before.apps, keys)
    }
    return Affected(_labels(old, tables, rekeyed), _labels(new, tables, rekeyed))


def referrers(apps: Apps, tables: Iterable[str]) -> frozenset[str]:
    """Return the labels of the models to which these tables refer: deleting them cascades here."""
    by_table = classes_by_table(apps)
    return frozenset(
        field.remote_field.model._meta.concrete_model._meta.label
        for table in tables
        if table in by_table
        for field in by_table[table]._meta.local_concrete_fields
        if field.remote_field
    )


def _differs(one: ModelState | None, other: ModelState | None) -> bool:
    if one is None or other is None:
        return True
    if one.options != other.options or one.bases != other.bases:
        return True
    if one.fields.keys() != other.fields.keys():
        return True
    return any(
        field is not other.fields[name]
        and field.deconstruct()[1:] != other.fields[name].deconstruct()[1:]
        for name, field in one.fields.items()
    )


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
            found.add(field.remote_field.through._meta.db_table)
    return found


def _key_type(model: type[models.Model] | None) -> str | None:
    if model is None or model._meta.pk is None:
        return None
    return model._meta.pk.get_internal_type()


def _labels(
    by_table: dict[str, type[models.Model]], tables: set[str], rekeyed: set[str]
) -> frozenset[str]:
    found = {
        model._meta.label
        for table, model in by_table.items()
        if table in tables or any(p._meta.db_table in tables for p in model._meta.parents)
    }
    if rekeyed:
        found |= {
            model._meta.label
            for model in by_table.values()
            if any(
                field.remote_field and field.remote_field.model._meta.db_table in rekeyed
                for field in model._meta.local_concrete_fields
            )
        }
    return frozenset(found)
