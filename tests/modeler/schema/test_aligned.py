from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.schema.aligned import aligned
from modeler.schema.location import Location
from modeler.schema.reached import reached, relocated
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Origin, OriginKind, Schema
from modeler.schema.table import Table, TableKind


def table(name: str, alias: str = "default", **facts) -> Table:
    return Table(name, Location(alias, "", name), TableKind.MODEL, name, **facts)


MODELS = Schema(
    (
        table("kept", app="a"),
        table("elsewhere", "events", app="a"),
        table("view", app="a", managed=False),
        table("virtual", app="a", managed=False),
    ),
    vendors=(("default", "postgresql", ""), ("events", "postgresql", "")),
    origin=Origin(OriginKind.REGISTRY),
)
LIVE = Schema(
    (table("kept"), table("view"), table("django_migrations"), table("foreign")),
    vendors=(("default", "postgresql", "18.4"),),
    origin=Origin(OriginKind.DATABASE),
)


def names(schema: Schema) -> list[str]:
    return [each.name for each in schema.tables]


def test_beside_a_database_models_are_those_that_migrations_make_there():
    models, live = aligned(MODELS, LIVE)
    assert names(models) == ["kept", "view"]
    assert names(live) == ["kept", "view", "foreign"]
    assert tuple(map(names, aligned(LIVE, MODELS))) == (names(live), names(models))


def test_two_databases_are_compared_whole():
    other = replace(LIVE, vendors=(("staging", "postgresql", "18.4"),), tables=(
        table("kept", "staging"), table("django_migrations", "staging"),
    ))  # fmt: skip
    old, new = aligned(other, LIVE)
    assert [each.location.alias for each in old.tables] == ["default", "default"]
    assert names(new) == names(LIVE)


PUBLIC = Location("default", "public", "kept")


@pytest.mark.parametrize(
    ("place", "others", "found"),
    [
        (PUBLIC, (), Location("default", "", "kept")),
        (replace(PUBLIC, table="gone"), (), replace(PUBLIC, table="gone")),
        (replace(PUBLIC, alias="events"), (), replace(PUBLIC, alias="events")),
        # The database has tables in that schema, so it is another one.
        (PUBLIC, (Location("default", "public", "other"),), PUBLIC),
    ],
)
def test_the_current_schema_may_be_named(place, others, found):
    model = replace(table("kept", app="a"), location=place)
    refers = Relation("a", "kept", RelationKind.FOREIGN_KEY, ("k",), "kept", place)
    other = replace(table("far", app="a"), relations=(refers,))
    models = replace(MODELS, tables=(model, other))
    live = replace(LIVE, tables=(*LIVE.tables, *(replace(table("x"), location=o) for o in others)))
    moved = relocated(models, reached(models, live))
    assert moved.tables[0] == replace(model, location=found)
    assert moved.tables[1].relations == (replace(refers, target_location=found),)


def test_a_comparison_does_not_mind_it():
    named = replace(table("kept", app="a"), location=PUBLIC)
    models, _ = aligned(replace(MODELS, tables=(named,)), LIVE)
    assert [each.location for each in models.tables] == [Location("default", "", "kept")]
