"""Each obstacle is put there for real, by other sessions of a live server, and found."""

from __future__ import annotations

import re
import threading
import time

import pytest
from django.db import DatabaseError

from modeler.errors import ServerError
from modeler.postgres.connections import connection_to
from modeler.postgres.locks import LockMode
from modeler.postgres.preflight.check import preflight
from modeler.postgres.preflight.intent import Intent
from modeler.postgres.preflight.obstacle import Obstacle, ObstacleKind
from tests.modeler.postgres.preflight.asking import (
    ALTER,
    EXCLUSIVE,
    SHARE,
    found,
    kinds,
    of,
)
from tests.modeler.postgres.preflight.pooler import pooler

# Every block with a handler is a subtransaction, and has a number of its own when it writes.
BURN = """
DO $$ BEGIN
    FOR n IN 1..{} LOOP
        BEGIN INSERT INTO elsewhere VALUES (n); EXCEPTION WHEN others THEN NULL; END;
    END LOOP;
END $$
"""


def test_a_quiet_server_has_no_obstacles(database):
    assert kinds(found(database)) <= {ObstacleKind.NOT_CHECKED}
    assert kinds(found(database, role="postgres")) == set()


@pytest.mark.parametrize(
    ("theirs", "ours", "blocks"),
    [
        ("SELECT count(*) FROM purchase", {LockMode.ACCESS_EXCLUSIVE}, True),
        ("SELECT count(*) FROM purchase", {LockMode.SHARE}, False),
        ("SELECT count(*) FROM purchase", {LockMode.SHARE_UPDATE_EXCLUSIVE}, False),
        ("UPDATE purchase SET total = 1 WHERE id = 1", {LockMode.SHARE}, True),
        ("UPDATE purchase SET total = 1 WHERE id = 1", {LockMode.SHARE_ROW_EXCLUSIVE}, True),
        ("UPDATE purchase SET total = 1 WHERE id = 1", {LockMode.SHARE_UPDATE_EXCLUSIVE}, False),
        ("LOCK purchase IN SHARE UPDATE EXCLUSIVE MODE", {LockMode.SHARE_UPDATE_EXCLUSIVE}, True),
        ("SELECT FROM purchase FOR UPDATE", {LockMode.ROW_SHARE, LockMode.EXCLUSIVE}, True),
        ("SELECT count(*) FROM elsewhere", {LockMode.ACCESS_EXCLUSIVE}, False),
    ],
)
def test_a_transaction_blocks_when_its_lock_conflicts(database, theirs, ours, blocks):
    with database.session(theirs):
        obstacles = found(database, Intent("purchase", frozenset(ours)))
    assert bool(of(ObstacleKind.LOCK_HOLDER, obstacles)) is blocks
    assert all(obstacle.blocks for obstacle in of(ObstacleKind.LOCK_HOLDER, obstacles))


def test_a_holder_is_named_with_what_it_does(database):
    options = {"OPTIONS": {"application_name": "reports"}}
    with database.session("SELECT 1 FROM purchase", **options) as session:
        pid = session.connection.info.backend_pid
        (holder,) = of(ObstacleKind.LOCK_HOLDER, found(database, role="postgres"))
    assert holder == Obstacle(
        ObstacleKind.LOCK_HOLDER,
        "purchase",
        f"Process {pid} of project (reports) holds access share on purchase in a transaction open "
        "for 0 s, which sits idle; statements that need access exclusive wait for it, and "
        "everybody who comes after waits behind them.",
        f"Wait until it ends, or end it: SELECT pg_terminate_backend({pid}). Migrate with a short "
        "lock_timeout, so that nobody queues for long.",
        holder.evidence,
        blocks=True,
    )
    evidence = dict(holder.evidence)
    assert (evidence["pid"], evidence["query"]) == (str(pid), "SELECT 1 FROM purchase")
    assert evidence["state"] == "idle in transaction"
    assert evidence["modes"] == "access share"


def test_a_transaction_with_several_locks_is_named_once(database):
    with database.session("SELECT 1 FROM purchase; UPDATE purchase SET total = 9 WHERE id = 9"):
        (holder,) = of(ObstacleKind.LOCK_HOLDER, found(database))
    assert "holds access share and row exclusive on purchase" in holder.message


def test_young_transactions_are_let_go(database):
    with database.session("SELECT 1 FROM purchase"):
        assert of(ObstacleKind.LOCK_HOLDER, found(database, older_than=30, role="postgres")) == []


def test_a_role_that_sees_nothing_of_others_finds_who_keeps_a_lock(database):
    with database.session("SELECT 1 FROM purchase", role="postgres"):
        obstacles = found(database, older_than=0.2)
    (holder,) = of(ObstacleKind.LOCK_HOLDER, obstacles)
    assert "of unknown age" in holder.message
    assert any("pg_monitor" in one.hint for one in of(ObstacleKind.NOT_CHECKED, obstacles))


def test_a_queue_that_is_there_already_is_found(database):
    def wait():
        # A connection belongs to the thread that made it.
        waiter = connection_to(database.live.settings("project", database.name), "waiter")
        with waiter.cursor() as cursor:
            cursor.execute("ALTER TABLE purchase ADD COLUMN soon int")
        waiter.close()

    with database.session("SELECT 1 FROM purchase"):
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.5)
        obstacles = found(database, Intent("purchase", frozenset({LockMode.ACCESS_SHARE})))
    thread.join()
    (queue,) = of(ObstacleKind.LOCK_QUEUE, obstacles)
    assert re.search(r"waits for \d s for access exclusive on purchase", queue.message)
    assert "ALTER TABLE purchase ADD COLUMN soon int" in queue.message


@pytest.mark.parametrize("concurrently", [False, True])
def test_long_transactions_matter_to_concurrent_builds(database, concurrently):
    intent = Intent(
        "purchase", frozenset({LockMode.SHARE_UPDATE_EXCLUSIVE}), concurrently=concurrently
    )
    with database.session(
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM elsewhere"
    ):
        obstacles = found(database, intent, role="postgres")
    (long,) = of(ObstacleKind.LONG_TRANSACTION, obstacles)
    assert long.blocks is concurrently
    assert ("building concurrently on purchase waits" in long.message) is concurrently


def test_a_prepared_transaction_is_named_by_its_gid(database):
    database.run("BEGIN; UPDATE purchase SET total = 2 WHERE id = 2; PREPARE TRANSACTION 'bank-7'")
    try:
        (here,) = of(ObstacleKind.PREPARED_TRANSACTION, found(database))
        others = of(ObstacleKind.PREPARED_TRANSACTION, found(database, Intent("elsewhere", SHARE)))
        no_conflict = found(database, Intent("purchase", frozenset({LockMode.ROW_SHARE})))
    finally:
        database.run("ROLLBACK PREPARED 'bank-7'")
    assert here.blocks
    assert "'bank-7' of project holds row exclusive on purchase" in here.message
    assert "ROLLBACK PREPARED 'bank-7'" in here.hint
    assert [other.blocks for other in others] == [False]
    assert not any(one.blocks for one in of(ObstacleKind.PREPARED_TRANSACTION, no_conflict))


def test_a_failed_concurrent_build_is_a_leftover(database):
    database.run("UPDATE purchase SET total = 3 WHERE id IN (3, 4)")
    with pytest.raises(DatabaseError):
        database.run("CREATE UNIQUE INDEX CONCURRENTLY purchase_total ON purchase (total)")
    (left,) = of(ObstacleKind.INVALID_INDEX, found(database))
    assert (left.subject, left.blocks) == ("purchase", False)
    assert "purchase_total" in left.message
    assert "DROP INDEX CONCURRENTLY purchase_total" in left.hint
    again = found(database, Intent("purchase", SHARE, builds=("purchase_total",)))
    assert [one.blocks for one in of(ObstacleKind.INVALID_INDEX, again)] == [True]
    database.run("DROP INDEX purchase_total; CREATE INDEX purchase_total ON purchase (total)")
    taken = found(database, Intent("purchase", SHARE, builds=("purchase_total",)))
    assert ["is there already and valid" in one.message for one in taken if one.blocks] == [True]


def test_a_failed_reindex_is_a_leftover(database):
    database.run("CREATE INDEX purchase_total ON purchase (total)")
    connection = database.connect()
    with (
        database.session("UPDATE purchase SET total = 5 WHERE id = 5"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET lock_timeout = '300ms'")
        with pytest.raises(DatabaseError):
            cursor.execute("REINDEX INDEX CONCURRENTLY purchase_total")
    left = of(ObstacleKind.INVALID_INDEX, found(database))
    assert ["purchase_total_ccnew" in one.message for one in left] == [True]
    assert "left over from a REINDEX CONCURRENTLY" in left[0].message


def test_constraints_that_nobody_validated_are_named(database):
    database.run(
        "ALTER TABLE purchase ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID,"
        " ADD CONSTRAINT there FOREIGN KEY (total) REFERENCES customer (id) NOT VALID"
    )
    assert [
        (one.message.split(" of ")[0], one.hint)
        for one in of(ObstacleKind.NOT_VALIDATED, found(database))
    ] == [
        (
            "The check constraint positive",
            "Validate it: ALTER TABLE purchase VALIDATE CONSTRAINT positive.",
        ),
        (
            "The foreign key constraint there",
            "Validate it: ALTER TABLE purchase VALIDATE CONSTRAINT there.",
        ),
    ]
    database.run("UPDATE purchase SET total = 1; ALTER TABLE purchase VALIDATE CONSTRAINT there")
    assert len(of(ObstacleKind.NOT_VALIDATED, found(database))) == 1


def test_a_constraint_that_is_not_enforced_is_no_leftover(database):
    (version,) = database.run("SELECT current_setting('server_version_num')::int")[0]
    if version < 180000:
        pytest.skip("NOT ENFORCED came with PostgreSQL 18")
    database.run("ALTER TABLE purchase ADD CONSTRAINT soft CHECK (total > 5) NOT ENFORCED")
    assert of(ObstacleKind.NOT_VALIDATED, found(database)) == []


def test_a_vacuum_against_wraparound_does_not_yield(own_database):
    database = own_database
    database.run(
        "ALTER TABLE purchase SET (autovacuum_vacuum_cost_delay = 100,"
        " autovacuum_vacuum_cost_limit = 1)"
    )
    fresh = of(ObstacleKind.WRAPAROUND_VACUUM, found(database))
    assert fresh == []
    database.run(BURN.format(97_000))
    (soon,) = of(ObstacleKind.WRAPAROUND_VACUUM, found(database))
    assert "VACUUM (FREEZE) purchase" in soon.hint
    assert not soon.blocks
    database.run("ALTER SYSTEM SET autovacuum = on", role="postgres")
    try:
        database.run("SELECT pg_reload_conf()", role="postgres")
        database.run(BURN.format(10_000))
        deadline = time.monotonic() + 30
        while True:
            vacuums = of(ObstacleKind.WRAPAROUND_VACUUM, found(database, role="postgres"))
            if any("does not stop" in one.message and one.blocks for one in vacuums):
                break
            assert time.monotonic() < deadline, "autovacuum did not come"
            time.sleep(0.1)
    finally:
        database.run("ALTER SYSTEM RESET autovacuum", role="postgres")
        database.run("SELECT pg_reload_conf()", role="postgres")
    (vacuum,) = vacuums
    assert vacuum.message.startswith("Autovacuum works on purchase for ")
    assert of(ObstacleKind.LOCK_HOLDER, vacuums) == []


def test_who_is_not_the_owner_may_not_alter(database):
    database.run("ALTER TABLE purchase OWNER TO postgres", role="postgres")
    database.run(
        "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        role="postgres",
    )
    obstacles = found(database, Intent("purchase", EXCLUSIVE, alters=True, builds=("new",)))
    assert [one.message for one in of(ObstacleKind.PRIVILEGE, obstacles)] == [
        "purchase belongs to postgres, and project may not alter it.",
        "project may not create in schema public, so no index of purchase can be made.",
    ]
    with pytest.raises(DatabaseError):
        database.run("ALTER TABLE purchase ADD COLUMN n int")
    assert of(ObstacleKind.PRIVILEGE, found(database, Intent("purchase", EXCLUSIVE))) == []


def test_a_role_without_a_schema_is_told(database):
    database.run(
        "ALTER SCHEMA public OWNER TO postgres; REVOKE ALL ON SCHEMA public FROM PUBLIC, project",
        role="postgres",
    )
    (missing,) = of(ObstacleKind.PRIVILEGE, found(database))
    assert missing.blocks
    assert missing.message.startswith("project may use no schema of its search path")


@pytest.mark.parametrize(
    ("options", "intent", "words"),
    [
        ("", ALTER, ["lock_timeout is 0"]),
        ("-c lock_timeout=2000", ALTER, []),
        ("", Intent("purchase", frozenset({LockMode.ROW_SHARE})), []),
        (
            "-c lock_timeout=1500 -c statement_timeout=500",
            Intent("purchase", frozenset({LockMode.SHARE_UPDATE_EXCLUSIVE}), concurrently=True),
            ["lock_timeout is 2 s", "statement_timeout is 500 ms"],
        ),
        (
            "-c lock_timeout=1s -c statement_timeout=10s",
            Intent("purchase", EXCLUSIVE, rewrites=True),
            ["statement_timeout is 10 s"],
        ),
    ],
)
def test_timeouts_in_force_are_those_of_the_session(database, options, intent, words):
    obstacles = found(database, intent, OPTIONS={"options": options} if options else {})
    said = [one.message for one in of(ObstacleKind.TIMEOUT, obstacles)]
    assert [message.partition(":")[0].partition(", and")[0] for message in said] == words


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ({"PORT": "pooler", "HOST": "127.0.0.1"}, "The server's process is not the one"),
        ({"DISABLE_SERVER_SIDE_CURSORS": True}, "DISABLE_SERVER_SIDE_CURSORS is set"),
        ({}, None),
    ],
)
def test_a_pooler_shows(servers, database, more, start):
    with pooler(servers[0].cluster.socket) as port:
        if "PORT" in more:
            more = more | {
                "PORT": port,
                "OPTIONS": {"sslmode": "disable", "gssencmode": "disable"},
            }
        obstacles = of(ObstacleKind.POOLER, found(database, **more))
    assert [one.message.startswith(start) for one in obstacles] == ([True] if start else [])


def test_names_with_capitals_and_schemas_are_found(database):
    intent = Intent('"Old Stock"."Item"', EXCLUSIVE, alters=True)
    with database.session('SELECT FROM "Old Stock"."Item"'):
        (holder,) = of(ObstacleKind.LOCK_HOLDER, found(database, intent))
    assert holder.subject == '"Old Stock"."Item"'


def test_leftovers_are_named_as_sql_needs_it(database):
    intent = Intent('"Old Stock"."Item"', EXCLUSIVE)
    database.run('INSERT INTO "Old Stock"."Item" VALUES (1), (1)')
    build = 'CREATE UNIQUE INDEX CONCURRENTLY "Item Id" ON "Old Stock"."Item" (id)'
    with pytest.raises(DatabaseError):
        database.run(build)
    (left,) = of(ObstacleKind.INVALID_INDEX, found(database, intent))
    database.run(left.hint.partition(": ")[2].rstrip("."))
    assert of(ObstacleKind.INVALID_INDEX, found(database, intent)) == []


def test_tables_that_are_not_there_yet_are_left_out(database):
    assert kinds(found(database, Intent("to_come", EXCLUSIVE, alters=True), role="postgres")) == (
        set()
    )


def test_nobody_is_waited_for_even_behind_an_exclusive_lock(database):
    database.run("CREATE INDEX purchase_expr ON purchase ((total + 1)) WHERE total > 0")
    with database.session("LOCK TABLE purchase, customer IN ACCESS EXCLUSIVE MODE"):
        started = time.monotonic()
        obstacles = found(
            database,
            *(
                Intent(
                    name,
                    EXCLUSIVE,
                    alters=True,
                    rewrites=True,
                    concurrently=True,
                    builds=(f"{name}_new",),
                )
                for name in ("purchase", "customer")
            ),
        )
        assert time.monotonic() - started < 1.5
    assert len(of(ObstacleKind.LOCK_HOLDER, obstacles)) == 2
    assert not any("Not checked" in one.message for one in obstacles)
    assert [one.blocks for one in obstacles] == sorted(
        (one.blocks for one in obstacles), reverse=True
    )


def test_a_server_that_is_not_there_is_one_sentence(servers, django_db_blocker):
    connection = connection_to(servers[0].settings("project", "no_such_database"), "gone")
    with django_db_blocker.unblock(), pytest.raises(ServerError, match="'gone' does not answer"):
        preflight(connection, [ALTER])
