"""CONCURRENTLY: the locks that it holds while it waits, and whom it waits for."""

from __future__ import annotations

import psycopg
import pytest

from modeler.previews.effects.agreement import compare
from modeler.previews.effects.analysis import effects_of
from modeler.previews.effects.effect import Effects
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.reader import read_statements
from tests.modeler.previews.effects.concurrent import locks_while_waiting

SETUP = """
CREATE TABLE pet (id int PRIMARY KEY, age int, name varchar(20));
CREATE INDEX pet_age ON pet (age);
CREATE INDEX pet_name ON pet (name);
INSERT INTO pet SELECT g, g, g FROM generate_series(1, 50) AS g;
"""
WRITER = "LOCK TABLE pet IN ROW EXCLUSIVE MODE"
READER = "LOCK TABLE pet IN ACCESS SHARE MODE"
CASES = [
    ("CREATE INDEX CONCURRENTLY pet_new ON pet (age)", WRITER, "writes to pet"),
    ("CREATE UNIQUE INDEX CONCURRENTLY ON pet (age)", WRITER, "writes to pet"),
    ("DROP INDEX CONCURRENTLY pet_age", READER, "only read"),
    ("REINDEX INDEX CONCURRENTLY pet_name", WRITER, "uses pet"),
    ("REINDEX TABLE CONCURRENTLY pet", WRITER, "uses pet"),
]


@pytest.fixture
def sessions(shadow):
    with shadow.clone("effects concurrent") as clone:
        made = [clone.connect(f"effects_{name}") for name in ("run", "blocker", "observer")]
        for connection in made:
            connection.ensure_connection()
        made[2].connection.execute(SETUP)
        made[1].set_autocommit(False)
        yield made


@pytest.mark.parametrize(("statement", "hold", "waits_for"), CASES, ids=lambda text: text[:60])
def test_locks_are_the_ones_seen_while_it_waits(sessions, statement, hold, waits_for):
    run, blocker, observer = sessions
    (command,) = read_statements(statement)
    said = effects_of(command, LiveCatalog(run))
    seen = locks_while_waiting(
        run.connection, blocker.connection, observer.connection, statement, hold
    )
    assert len(seen) == 1, "nothing made it wait"
    assert compare(Effects(said.locks), Effects(seen[0])) == ()
    assert waits_for in said.waits[0]
    assert not said.fails


def test_an_index_is_built_while_others_only_read(sessions):
    run, blocker, observer = sessions
    seen = locks_while_waiting(
        run.connection, blocker.connection, observer.connection,
        "CREATE INDEX CONCURRENTLY pet_new ON pet (age)", READER,
    )  # fmt: skip
    assert seen == ()


def test_it_is_refused_in_a_transaction(sessions):
    run, _, _ = sessions
    run.set_autocommit(False)
    with pytest.raises(psycopg.errors.ActiveSqlTransaction):
        run.connection.execute("CREATE INDEX CONCURRENTLY ON pet (age)")
    run.rollback()
