from __future__ import annotations

from dataclasses import replace

from modeler.schema.aligned import aligned
from modeler.schema.location import Location
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
