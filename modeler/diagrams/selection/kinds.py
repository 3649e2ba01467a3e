"""Which tables are hidden until somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from modeler.diagrams.selection.selection import Show
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

OF_KIND = {
    TableKind.JOIN: Show.JOINS,
    TableKind.PROXY: Show.PROXIES,
    TableKind.HISTORY: Show.HISTORY,
}
# Django's own apps, and its record of migrations, which no app has.
DJANGO, PREFIX = "django.contrib.", "django_"


def hidden_kinds(schema: Schema) -> Mapping[str, Show]:
    """Return table → the kind under which it is hidden, for those that are."""
    names = {app.label: app.name for app in schema.apps}
    found = {}
    for table in schema.tables:
        kind = OF_KIND.get(table.kind)
        if kind is None and _is_system(table, names):
            kind = Show.SYSTEM
        if kind is not None:
            found[table.key] = kind
    return found


def _is_system(table: Table, names: Mapping[str, str]) -> bool:
    if table.location is None or not table.location.table.startswith(PREFIX):
        return False
    if not table.app:
        return table.location.table == "django_migrations"
    return names.get(table.app, "").startswith(DJANGO)
