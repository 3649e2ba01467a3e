"""Which lock modes keep each other waiting, compared with a real server."""

from __future__ import annotations

import itertools

import pytest
from django.db import OperationalError

from modeler.postgres.locks import OF_SERVER, LockMode, strongest


def test_conflicts_are_symmetric():
    for one, other in itertools.product(LockMode, repeat=2):
        assert one.conflicts_with(other) == other.conflicts_with(one)


def test_names_of_the_server():
    assert OF_SERVER["ShareRowExclusiveLock"] is LockMode.SHARE_ROW_EXCLUSIVE
    assert len(OF_SERVER) == 8


def test_readers_wait_for_one_mode_and_writers_for_four():
    assert [mode for mode in LockMode if mode.blocks_reads] == [LockMode.ACCESS_EXCLUSIVE]
    assert [mode.value for mode in LockMode if mode.blocks_writes] == [
        "share", "share row exclusive", "exclusive", "access exclusive",
    ]  # fmt: skip
    assert strongest((LockMode.SHARE, LockMode.ROW_SHARE)) is LockMode.SHARE


@pytest.fixture
def sessions(shadow):
    with shadow.clone("locks") as clone:
        first, second = clone.connect(), clone.connect("modeler_second")
        with first.cursor() as cursor:
            cursor.execute("CREATE TABLE pet (id int)")
        yield first, second


def test_conflicts_are_those_of_the_server(sessions):
    first, second = sessions
    found = set()
    for held, wanted in itertools.product(LockMode, repeat=2):
        first.set_autocommit(False)
        second.set_autocommit(False)
        with first.cursor() as one, second.cursor() as other:
            one.execute(f"LOCK TABLE pet IN {held.upper()} MODE")
            try:
                other.execute(f"LOCK TABLE pet IN {wanted.upper()} MODE NOWAIT")
            except OperationalError:
                found.add((held, wanted))
        first.rollback()
        second.rollback()
    assert found == {
        (one, other)
        for one, other in itertools.product(LockMode, repeat=2)
        if one.conflicts_with(other)
    }
