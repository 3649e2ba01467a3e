"""The tables that databases hold: one a location, whatever number of models lie there."""

from __future__ import annotations

from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

HOLLOW = frozenset({TableKind.SWAPPED, TableKind.PROXY})


def stored_tables(schema: Schema) -> dict[Location, Table]:
    """Return the table of each location, in the order of the tables' keys.

    Of several models on one table the managed one declares it. Proxies and swapped models
    have no table of their own.
    """
    found: dict[Location, Table] = {}
    for table in sorted(schema.tables, key=lambda table: table.key):
        if table.location is None or table.kind in HOLLOW:
            continue
        for location in (table.location, *table.also_at):
            known = found.get(location)
            if known is None or (table.managed and not known.managed):
                found[location] = table
    return found
