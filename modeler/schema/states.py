"""A schema from a migration state, read from its ``ModelState`` values alone."""

from __future__ import annotations

from collections.abc import Iterable

import django
from django.apps import apps as real_apps
from django.db import connections
from django.db.migrations.state import ProjectState
from django.utils import translation

from modeler.conf import modeler_settings
from modeler.schema.registry.placement import chosen_aliases, places_of
from modeler.schema.registry.reading import Reading, key_of
from modeler.schema.registry.tables import table_of
from modeler.schema.schema import App, Origin, OriginKind, Schema
from modeler.schema.state_models import StateModels

# What a migration never writes down, so that nobody takes its absence for a change.
NOT_IN_STATES = (
    ("generic relations", "migrations do not record generic foreign keys and relations"),
    ("abstract bases", "migrations record the fields of abstract bases in their children"),
    ("documentation", "migrations record neither docstrings nor the admin"),
    ("unmanaged models", "the autodetector records no relations of unmanaged models"),
    ("symmetrical", "migrations do not record whether a many-to-many relation is symmetrical"),
)


def read_state(
    state: ProjectState, *, aliases: Iterable[str] | None = None, detail: str = ""
) -> Schema:
    """Read the models of a migration state; ``state.apps`` is never rendered.

    Args:
        state: for example ``MigrationLoader(None).project_state(nodes)``; it is not changed.
        aliases: the databases to read, all if not given.
        detail: what the origin says, such as the leaves of the graph.

    Raises:
        UnknownName: an alias is not in ``DATABASES``.
    """
    chosen = chosen_aliases(aliases)
    with translation.override(None):
        found = StateModels(state)
        models = list(found.by_key.values())
        for label in sorted(found.real_apps & {c.label for c in real_apps.get_app_configs()}):
            # Apps without migrations have no states; their tables are made from the classes.
            models += real_apps.get_app_config(label).get_models(include_auto_created=True)
        reading = Reading(
            {alias: connections[alias] for alias in chosen},
            {},
            tuple(modeler_settings()["SENSITIVE"]),
        )
        unread = [*NOT_IN_STATES, *found.missing]
        for model in models:
            opts = model._meta
            try:
                known = real_apps.get_model(opts.app_label, opts.model_name)
            except LookupError:
                known = None
            places, reason = places_of(opts.app_label, opts.model_name, known, chosen)
            reading.places[key_of(model)] = places
            if reason:
                unread.append((key_of(model), reason))
        tables = tuple(
            table_of(model, reading)
            for model in sorted(models, key=key_of)
            if aliases is None or reading.places[key_of(model)] or model._meta.swapped
        )
    labels = sorted({table.app for table in tables})
    installed = {config.label: config for config in real_apps.get_app_configs()}
    with translation.override(None):
        titles = tuple(
            App(label, installed[label].name, str(installed[label].verbose_name))
            if label in installed
            else App(label, label, label)
            for label in labels
        )
    return Schema(
        tables=tables,
        apps=titles,
        vendors=tuple((alias, connections[alias].vendor, "") for alias in chosen),
        origin=Origin(OriginKind.MIGRATIONS, detail, reader=f"Django {django.get_version()}"),
        unread=tuple(unread),
    )
