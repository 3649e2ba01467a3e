"""Names of collections: of many tables, all different and always the same."""

from __future__ import annotations

import pytest

from modeler.mongo.names import collection_names
from modeler.schema.location import Location

HERE, FAR, AWAY = (Location("default", schema, "notes") for schema in ("", "far", "Far Away"))
EVENTS, EVENTS_FAR = Location("events", "", "notes"), Location("events", "far", "notes")


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ([HERE], ["notes"]),
        ([FAR], ["notes"]),
        ([HERE, FAR, AWAY], ["notes", "far.notes", "Far Away.notes"]),
        ([HERE, EVENTS], ["default.notes", "events.notes"]),
        ([FAR, EVENTS_FAR], ["default.far.notes", "events.far.notes"]),
        ([HERE, Location("default", "", "far.notes"), FAR],
         ["notes", "far.notes", "default.far.notes"]),
        ([Location("default", "", name) for name in ("a$b", "a_b")],
         ["default.a_b_2", "default.a_b_3"]),
        ([Location("default", "", name) for name in ("system.users", ".x.", "$", "größe in m²")],
         ["_system.users", "x", "_", "größe in m²"]),
    ],
)  # fmt: skip
def test_names_of_collections(places, names):
    expected = dict(zip(places, names, strict=True))
    assert collection_names(places) == expected
    assert collection_names(reversed(places)) == expected
