"""Rows of tables that nobody analysed, as the planner reckons them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.postgres.production.export import LOCKED_REASON, read_figures
from modeler.postgres.production.figures import Traffic
from modeler.postgres.production.tuples import tuples_of
from modeler.previews.hazards.hazard import is_small, size_in_words
from modeler.previews.judgement import sizes_in

TABLES = {
    "numbers": "a bigint, b int, c smallint, d boolean",
    "texts": "id bigint, name varchar(20), long varchar(500), body text, code char(7)",
    "moments": "id uuid, made timestamptz, day date, ratio float8, price numeric(12, 2)",
}
ROWS = """INSERT INTO {name} SELECT {values} FROM generate_series(1, 30000) n"""
VALUES = {
    "numbers": "n, n, n % 100, true",
    "texts": "n, 'x' || n, repeat('y', 240), repeat('z', 30), 'c'",
    "moments": "md5(n::text)::uuid, now(), now(), n, n",
}


@pytest.fixture
def fresh(shadow):
    with shadow.clone("fresh") as clone:
        connection = clone.connect()
        with connection.cursor() as cursor:
            for name, columns in TABLES.items():
                cursor.execute(f"CREATE TABLE {name} ({columns}) WITH (autovacuum_enabled = off)")
                cursor.execute(ROWS.format(name=name, values=VALUES[name]))
            cursor.execute("CREATE TABLE empty (a int)")
            cursor.execute("CREATE TABLE parts (a int) PARTITION BY LIST (a)")
            cursor.execute("CREATE TABLE few (a int) WITH (autovacuum_enabled = off)")
            cursor.execute("INSERT INTO few SELECT generate_series(1, 40)")
        yield connection


def test_they_are_those_of_the_planner(fresh):
    figures = read_figures(fresh)
    with fresh.cursor() as cursor:
        for name in TABLES:
            table = replace(figures.of("", name), traffic=Traffic())
            assert table.tuples is None
            cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT * FROM {name}")
            planned = cursor.fetchone()[0][0]["Plan"]["Plan Rows"]
            assert tuples_of(figures, table) == pytest.approx(planned, rel=0.01)


def test_the_running_count_may_say_more(fresh):
    figures = read_figures(fresh)
    table = figures.of("", "few")
    busy = replace(table, traffic=Traffic(live_rows=7_000_000))
    assert tuples_of(figures, busy) == 7_000_000
    assert tuples_of(figures, replace(table, traffic=None)) == 255  # what fits on one page


def test_a_small_fresh_table_is_small_and_a_big_or_unknown_one_is_not(fresh):
    figures = read_figures(fresh)
    locked = replace(figures, unread=(*figures.unread, ("public.few", LOCKED_REASON)))
    sizes = sizes_in(figures)
    small = {name: is_small(size) for name, size in sizes.items()}
    assert small == {
        "numbers": False, "texts": False, "moments": False, "empty": True, "parts": False,
        "few": True,
    }  # fmt: skip
    assert size_in_words("few", replace(sizes["few"], rows=226.0)) == (
        "few has about 226 rows, by the length of its files, since it was never analysed (8 kB)"
    )
    assert sizes["parts"].rows is None
    assert not is_small(sizes_in(locked)["few"])
    old = replace(figures, tables=tuple(replace(one, row_width=None) for one in figures.tables))
    assert not any(map(is_small, sizes_in(old).values()))  # an older export has no widths
