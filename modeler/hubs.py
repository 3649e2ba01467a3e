"""Tables that everything refers to, so that no picture of one table becomes the whole project."""

from __future__ import annotations

from django.conf import settings

from modeler.conf import modeler_settings
from modeler.schema.schema import Schema

CONTENT_TYPES = "contenttypes.ContentType"


def hubs_of(schema: Schema) -> frozenset[str]:
    """Return the keys of the user model, content types and what ``MODELER["HUBS"]`` names."""
    user = getattr(settings, "AUTH_USER_MODEL", "")
    wanted = {name.casefold() for name in (user, CONTENT_TYPES, *modeler_settings()["HUBS"])}
    return frozenset(table.key for table in schema.tables if table.key.casefold() in wanted)
