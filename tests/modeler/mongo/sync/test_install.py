"""Triggers: put in, brought up to date, taken out; and what they cost and must not need."""

from __future__ import annotations

import pytest

from modeler.errors import ServerError
from modeler.mongo.sync.install import install, installed, is_installed, silent_tables, uninstall
from modeler.mongo.sync.watch import tables_of, watches
from modeler.postgres.connections import connection_to
from modeler.schema.location import Location


def tables(shop) -> set[str]:
    with shop.connection.cursor() as cursor:
        return {place.table for place in installed(cursor, "default")}


ALL = {"area", "buyer", "card", "sale", "line", "step", "label", "sale_label", "seat"}


def test_in_and_out_and_in_again(shop):
    assert tables(shop) == ALL
    assert {place.table for place in uninstall(shop.connection)} == ALL
    assert tables(shop) == set()
    left = shop.rows(
        "SELECT relname FROM pg_class WHERE relname LIKE 'modeler_sync%' UNION ALL "
        "SELECT proname FROM pg_proc WHERE proname LIKE 'modeler_sync%'"
    )
    assert left == []
    with shop.connection.cursor() as cursor:
        assert not is_installed(cursor)
    for _ in range(2):  # the second changes nothing
        install(shop.connection, shop.schema, shop.specs)
    assert tables(shop) == ALL
    shop.sql("UPDATE seat SET guest = 'again'")
    assert {watch for watch, _ in shop.queued()} == {"seats"}


def test_tables_that_no_collection_needs_any_more_lose_their_triggers(shop):
    seats = [spec for spec in shop.specs if spec.name == "seats"]
    install(shop.connection, shop.schema, seats)
    assert tables(shop) == {"seat"}
    install(shop.connection, shop.schema, shop.specs)


def test_what_is_not_seen_is_named(shop):
    wanted = tables_of(watches(shop.schema, shop.specs))
    shop.sql(
        "ALTER TABLE line DISABLE TRIGGER zz_modeler_sync_update",
        "DROP TRIGGER zz_modeler_sync_delete ON step",
    )
    with shop.connection.cursor() as cursor:
        assert silent_tables(cursor, "default", wanted) == (
            Location("default", "", "line"),
            Location("default", "", "step"),
        )
    install(shop.connection, shop.schema, shop.specs)
    shop.sql("ALTER TABLE line ENABLE TRIGGER zz_modeler_sync_update")
    with shop.connection.cursor() as cursor:
        assert silent_tables(cursor, "default", wanted) == ()


def test_a_function_has_its_owners_rights_and_its_own_search_path(shop):
    assert shop.rows(
        "SELECT DISTINCT prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE') "
        "FROM pg_proc WHERE proname LIKE 'modeler_sync%'"
    ) == [(True, ["search_path=pg_catalog, public, pg_temp"], False)]
    shop.sql(
        "SET search_path = pg_temp",
        "UPDATE public.seat SET guest = 'Zoe' WHERE hall = 2",
        "RESET search_path",
    )
    assert shop.queued() == [("seats", ["2", "1"])]


def test_a_lock_that_does_not_come_changes_nothing(shop):
    uninstall(shop.connection)
    other = connection_to(shop.connection.settings_dict, "default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE step IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(ServerError, match="nothing else was: canceling statement due to lock"):
            install(shop.connection, shop.schema, shop.specs)
        cursor.execute("ROLLBACK")
    other.close()
    assert tables(shop) == set()
    install(shop.connection, shop.schema, shop.specs)


def test_an_update_of_other_columns_queues_nothing(shop):
    shop.sql("UPDATE area SET name = name", "UPDATE buyer SET id = id, email = email")
    assert shop.queued() == []


@pytest.mark.parametrize(
    ("change", "queued"),
    [
        ("UPDATE sale SET total = 5 WHERE id = 1", [("sales", ["1"])]),
        ("UPDATE line SET sale_id = 2 WHERE id = 10",
         [("sales/lines", ["1"]), ("sales/lines", ["2"])]),
        ("UPDATE line SET pieces = pieces + 1", [("sales/lines", ["1"]), ("sales/lines", ["3"])]),
        ("DELETE FROM step WHERE id > 100",
         [("sales/lines.steps", ["10"]), ("sales/lines.steps", ["12"])]),
        ("UPDATE buyer SET name = 'N' WHERE id = 1", [("buyers", ["1"]), ("sales/buyer", ["1"])]),
        ("UPDATE buyer SET note = 'N' WHERE id = 1", [("buyers", ["1"])]),
        ("UPDATE seat SET guest = 'G' WHERE hall = 2", [("seats", ["2", "1"])]),
        ("TRUNCATE step", [("sales/lines.steps", None)]),
    ],
)  # fmt: skip
def test_what_a_change_queues(shop, change, queued):
    shop.sql(change)
    assert sorted(shop.queued(), key=repr) == sorted(queued, key=repr)
