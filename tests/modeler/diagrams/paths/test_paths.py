"""Ways between tables: the shortest are found, and both spellings find the same rows."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.paths.join import sql_join
from modeler.diagrams.paths.lookup import lookup, no_lookup
from modeler.diagrams.paths.search import MOST_STEPS, shortest_paths
from modeler.schema.column import Column
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.schema.table import TableKind
from tests.modeler.diagrams.samples import SHOP, foreign_key, table

TABLES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14, unique=True).map(
    lambda ends: network(7, ends)
)


def network(count: int, ends: list[tuple[int, int]]) -> Schema:
    return Schema(
        tuple(
            table(
                f"x.T{n}",
                *(Column(f"f{to}_id", "uuid") for at, to in ends if at == n),
                relations=tuple(
                    foreign_key(f"x.T{n}", f"f{to}", f"x.T{to}") for at, to in ends if at == n
                ),
            )
            for n in range(count)
        )
    )


def simple_ways(schema: Schema, start: str, goal: str) -> list[tuple[str, ...]]:
    """Return the relations of every way without loops, by trying all of them."""
    relations = [r for t in schema.tables for r in t.relations if r.owner != r.target]
    found = []

    def go(at: str, seen: tuple[str, ...], way: tuple[str, ...]) -> None:
        if at == goal:
            found.append(way)
            return
        for relation in relations:
            for here, there in (
                (relation.owner, relation.target),
                (relation.target, relation.owner),
            ):
                if here == at and there not in seen:
                    go(there, (*seen, there), (*way, relation.key))

    go(start, (start,), ())
    return sorted(found, key=lambda way: (len(way), way))


@given(TABLES)
def test_the_shortest_ways_are_found(schema):
    known = {t.key for t in schema.tables}
    found = shortest_paths(schema, "x.T0", "x.T1", known, most=4)
    ways = [tuple(step.relation.key for step in path.steps) for path in found]
    every = simple_ways(schema, "x.T0", "x.T1")
    assert len(set(ways)) == len(ways) == min(4, len(every))
    assert [len(way) for way in ways] == [len(way) for way in every[:4]]
    assert set(ways) <= set(every)


def test_a_closed_table_is_gone_around():
    schema = network(4, [(0, 2), (2, 1), (0, 3), (3, 1)])
    known = {t.key for t in schema.tables}
    assert [p.tables for p in shortest_paths(schema, "x.T0", "x.T1", known - {"x.T2"})] == [
        ("x.T0", "x.T3", "x.T1")
    ]
    assert shortest_paths(schema, "x.T0", "x.T1", known - {"x.T2", "x.T3"}) == ()
    assert shortest_paths(schema, "x.T0", "x.T0", known) == ()


def test_a_way_in_both_spellings():
    known = {t.key for t in SHOP.tables if t.kind is not TableKind.JOIN}
    (path,) = shortest_paths(SHOP, "catalog.Category", "catalog.Tag", known)
    assert path.tables == ("catalog.Category", "catalog.Product", "catalog.Tag")
    assert lookup(path) == ""
    assert no_lookup(path) == (
        "catalog.Product.category has no reverse name: no lookup leads back along it."
    )
    assert path.steps[1].forward


@pytest.fixture(scope="module")
def blog() -> Schema:
    return read_registry(aliases=["default"])


def test_no_way_is_longer_than_allowed(blog):
    known = {t.key for t in blog.tables}
    for start, goal in permutations(sorted(known)[:12], 2):
        for path in shortest_paths(blog, start, goal, known):
            assert len(path.steps) <= MOST_STEPS


@pytest.mark.django_db
def test_sql_and_lookup_find_the_same_rows(blog, some_rows):
    """For every two tables of the blog: the join returns what ``values()`` of the lookup does."""
    known = {
        t.key
        for t in blog.tables
        if t.kind in {TableKind.MODEL, TableKind.CHILD, TableKind.PROXY} and t.app == "blog"
    }
    tried = followed = 0
    for start, goal in permutations(sorted(known), 2):
        for path in shortest_paths(blog, start, goal, known, most=3):
            name, sql = lookup(path), sql_join(blog, path)
            if not name or not sql:
                continue
            model = apps.get_model(start)
            near, far = model._meta.pk, apps.get_model(goal)._meta.pk
            if not getattr(near, "column", None) or not getattr(far, "column", None):
                continue  # composite keys have no column of their own to ask for
            expected = list(model._base_manager.order_by().values_list("pk", f"{name}__pk"))
            with connection.cursor() as cursor:
                cursor.execute(sql)
                got = cursor.fetchall()
            assert sorted(map(str, got)) == sorted(map(str, expected)), (sql, name)
            tried += 1
            followed += any(value is not None for _, value in got)
    assert tried > 100
    assert followed > 30
