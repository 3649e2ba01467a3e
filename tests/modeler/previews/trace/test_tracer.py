"""What single statements do to a real server, as the tracer sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Lock, RelationKind, Work, WorkKind
from modeler.previews.sql.reader import read_statements
from modeler.previews.trace.trace import RowCounts, Trace
from modeler.previews.trace.tracer import Tracer

SETUP = """
CREATE TABLE owner (id int PRIMARY KEY, name varchar(20));
CREATE TABLE pet (id int PRIMARY KEY, name varchar(20), owner_id int, born date);
CREATE INDEX pet_name ON pet (name);
INSERT INTO owner SELECT n, 'o' || n FROM generate_series(1, 20) n;
INSERT INTO pet SELECT n, 'p' || n, n, '2020-01-01' FROM generate_series(1, 20) n;
"""
TABLE, INDEX = RelationKind.TABLE, RelationKind.INDEX
ALONE, SHARED, WRITER = LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE_ROW_EXCLUSIVE, (
    LockMode.ROW_EXCLUSIVE
)  # fmt: skip


class Bench:
    """A traced connection."""

    def __init__(self, connection, tracer: Tracer) -> None:
        self.connection, self.tracer = connection, tracer

    def trace(self, sql: str) -> Trace:
        def execute() -> None:
            with self.connection.cursor() as cursor:
                cursor.execute(sql)

        return self.tracer.run(execute, read_statements(sql))[1]


@pytest.fixture
def bench(shadow) -> Iterator[Bench]:
    with shadow.clone("trace") as clone:
        connection = clone.connect()
        with connection.cursor() as cursor:
            cursor.execute(SETUP)
        tracer = Tracer(connection)
        with tracer.watching():
            tracer.begin()
            yield Bench(connection, tracer)
        assert tracer.missed == []


def locks_of(trace: Trace, *, kind: RelationKind = TABLE) -> set[tuple[str, LockMode]]:
    return {(lock.relation, lock.mode) for lock in trace.locks if lock.kind is kind}


def test_a_rewrite_is_said_with_its_reason_and_every_index(bench):
    trace = bench.trace("ALTER TABLE pet ALTER COLUMN id TYPE bigint")
    assert locks_of(trace) == {("pet", ALONE), ("pet", LockMode.SHARE)}
    assert Lock("pet_name", INDEX, ALONE, table="pet") in trace.locks
    assert set(trace.work) == {
        Work("pet", WorkKind.REWRITE),
        Work("pet", WorkKind.INDEX_BUILD, "pet_name"),
        Work("pet", WorkKind.INDEX_BUILD, "pet_pkey"),
    }
    assert "rewritten because of the column's type" in trace.notices
    assert trace.wal_bytes > 0


def test_a_foreign_key_locks_and_reads_both_sides(bench):
    trace = bench.trace(
        "ALTER TABLE pet ADD CONSTRAINT pet_owner FOREIGN KEY (owner_id) REFERENCES owner (id)"
    )
    assert ("owner", SHARED) in locks_of(trace)
    assert set(trace.work) == {
        Work("owner", WorkKind.VALIDATION, "pet_owner"),
        Work("pet", WorkKind.VALIDATION, "pet_owner"),
    }


def test_locks_are_noted_once_a_transaction_and_counters_are_differences(bench):
    bench.connection.set_autocommit(False)
    first = bench.trace("UPDATE pet SET name = 'x' WHERE id <= 5")
    second = bench.trace("UPDATE pet SET name = 'y' WHERE id = 6")
    assert locks_of(first) == {("pet", WRITER)}
    assert locks_of(second) == set()
    assert [found.updated for found in first.rows + second.rows] == [5, 1]
    bench.connection.rollback()
    assert locks_of(bench.trace("UPDATE pet SET name = 'z' WHERE id = 7")) == {("pet", WRITER)}
    bench.connection.rollback()
    bench.connection.set_autocommit(True)


def test_outside_of_a_transaction_a_statement_gets_one(bench):
    trace = bench.trace("ALTER TABLE pet ADD COLUMN nick varchar(20)")
    assert locks_of(trace) == {("pet", ALONE)}
    with bench.connection.cursor() as cursor:
        cursor.execute("SELECT nick FROM pet")


def test_what_was_made_meanwhile_is_nobodys_lock(bench):
    trace = bench.trace("CREATE TABLE toy (id int PRIMARY KEY, pet_id int REFERENCES pet)")
    assert trace.creates == ("toy", "toy_pkey")
    assert locks_of(trace) == {("pet", SHARED), ("pet", LockMode.ACCESS_SHARE)}
    assert bench.trace("CREATE INDEX toy_pet ON toy (pet_id)").locks == ()


@pytest.mark.parametrize(
    ("statement", "waits", "index"),
    [
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS born ON pet (born)", "writes to", set()),
        ("DROP INDEX CONCURRENTLY pet_name", "uses", {"pet_name"}),
        ("REINDEX INDEX CONCURRENTLY pet_name", "writes to", {"pet_name"}),
        ("REINDEX TABLE CONCURRENTLY pet", "writes to", {"pet_name", "pet_pkey"}),
    ],
)
def test_concurrently_is_held_up_to_see_its_locks(bench, statement, waits, index):
    trace = bench.trace(statement)
    assert trace.missed == ()
    assert trace.waited == f"whoever {waits} the table"
    assert locks_of(trace) == {("pet", LockMode.SHARE_UPDATE_EXCLUSIVE)}
    assert {name for name, _ in locks_of(trace, kind=INDEX)} == index
    assert trace.seconds < 2


def test_a_script_that_ends_its_own_transaction_is_said(bench):
    trace = bench.trace("BEGIN; ALTER TABLE pet ADD COLUMN nick text; COMMIT")
    assert trace.missed == (
        "the statement ends its own transaction: its locks were gone when it was done",
    )


def test_every_row_read_by_the_migration_is_work_and_a_single_one_is_not(bench):
    everything = bench.trace("SELECT name FROM pet")
    single = bench.trace("SELECT name FROM pet WHERE id = 5")
    assert everything.work == (Work("pet", WorkKind.READ),)
    assert [(found.read or found.fetched) for found in everything.rows] == [20]
    assert single.work == ()
    assert single.rows == (RowCounts("pet", fetched=1),)


def test_rows_that_are_spelled_out_do_not_grow_and_those_of_a_query_do(bench):
    assert bench.trace("INSERT INTO pet VALUES (90, 'a'), (91, 'b')").work == ()
    copied = bench.trace("INSERT INTO pet SELECT id + 100, name FROM owner")
    assert Work("pet", WorkKind.ROWS) in copied.work


def test_emptied_tables_have_no_work_that_grows(bench):
    trace = bench.trace("TRUNCATE pet")
    assert ("pet", ALONE) in locks_of(trace)
    assert trace.work == ()


def test_what_fails_leaves_the_connection_usable(bench):
    with pytest.raises(Exception, match="does not exist"):
        bench.trace("ALTER TABLE nowhere ADD COLUMN a int")
    assert locks_of(bench.trace("ALTER TABLE pet ADD COLUMN a int")) == {("pet", ALONE)}
