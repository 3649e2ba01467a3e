"""Partitioned tables: their rows lie in one collection, and their bounds are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from modeler.mongo.design.design import design
from modeler.mongo.spec import CollectionSpec, aggregate_specs, collection_specs
from modeler.schema.live import read_database

TABLES = """
CREATE TABLE plant (id integer PRIMARY KEY);
CREATE TABLE measures (plant integer NOT NULL REFERENCES plant, day date, value integer,
    PRIMARY KEY (plant, day)) PARTITION BY {by};
CREATE TABLE measures_1 PARTITION OF measures FOR VALUES {first};
"""
FIRST = "FROM ('2026-01-01') TO ('2027-01-01')"
REST = "CREATE TABLE measures_rest PARTITION OF measures DEFAULT;"
TOLD = (
    "default:measures.partitions",
    "The bounds of the partitions are not carried: rows that fit none are refused by "
    "PostgreSQL alone.",
)
# by what, the first partition, further ones, what is said
CASES = {
    "ranges": ("RANGE (day)", FIRST, "", [TOLD]),
    "ranges, and the rest": ("RANGE (day)", FIRST, REST, []),
    "lists": ("LIST (plant)", "IN (1, 2)", "", [TOLD]),
    "hashes": ("HASH (plant)", "WITH (MODULUS 1, REMAINDER 0)", "", []),
}


def lost(spec: CollectionSpec) -> list[tuple[str, str]]:
    return [(one.subject, one.message) for one in spec.findings if one.code == "MS202"]


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES)
def test_rows_of_partitions_lie_in_one_collection(case):
    by, first, rest, told = CASES[case]
    with connection.cursor() as cursor:
        cursor.execute(TABLES.format(by=by, first=first) + rest)
    schema = read_database(connection, alias="default")
    ours = [table for table in schema.tables if table.name.startswith(("plant", "measures"))]
    specs = {spec.name: spec for spec in collection_specs(schema)}
    assert {name for name in specs if name.startswith(("plant", "measures"))} == {
        "plant", "measures",
    }  # fmt: skip
    said = [
        (one.subject, one.message) for one in specs["measures"].findings if one.code == "MS202"
    ]
    assert said == told
    shapes = [one for one in design(schema).aggregates if one.table in {t.key for t in ours}]
    made = aggregate_specs(schema, shapes)
    assert [spec.name for spec in made] == ["plant"]
    assert [part.field for part in made[0].parts] == ["measures"]
    assert lost(made[0]) == told


@pytest.mark.django_db
def test_a_partition_that_is_asked_for_tells_its_bounds():
    with connection.cursor() as cursor:
        cursor.execute(TABLES.format(by="RANGE (day)", first=FIRST))
    schema = read_database(connection, alias="default")
    (table,) = [one for one in schema.tables if one.name == "measures_1"]
    (spec,) = collection_specs(schema, [table])
    said = "The bounds of the partition are not carried: rows beyond them are refused by "
    assert lost(spec) == [("default:measures_1.partitions", f"{said}PostgreSQL alone.")]


@pytest.mark.django_db
def test_a_partition_without_the_table_above_it_is_a_collection():
    """As where a project's models are of some partitions alone."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES.format(by="RANGE (day)", first=FIRST))
    schema = read_database(connection, alias="default")
    tables = [one for one in schema.tables if one.name in ("plant", "measures_1")]
    some = replace(schema, tables=tuple(tables))
    assert [spec.name for spec in collection_specs(some)] == ["measures_1", "plant"]
    homes = {one.table for one in design(some).aggregates}
    assert "default:plant" in homes
    assert some.partitions() == frozenset()
    assert schema.partitions() == {"default:measures_1"}
