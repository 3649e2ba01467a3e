"""Tables that models name with the schema which unqualified names reach anyway.

A live table of the current schema has none in its location; ``db_table = 'public"."film'`` means
the same one. Only a live database can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from modeler.schema.location import Location
from modeler.schema.schema import Schema


def reached(models: Schema, live: Schema) -> dict[Location, Location]:
    """Return where those tables of models lie that only the name of the schema sets apart.

    It is the current one if the database has no table in it, but has such a one without a schema.
    """
    there = {table.location for table in live.tables if table.location is not None}
    others = {(place.alias, place.schema) for place in there}
    places = {place for table in models.tables for place in (table.location, *table.also_at)}
    return {
        place: bare
        for place in places
        if place is not None and place.schema and (place.alias, place.schema) not in others
        if (bare := replace(place, schema="")) in there
    }


def relocated(value: Any, moved: Mapping[Location, Location]) -> Any:
    """Return any value of the vocabulary with its locations moved."""
    if not moved:
        return value
    if isinstance(value, Location):
        return moved.get(value, value)
    if isinstance(value, tuple):
        return tuple(relocated(item, moved) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {each.name: relocated(getattr(value, each.name), moved) for each in fields(value)}
    return replace(value, **changed)
