"""Plans on an empty database with another's statistics are that other's plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from modeler.errors import ServerError
from modeler.postgres.production.export import read_figures
from modeler.postgres.production.files import SEGMENT, server_files
from modeler.postgres.production.planner import planner
from modeler.postgres.shadow import Shadow
from tests.modeler.postgres.production.shop import QUERIES, SCHEMA, VALUE_QUERIES

TABLES, INDEXES, COLUMNS = 6, 16, 21


def explained(connection, sql: str) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}")
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(plan: dict) -> Iterator[tuple[str, str | None, str | None, int]]:
    yield plan["Node Type"], plan.get("Index Name"), plan.get("Relation Name"), plan["Plan Rows"]
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def assert_alike(here: dict, there: dict) -> None:
    """The same nodes in the same places, and row estimates within a fifth."""
    ours, theirs = list(nodes(here)), list(nodes(there))
    assert [node[:3] for node in ours] == [node[:3] for node in theirs]
    assert [node[3] for node in ours] == [
        pytest.approx(node[3], rel=0.2, abs=2) for node in theirs
    ]


@pytest.mark.parametrize(
    ("values", "queries"), [(False, QUERIES), (True, QUERIES + VALUE_QUERIES)], ids=str
)
def test_plans_are_those_of_the_source(open_source, shadow, values, queries):
    figures = read_figures(open_source, values=values)
    with planner(shadow, figures, schema_sql=SCHEMA) as found:
        assert found.sized
        assert found.notes == ()
        restored = found.restored
        assert (restored.tables, restored.indexes, restored.columns) == (TABLES, INDEXES, COLUMNS)
        for sql in queries:
            assert_alike(found.explain(sql), explained(open_source, sql))


def test_without_figures_the_same_tables_plan_otherwise(open_source, shadow):
    # The proof that the test above can fail.
    nothing = replace(read_figures(open_source), tables=())
    with planner(shadow, nothing, schema_sql=SCHEMA) as found:
        sql = "SELECT customer_id, count(*) FROM purchase GROUP BY customer_id"
        with pytest.raises(AssertionError):
            assert_alike(found.explain(sql), explained(open_source, sql))


def test_a_table_of_many_segments_occupies_no_disk(open_source, shadow):
    figures = read_figures(open_source)
    size = 2 * SEGMENT + 8192 * 1000
    grown = replace(
        figures,
        tables=tuple(
            replace(table, heap_bytes=size, pages=size // 8192, tuples=10e6)
            if (table.schema, table.name) == ("public", "purchase")
            else table
            for table in figures.tables
        ),
    )
    with planner(shadow, grown, schema_sql=SCHEMA) as found:
        plan = found.explain("SELECT * FROM purchase")
        assert plan["Plan Rows"] == 10_000_000
        with found.connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_filepath('purchase'), pg_relation_size('purchase')")
            path, length = cursor.fetchone()
        assert length == size
        first = server_files(found.connection).folder / path
        segments = [first, Path(f"{first}.1"), Path(f"{first}.2")]
        states = [segment.stat() for segment in segments]
        assert [state.st_size for state in states] == [SEGMENT, SEGMENT, 8192 * 1000]
        assert sum(state.st_blocks for state in states) * 512 < 2**20
        assert {(state.st_uid, state.st_mode) for state in states} == {
            (states[0].st_uid, states[0].st_mode)
        }
    assert not first.exists()


def test_the_template_s_rows_stay_where_they_are(open_source, shadow):
    figures = read_figures(open_source)
    with shadow.clone("rehearsal") as clone:
        opened = clone.connect()
        with opened.cursor() as cursor:
            cursor.execute(SCHEMA)
            cursor.execute("INSERT INTO customer SELECT n, n FROM generate_series(1, 40000) n")
        with planner(shadow, figures, template=clone) as found:
            assert found.notes == ()
            assert found.explain("SELECT * FROM customer")["Plan Rows"] == 20_000
        with clone.connect().cursor() as cursor:
            cursor.execute("SELECT count(*) FROM customer")
            assert cursor.fetchone() == (40_000,)


def test_what_the_shadow_lacks_is_said(open_source, shadow):
    figures = read_figures(open_source)
    without = SCHEMA.replace("CREATE INDEX purchase_made ON purchase (made);", "")
    with planner(shadow, figures, schema_sql=without) as found:
        assert found.notes == (
            "archive.purchase_made_idx1 is not in this database; its statistics were left out.",
            "public.purchase_made is not in this database; its statistics were left out.",
        )
        assert found.restored.indexes == INDEXES - 2


def test_a_server_whose_files_are_out_of_reach_is_said(shadow, role):
    with shadow.clone("outside") as clone:
        opened = clone.connect()
        assert server_files(opened).folder.is_dir()
        with opened.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            with pytest.raises(ServerError, match="does not say to this role where its files are"):
                server_files(opened)


def test_without_the_files_it_says_what_is_not_possible(open_source, shadow, role):
    with shadow.connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {role} LOGIN CREATEDB PASSWORD 'plain'")
    limited = Shadow(shadow.settings | {"USER": role, "PASSWORD": "plain"})
    figures = read_figures(open_source)
    try:
        if shadow.major < 18:
            with (
                pytest.raises(ServerError, match="lets only a superuser write statistics"),
                planner(limited, figures, schema_sql=SCHEMA),
            ):
                pass
            return
        with planner(limited, figures, schema_sql=SCHEMA) as found:
            assert not found.sized
            assert found.restored.columns == COLUMNS
            (note,) = found.notes
            assert note.startswith("Plans are those of nearly empty tables, since PostgreSQL")
            assert "does not say to this role where its files are" in note
            assert found.explain("SELECT * FROM purchase")["Plan Rows"] < 100
    finally:
        limited.close()


def test_a_statement_that_cannot_be_planned_is_one_sentence(open_source, shadow):
    with (
        planner(shadow, read_figures(open_source), schema_sql=SCHEMA) as found,
        pytest.raises(ServerError, match='cannot be planned: relation "nowhere"'),
    ):
        found.explain("SELECT * FROM nowhere")
