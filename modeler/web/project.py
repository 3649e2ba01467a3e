"""What is read once in the life of a process: the models do not change while it runs."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from modeler.conf import modeler_settings
from modeler.mongo.spec import CollectionSpec, collection_specs
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

CONTENT_TYPES = "contenttypes.ContentType"


@cache
def project_schema() -> Schema:
    """Return the schema of the project's models."""
    return read_registry()


@cache
def project_specs() -> tuple[CollectionSpec, ...]:
    """Return the collection specifications of the project's models."""
    return collection_specs(project_schema())


def project_hubs() -> frozenset[str]:
    """Return the keys of the tables that everything refers to: users, content types, ``HUBS``."""
    user = getattr(settings, "AUTH_USER_MODEL", "")
    wanted = {name.casefold() for name in (user, CONTENT_TYPES, *modeler_settings()["HUBS"])}
    return frozenset(t.key for t in project_schema().tables if t.key.casefold() in wanted)
