"""What an export holds, what it leaves out, and that it waits for nobody."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from modeler.errors import FormatError, ServerError
from modeler.management.commands.export_statistics import unread
from modeler.postgres.connections import connection_to, registered
from modeler.postgres.production.encoding import from_json, to_json
from modeler.postgres.production.export import (
    HIDDEN,
    LOCKED_REASON,
    NEVER_ANALYSED,
    NOT_READABLE,
    read_figures,
)
from modeler.postgres.production.restore import restore_figures
from tests.modeler.postgres.production.shop import SCHEMA

SECRETS = ("person", "returned", "sku-", "tag", "xxx")


@contextmanager
def second_session(connection):
    other = connection_to(connection.settings_dict, "second")
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def test_figures_are_those_of_the_catalogs(open_source):
    figures = read_figures(open_source)
    table = figures.of("", "purchase")
    with open_source.cursor() as cursor:
        cursor.execute(
            "SELECT relpages, reltuples, relallvisible, pg_relation_size(oid),"
            " (SELECT sum(pg_relation_size(indexrelid)) FROM pg_index WHERE indrelid = c.oid)"
            " FROM pg_class c WHERE oid = 'public.purchase'::regclass"
        )
        pages, tuples, visible, heap, indexes = cursor.fetchone()
    assert (table.pages, table.tuples, table.visible_pages) == (pages, tuples, visible)
    assert (table.heap_bytes, table.index_bytes) == (heap, indexes)
    assert table.bytes == heap + indexes + table.toast_bytes
    assert (table.traffic.inserted, table.traffic.live_rows) == (250_000, 250_000)
    columns = {column.name: column for column in table.columns}
    assert columns["id"].distinct == -1
    assert columns["id"].correlation == 1
    assert columns["total"].null_fraction == pytest.approx(1 / 3, abs=0.02)
    assert columns["labels"].correlation is not None
    assert {index.name: index.method for index in table.indexes}["purchase_labels"] == "gin"
    (expression,) = next(
        index.columns
        for index in figures.of("public", "customer").indexes
        if index.name == "customer_lower"
    )
    assert (expression.name, expression.distinct) == ("lower", -1)
    assert figures.of("archive", "purchase").tuples == 0
    assert figures.of("", "visit").kind == "p"
    assert figures.of("", "nowhere") is None
    assert figures.unread == ()
    assert dict(figures.settings)["random_page_cost"] == "4"


def test_values_leave_only_when_asked_for(open_source):
    plain = to_json(read_figures(open_source))
    assert [word for word in SECRETS if word in plain.replace("person_", "")] == []
    assert '"values"' not in plain
    full = to_json(read_figures(open_source, values=True))
    assert [word for word in ("person", "returned", "sku-", "tag") if word in full] == [
        "person",
        "returned",
        "sku-",
        "tag",
    ]


@pytest.mark.parametrize("values", [False, True])
def test_json_reads_back_as_the_same_figures(open_source, values):
    figures = read_figures(open_source, values=values)
    assert from_json(to_json(figures)) == figures


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "This is not JSON"),
        ("[]", "is no export of statistics"),
        ('{"format": "modeler.schema", "version": 1}', "is no export of statistics"),
        ('{"format": "modeler.statistics", "version": 9}', "have format version 9"),
        (
            '{"format": "modeler.statistics", "version": 1, "statistics": {"tables": 3}}',
            "not a valid Figures",
        ),
    ],
)
def test_other_files_are_refused_with_a_sentence(text, message):
    with pytest.raises(FormatError, match=message):
        from_json(text)


def test_nobody_is_waited_for(open_source):
    with second_session(open_source) as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE purchase IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        figures = read_figures(open_source)
        assert time.monotonic() - started < 2
        cursor.execute("ROLLBACK")
    assert figures.unread == (("public.purchase", LOCKED_REASON),)
    table = figures.of("", "purchase")
    assert table.heap_bytes == table.pages * 8192
    assert table.index_bytes == sum(index.pages for index in table.indexes) * 8192
    assert figures.of("", "customer").heap_bytes > 0


def test_what_a_role_may_not_read_is_named(shadow, role):
    with shadow.clone("rights") as clone:
        opened = clone.connect()
        with opened.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE shown AS SELECT 1 AS n; CREATE TABLE kept AS SELECT 2 AS n;"
                "CREATE TABLE partly AS SELECT 3 AS n, 4 AS secret;"
                "CREATE TABLE policed AS SELECT 5 AS n; ANALYZE;"
                "ALTER TABLE policed ENABLE ROW LEVEL SECURITY; CREATE TABLE fresh (n int);"
                f"GRANT SELECT ON shown, policed, fresh TO {role};"
                f"GRANT SELECT (n) ON partly TO {role}; SET ROLE {role}"
            )
            figures = read_figures(opened)
    assert figures.unread == (
        ("public.fresh", NEVER_ANALYSED),
        ("public.kept", NOT_READABLE),
        ("public.policed", HIDDEN),
    )
    columns = {t.name: [column.name for column in t.columns] for t in figures.tables}
    assert columns == {"fresh": [], "kept": [], "partly": ["n"], "policed": [], "shown": ["n"]}
    assert figures.of("", "kept").heap_bytes == 8192
    assert figures.of("", "fresh").tuples is None


def test_statistics_are_written_by_who_may(open_source, shadow, role):
    figures = read_figures(open_source)
    with shadow.clone("rights") as clone:
        opened = clone.connect()
        with opened.cursor() as cursor:
            cursor.execute(SCHEMA)
            cursor.execute(f"SET ROLE {role}")
        with pytest.raises(ServerError, match="SHADOW_URL"):
            restore_figures(opened, figures)


def test_a_refused_value_loses_one_column_alone(open_source, shadow):
    figures = read_figures(open_source, values=True)
    broken = replace(
        figures,
        tables=tuple(
            replace(
                table,
                columns=tuple(
                    replace(column, values=replace(column.values, most_common="{mauve,red,green}"))
                    if column.name == "colour"
                    else column
                    for column in table.columns
                ),
            )
            for table in figures.tables
        ),
    )
    with shadow.clone("broken") as clone:
        opened = clone.connect()
        with opened.cursor() as cursor:
            cursor.execute(SCHEMA)
        restored = restore_figures(opened, broken)
        assert len(restored.notes) == 1
        assert "public.purchase.colour" in restored.notes[0]
        assert restored.columns == 21


def test_the_command_writes_a_file_and_says_what_it_holds(open_source, capsys, tmp_path):
    file = tmp_path / "figures.json"
    with registered(open_source):
        call_command("export_statistics", database=open_source.alias, output=str(file))
        assert capsys.readouterr().err == f"Wrote {file}.\n6 tables of 'figures'.\n"
        call_command("export_statistics", "--database", open_source.alias, "--values")
        captured = capsys.readouterr()
    assert "holds values out of your rows" in captured.err
    assert len(captured.out) > len(file.read_text())
    assert json.loads(file.read_text())["format"] == "modeler.statistics"


def test_many_tables_with_one_reason_are_one_line(open_source):
    figures = replace(
        read_figures(open_source),
        unread=(*((f"public.t{n}", "it is locked") for n in range(8)), ("public.x", "hidden")),
    )
    assert unread(figures) == [
        "public.t0, public.t1, public.t2, public.t3, public.t4 and 3 more: it is locked.",
        "public.x: hidden.",
    ]


def test_an_unknown_database_is_one_sentence(db):
    assert "nowhere" not in connections
    with pytest.raises(CommandError, match="There is no database 'nowhere'") as caught:
        call_command("export_statistics", database="nowhere")
    assert caught.value.returncode == 2
