"""What standbys, slots, publications and the disk have to say, on live servers."""

from __future__ import annotations

import time

import pytest

from modeler.postgres.connections import connection_to
from modeler.postgres.preflight.check import preflight
from modeler.postgres.preflight.intent import Intent
from modeler.postgres.preflight.obstacle import ObstacleKind
from tests.modeler.postgres.preflight.asking import (
    EXCLUSIVE,
    SHARE,
    found,
    of,
)


def test_a_standby_is_told_of_exclusive_locks(servers, database):
    deadline = time.monotonic() + 20
    while not (standbys := of(ObstacleKind.STANDBY, found(database, role="postgres"))):
        assert time.monotonic() < deadline, "the standby did not connect"
        time.sleep(0.1)
    (standby,) = standbys
    assert standby.message.startswith("A standby follows this server (far, ")
    assert "Access exclusive locks on purchase are replayed there" in standby.message
    assert not standby.blocks
    (milder,) = of(ObstacleKind.STANDBY, found(database, Intent("purchase", SHARE)))
    assert "Access exclusive" not in milder.message


def test_migrations_do_not_run_on_a_standby(servers, django_db_blocker):
    with django_db_blocker.unblock():
        connection = connection_to(servers[1].settings("postgres", "postgres"), "far")
        try:
            obstacles = preflight(connection, [], older_than=0)
        finally:
            connection.close()
    assert [(one.kind, one.blocks) for one in obstacles if one.blocks] == [
        (ObstacleKind.STANDBY, True)
    ]
    assert of(ObstacleKind.NOT_CHECKED, obstacles) == []


def test_a_slot_that_nobody_reads_keeps_wal(database):
    database.run("SELECT pg_create_physical_replication_slot('idle_slot', true)", role="postgres")
    try:
        (slot,) = of(ObstacleKind.REPLICATION_SLOT, found(database))
    finally:
        database.run("SELECT pg_drop_replication_slot('idle_slot')", role="postgres")
    assert "'idle_slot', which nobody reads, keeps" in slot.message


def test_published_tables_are_named(database):
    database.run(
        "CREATE PUBLICATION few FOR TABLE purchase; CREATE PUBLICATION every FOR ALL TABLES",
        role="postgres",
    )
    assert [dict(one.evidence) for one in of(ObstacleKind.PUBLICATION, found(database))] == [
        {"publication": "every"},
        {"publication": "few"},
    ]
    assert len(of(ObstacleKind.PUBLICATION, found(database, Intent("customer", SHARE)))) == 1


def test_a_schema_that_is_published_is_named(database):
    (version,) = database.run("SELECT current_setting('server_version_num')::int")[0]
    if version < 150000:
        pytest.skip("publications of schemas came with PostgreSQL 15")
    database.run("CREATE PUBLICATION whole FOR TABLES IN SCHEMA public", role="postgres")
    assert len(of(ObstacleKind.PUBLICATION, found(database))) == 1


def test_a_rewrite_needs_room(database):
    (room,) = of(
        ObstacleKind.DISK_SPACE,
        found(database, Intent("purchase", EXCLUSIVE, rewrites=True), role="postgres"),
    )
    assert not room.blocks
    assert int(dict(room.evidence)["free"]) > 2**20
    (unknown,) = of(
        ObstacleKind.DISK_SPACE, found(database, Intent("purchase", EXCLUSIVE, rewrites=True))
    )
    assert "cannot be known from here" in unknown.message
    assert of(ObstacleKind.DISK_SPACE, found(database)) == []


def test_a_rewrite_without_room_blocks(database):
    database.run("VACUUM ANALYZE purchase")
    database.run(
        "UPDATE pg_class SET relpages = 2000000000 WHERE relname = 'purchase'", role="postgres"
    )
    (room,) = of(
        ObstacleKind.DISK_SPACE,
        found(database, Intent("purchase", EXCLUSIVE, rewrites=True), role="postgres"),
    )
    assert room.blocks
    assert room.message.startswith("Rewriting purchase needs about 14.9 TB more")
