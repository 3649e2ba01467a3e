"""What the collections of many tables are called.

Source: MongoDB manual, "MongoDB Limits and Thresholds" (restrictions on collection names).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from modeler.schema.location import Location


def collection_names(places: Iterable[Location]) -> dict[Location, str]:
    """Return a name for every table, all different: the table's own, if no other has it.

    Tables of one name are told apart by ``schema.table``, then by ``alias.schema.table``; the
    same tables always get the same names.
    """
    names: dict[Location, str] = {}
    waiting = sorted(set(places))
    for spell in (_table, _with_schema, _with_alias):
        spelled = {place: allowed(spell(place)) for place in waiting}
        count = Counter([*names.values(), *spelled.values()])
        names |= {place: name for place, name in spelled.items() if count[name] == 1}
        waiting = [place for place in waiting if place not in names]
    for place in waiting:
        # Only names with dots or dollars of their own come this far.
        name, number = allowed(_with_alias(place)), 2
        while f"{name}_{number}" in names.values():
            number += 1
        names[place] = f"{name}_{number}"
    return names


def allowed(name: str) -> str:
    """Return a name that MongoDB takes: no dollar, no dot at an end, not one of its own."""
    safe = name.replace("$", "_").strip(".") or "_"
    return f"_{safe}" if safe.startswith("system.") else safe


def _table(place: Location) -> str:
    return place.table


def _with_schema(place: Location) -> str:
    return f"{place.schema}.{place.table}" if place.schema else place.table


def _with_alias(place: Location) -> str:
    return f"{place.alias}.{_with_schema(place)}"
