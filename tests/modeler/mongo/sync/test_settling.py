"""What a comparison says while it waits for the queue, and how long it does."""

from __future__ import annotations

import io
import re
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from modeler.mongo.sync.claim import SWAP_LOCK
from modeler.mongo.sync.comparing import verify_collections
from modeler.mongo.sync.settling import Settling, Waiting, over_said, still_said, waiting_said
from modeler.postgres.connections import connection_to
from tests.modeler.mongo.sync.command import NAME, SESSION, run, sql, start

CHANGE = f"UPDATE {SESSION} SET session_data = 'changed'"
NOBODY = (
    " No worker seems to be at work: start manage.py sync_collections beside this, or run "
    "manage.py sync_collections --once."
)
WAITING = f"{SESSION}: waiting until 3 queued changes are written, "


class Clocked(io.StringIO):
    """Standard error that notes when it was first written to."""

    first = None

    def write(self, text: str) -> int:
        self.first = self.first or time.monotonic()
        return super().write(text)


@pytest.fixture
def longest(monkeypatch):
    """Let waits end early."""

    def set_longest(seconds: float) -> None:
        monkeypatch.setitem(verify_collections.__kwdefaults__, "longest", seconds)

    return set_longest


@pytest.fixture
def changed(server):
    """Three documents that are in step but for a change that waits in the queue."""
    run("--install")
    run("--export")
    sql(CHANGE)
    return server


def verify() -> tuple[int, str, list[str], float, float]:
    """Exit code, result, lines of standard error, seconds to the first of them and to the end."""
    out, err, started = io.StringIO(), Clocked(), time.monotonic()
    code = 0
    try:
        call_command(
            "sync_collections", "sessions", "--verify", "--database", NAME, stdout=out, stderr=err
        )  # fmt: skip
    except CommandError as error:
        code = error.returncode
    ended = time.monotonic()
    said = err.getvalue().splitlines()
    return code, out.getvalue(), said, (err.first or ended) - started, ended - started


def test_without_a_worker_it_says_at_once_what_to_start_and_waits_once(changed, longest):
    longest(4)
    code, result, said, first, seconds = verify()
    assert said == [
        f"{WAITING}4 s at most.{NOBODY}",
        f"{SESSION}: 3 changes still wait after 4 s; documents that are behind them count as "
        "different.",
    ]
    assert first < 2
    # Documents are compared again three times; nothing is waited for the second and third.
    assert 4 <= seconds < 7
    assert (code, result) == (
        1,
        f"{SESSION}: differs. 3 rows, 3 documents, 3 compared.\n  stale a\n  stale b\n  stale c\n",
    )


def test_a_worker_that_is_started_beside_ends_the_wait(changed):
    child = start("--verify")
    try:
        assert child.stderr.readline() == f"{WAITING}60 s at most.{NOBODY}\n"
        assert run("--once")[1].startswith("3 documents written")
        said, errors = child.communicate(timeout=30)
    finally:
        child.kill()
    assert re.fullmatch(rf"{SESSION}: what waited is written, after \d+ s\.\n", errors)
    assert (child.returncode, said) == (
        0,
        f"{SESSION}: equal (3 documents, 3 compared).\n",
    )


def test_nothing_is_said_where_nothing_waits_or_it_is_soon_written(changed):
    child = start()
    try:
        assert child.stdout.readline().startswith("Following django_session")
        for _ in range(5):
            sql(f"UPDATE {SESSION} SET session_data = session_data || '.'")
            code, result, said, _, _ = verify()
            assert (code, said) == (0, []), result
    finally:
        child.terminate()
        child.communicate(timeout=30)


def test_a_worker_in_the_middle_of_a_batch_is_seen(changed, longest, fresh_database):
    """It holds the lock that every batch takes, and its entries are still in the queue."""
    longest(1)
    other = connection_to(fresh_database, "default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWAP_LOCK])
            said = verify()[2]
    finally:
        other.close()
    assert said[0] == f"{WAITING}1 s at most."
    assert NOBODY not in "".join(said)


def test_what_is_tried_again_later_tells_nothing_of_workers(changed, longest):
    longest(1)
    sql("UPDATE modeler_sync_queue SET not_before = clock_timestamp() + interval '30 s'")
    said = verify()[2]
    assert said[0].endswith(" All were refused before, and are tried again later.")
    assert NOBODY not in "".join(said)


def test_where_nobody_works_only_the_first_collection_is_waited_for(shop):
    names = ("sales", "buyers")
    shop.sql("UPDATE sale SET total = total + 1; UPDATE buyer SET name = name || '.'")
    said: list[str] = []
    settle = Settling(shop.connection, 1.0, said.append)
    seconds = []
    for name in names:
        started = time.monotonic()
        settle(shop.collections[name])
        seconds.append(time.monotonic() - started)
    assert [line.partition(":")[0] for line in said] == ["sales", "sales"]
    assert seconds[0] >= 1 and seconds[1] < 0.5


def test_where_somebody_works_every_collection_is_waited_for(shop):
    shop.sql("UPDATE sale SET total = total + 1; UPDATE buyer SET name = name || '.'")
    said: list[str] = []
    settle = Settling(shop.connection, 1.0, said.append)
    with shop.connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWAP_LOCK])
        for name in ("sales", "buyers"):
            settle(shop.collections[name])
        cursor.execute("ROLLBACK")
    assert [line.partition(":")[0] for line in said] == ["sales", "sales", "buyers", "buyers"]


def test_words():
    assert waiting_said("a", Waiting(1, 0), 59.6, at_work=True) == (
        "a: waiting until 1 queued change is written, 60 s at most."
    )
    assert still_said("a", Waiting(1_200, 3), 20) == (
        "a: 1,200 changes still wait, for 20 s at most."
    )
    assert over_said("a", Waiting(1, 0), 60) == (
        "a: 1 change still waits after 60 s; documents that are behind them count as different."
    )
