"""System checks: what is wrong in the project's settings, before a command meets it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from modeler.conf import modeler_settings
from modeler.errors import ConfigurationError


@register("modeler")
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Check the setting ``MODELER``: E001 its names, E002 the admin site, E003 the design."""
    try:
        path = modeler_settings()["ADMIN_SITE"]
    except ConfigurationError as error:
        return [Error(str(error), id="modeler.E001")]
    return [*_admin_site(path), *_design()]


def _design() -> list[CheckMessage]:
    # Not every start of a process needs the rooms.
    from modeler.mongo.design.project import (
        declared_collections,
        project_weights,
        project_workload,
        wanted_indexes,
    )

    try:
        declared_collections()
        project_weights()
        project_workload()
        wanted_indexes()
    except ConfigurationError as error:
        return [
            Error(
                str(error),
                hint="See docs/collections.md and docs/collection-design.md.",
                id="modeler.E003",
            )
        ]
    return []


def _admin_site(path: str | None) -> list[CheckMessage]:
    if path is None:
        return []
    try:
        import_string(path)
    except ImportError as error:
        return [
            Error(
                f"MODELER['ADMIN_SITE'] cannot be imported: {error}.",
                hint="Name the AdminSite by its dotted path, or leave it out.",
                id="modeler.E002",
            )
        ]
    return []
