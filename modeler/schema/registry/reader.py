"""A schema from an app registry."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterable
from contextlib import suppress

import django
from django.apps import registry
from django.apps.registry import Apps
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import translation

from modeler.collector import collector_paused
from modeler.conf import modeler_settings
from modeler.schema.registry.admin_facts import admin_facts
from modeler.schema.registry.placement import chosen_aliases, places_of
from modeler.schema.registry.reading import Model, Reading, key_of
from modeler.schema.registry.source import source_of
from modeler.schema.registry.tables import table_of
from modeler.schema.schema import App, Origin, OriginKind, Schema


def _migrated_apps(source: Apps) -> frozenset[str]:
    """Return the labels of apps with migrations; the modules are looked for, not imported."""
    found = set()
    for config in source.get_app_configs():
        module, _ = MigrationLoader.migrations_module(config.label)
        # MIGRATION_MODULES may name what is not there, to make tables without migrations.
        with suppress(ModuleNotFoundError):
            if module is not None and importlib.util.find_spec(module) is not None:
                found.add(config.label)
    return frozenset(found)


def _import_urls() -> list[tuple[str, str]]:
    """Import the project's URLs; return why they could not be, if so."""
    name = getattr(settings, "ROOT_URLCONF", None)
    if not isinstance(name, str):
        return []
    # The module is the project's code; a diagram of the models that are there is worth more
    # than none.
    try:
        importlib.import_module(name)
    except Exception as error:
        reason = f"not imported, so models made there are missing: {type(error).__name__}: {error}"
        return [(name, reason)]
    return []


def read_registry(*, apps: Apps | None = None, aliases: Iterable[str] | None = None) -> Schema:
    """Read the models of the project, without any database query.

    Texts are in the language that the code is written in, whoever is looking.

    Args:
        apps: the registry; the project's own if not given, after its ROOT_URLCONF was imported,
            because some models are made only then.
        aliases: the databases to read; all of ``DATABASES`` if not given. With a given list,
            models that have no table in any of them are left out.

    Raises:
        UnknownName: an alias is not in ``DATABASES``.
        ConfigurationError: no database is configured.
    """
    chosen = chosen_aliases(aliases)
    unread: list[tuple[str, str]] = []
    own = apps is None
    source = registry.apps if apps is None else apps
    # With no language active, lazy texts give the words that the code holds.
    with translation.override(None), collector_paused():
        if own:
            unread += _import_urls()
        models: list[Model] = sorted(
            source.get_models(include_auto_created=True, include_swapped=True), key=key_of
        )
        reading = Reading(
            {alias: connections[alias] for alias in chosen},
            {},
            tuple(modeler_settings()["SENSITIVE"]),
        )
        reading.migrated = _migrated_apps(source)
        for model in models:
            opts = model._meta
            places, reason = places_of(opts.app_label, opts.model_name, model, chosen)
            reading.places[key_of(model)] = places
            if reason:
                unread.append((key_of(model), reason))
        admin = admin_facts() if own else {}
        tables = tuple(
            table_of(model, reading, admin=admin.get(key_of(model), ()), source=source_of(model))
            for model in models
            if aliases is None or reading.places[key_of(model)] or model._meta.swapped
        )
        titles = tuple(
            App(config.label, config.name, str(config.verbose_name))
            for config in sorted(source.get_app_configs(), key=lambda config: config.label)
        )
    return Schema(
        tables=tables,
        apps=titles,
        vendors=tuple((alias, connections[alias].vendor, "") for alias in chosen),
        origin=Origin(
            OriginKind.REGISTRY,
            detail=os.environ.get("DJANGO_SETTINGS_MODULE", ""),
            reader=f"Django {django.get_version()}",
        ),
        unread=tuple(unread),
    )
