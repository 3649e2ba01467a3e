"""What is taken off on a busy machine, and how much is measured at all."""

from __future__ import annotations

import sys
import time

import pytest

from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.estimates import budget, processor
from modeler.previews.estimates.budget import Budget
from modeler.previews.estimates.heavy import Heavy
from modeler.previews.estimates.measure import run_of, size_here
from modeler.previews.estimates.processor import ProcessorQueue
from modeler.previews.estimates.size import Size
from modeler.previews.statement import Statement

WORK = "SELECT sum(n) FROM generate_series(1, 300000) n"


@pytest.fixture
def cursor(shadow):
    with shadow.clone("processor") as clone, clone.connect().cursor() as cursor:
        cursor.execute("CREATE TABLE pet (id int)")
        yield cursor


@pytest.mark.skipif(sys.platform != "linux", reason="the account is Linux's")
def test_the_account_of_the_server_s_process(cursor):
    queue = ProcessorQueue(cursor)
    assert queue.known
    before, started = queue.waited(), time.perf_counter()
    cursor.execute(WORK)
    # It cannot have waited for longer than the statement took.
    assert 0 <= queue.waited() - before <= time.perf_counter() - started


def test_time_without_a_processor_is_taken_off(cursor, monkeypatch):
    readings = iter([10.0, 10.05])
    monkeypatch.setattr(ProcessorQueue, "waited", lambda self: next(readings))
    size = size_here(cursor, ["pet"])
    found = run_of(cursor, "SELECT pg_sleep(0.1)", ["pet"], size)
    assert found.waited == pytest.approx(0.05)
    assert 0.05 <= found.seconds < 0.1 + 1


@pytest.mark.parametrize("missing", ["cmdline", "schedstat", "other"])
def test_another_machine_s_process_is_not_taken_for_it(cursor, monkeypatch, tmp_path, missing):
    cursor.execute("SELECT pg_backend_pid(), current_database()::text")
    number, database = cursor.fetchone()
    folder = tmp_path / str(number)
    folder.mkdir()
    title = f"postgres: me {'other' if missing == 'other' else database} [local] idle"
    for name, text in (("cmdline", title), ("schedstat", "1 5000000000 7\n")):
        if name != missing:
            (folder / name).write_text(text)
    monkeypatch.setattr(processor, "PROC", tmp_path)
    queue = ProcessorQueue(cursor)
    assert not queue.known
    assert queue.waited() == 0.0
    if missing == "other":
        (folder / "cmdline").write_text(title.replace("other", database))
        assert ProcessorQueue(cursor).waited() == 5.0


def heavy(sql: str, size: float) -> Heavy:
    live = Size(size, size)
    return Heavy(
        0, 0, Statement(sql, 0), (Work("pet", WorkKind.SCAN),), {"pet": "pet"}, live, {"pet": live}
    )


def test_the_largest_tables_come_first(monkeypatch):
    monkeypatch.setattr(budget, "MOST", 2)
    some = [heavy("small;", 10), heavy("large;", 30), heavy("middle;", 20)]
    said: list[tuple[int, int, str]] = []
    found = Budget(some, progress=lambda *words: said.append(words))
    assert [found.begin(one) for one in some] == [False, True, True]
    assert said == [(0, 2, "measuring large;"), (1, 2, "measuring middle;")]
    assert found.begun == 2
    late = Budget(some, seconds=-1)
    assert [late.begin(one) for one in some] == [False, False, False]
