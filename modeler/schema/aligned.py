"""Two schemas brought to the databases that both speak of."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from modeler.schema.location import Location
from modeler.schema.reached import reached, relocated
from modeler.schema.schema import LIVE, Schema
from modeler.schema.table import Table

RECORD = "django_migrations"


def aligned(old: Schema, new: Schema) -> tuple[Schema, Schema]:
    """Return both schemas, ready for ``differences``.

    Beside a live database, models of other databases are left out, and so is what nobody migrates:
    unmanaged models without a table there, and Django's record of migrations. Two live databases
    of different aliases (staging and production) are compared as if they were one, under the new
    one's alias. Two readings of models stay as they are.
    """
    if is_live(old) and is_live(new):
        before, after = aliases_of(old), aliases_of(new)
        if len(before) == len(after) == 1 and before != after:
            (was,), (alias,) = before, after
            old = at_alias(old, was, alias)
        return old, new
    if is_live(new):
        return migrated(at_databases(old, aliases_of(new)), new)
    if is_live(old):
        models, live = migrated(at_databases(new, aliases_of(old)), old)
        return live, models
    return old, new


def migrated(models: Schema, live: Schema) -> tuple[Schema, Schema]:
    """Return both without what migrations neither make nor miss."""
    models = relocated(models, reached(models, live))
    there = {table.location for table in live.tables}
    kept = tuple(table for table in models.tables if table.managed or table.location in there)
    own = tuple(table for table in live.tables if table.name != RECORD or table.app)
    return replace(models, tables=kept), replace(live, tables=own)


def is_live(schema: Schema) -> bool:
    """Tell whether a schema was read from the catalogs of a server."""
    return schema.origin is not None and schema.origin.kind in LIVE


def aliases_of(schema: Schema) -> frozenset[str]:
    """Return the aliases of the databases that were read."""
    return frozenset(alias for alias, _, _ in schema.vendors)


def at_databases(schema: Schema, aliases: frozenset[str]) -> Schema:
    """Return the models that have a table in one of the databases, placed there."""
    placed = (_placed(table, aliases) for table in schema.tables)
    return replace(
        schema,
        tables=tuple(table for table in placed if table is not None),
        enums=tuple(enum for enum in schema.enums if enum.location.alias in aliases),
        domains=tuple(each for each in schema.domains if each.location.alias in aliases),
        sequences=tuple(each for each in schema.sequences if each.location.alias in aliases),
        vendors=tuple(vendor for vendor in schema.vendors if vendor[0] in aliases),
    )


def _placed(table: Table, aliases: frozenset[str]) -> Table | None:
    if table.location is None:
        return table  # swapped
    places = [place for place in (table.location, *table.also_at) if place.alias in aliases]
    if not places:
        return None
    return replace(table, location=places[0], also_at=tuple(places[1:]))


def at_alias(schema: Schema, was: str, alias: str) -> Schema:
    """Return a schema of one live database under another alias."""
    named = replace(
        schema,
        vendors=tuple(
            (alias if each == was else each, vendor, version)
            for each, vendor, version in schema.vendors
        ),
    )
    return _moved(named, was, alias)


# Attributes that hold a table's key, which is its location where no model has it.
KEYS = frozenset({"key", "owner", "target", "through"})


def _moved(value: Any, was: str, alias: str) -> Any:
    if isinstance(value, Location):
        return replace(value, alias=alias) if value.alias == was else value
    if isinstance(value, tuple):
        return tuple(_moved(item, was, alias) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for field in fields(value):
        item = getattr(value, field.name)
        if field.name in KEYS and isinstance(item, str):
            changed[field.name] = (
                f"{alias}:{item[len(was) + 1 :]}" if item.startswith(f"{was}:") else item
            )
        else:
            changed[field.name] = _moved(item, was, alias)
    return replace(value, **changed)
