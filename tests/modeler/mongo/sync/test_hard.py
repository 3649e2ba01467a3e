"""What a batch must not trip over: entries of others, chains of values, impossible documents."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError

from modeler.errors import ServerError
from modeler.mongo.aggregate import Aggregate
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.sync import takeover
from modeler.mongo.sync.batch import ATTEMPTS
from modeler.mongo.sync.followed import followed
from modeler.mongo.sync.install import install
from modeler.mongo.sync.locks import root_name
from modeler.mongo.sync.rebuild import alone, begin, give_up, swap
from modeler.mongo.sync.status import revive, sync_status
from modeler.mongo.sync.worker import Worker
from modeler.postgres.connections import connection_to


def test_entries_that_a_worker_does_not_know_are_left_to_others(shop):
    """As in a rolling deployment: triggers are newer than this worker."""
    only = {"seats": shop.collections["seats"]}
    said = []
    worker = Worker(
        shop.connection.settings_dict, "default", shop.client, shop.mongo.name, only, said.append
    )
    shop.sql(
        "UPDATE sale SET total = 77 WHERE id = 1",
        "UPDATE seat SET guest = 'known' WHERE hall = 1",
        "INSERT INTO modeler_sync_queue (watch, key) VALUES ('sales/new.part', '{5}')",
    )
    step = worker.drain()
    worker._tell_unclaimed()
    worker.close()
    assert (step.entries, step.written) == (2, 2)
    left = [("sales", ["1"]), ("sales/new.part", ["5"])]
    assert shop.queued() == left
    assert said == [
        "2 entries in the queue are left to other workers (sales, sales/new.part): of collections "
        "that this one does not follow, or of newer triggers. If nobody follows them, start "
        "workers anew, or run --install."
    ]
    status = sync_status(shop.connection, shop.schema, shop.specs)
    assert status.unclaimed == (("sales/new.part", 1),)
    shop.worker.drain()
    assert shop.queued() == left[1:]
    # An installation knows all names: what is called otherwise now is built anew as a whole.
    shop.sql("INSERT INTO modeler_sync_queue (watch, key) VALUES ('nobody/x', '{5}')")
    install(shop.connection, shop.schema, shop.specs)
    assert shop.queued() == [("sales", None)]
    shop.worker.drain()
    shop.assert_equal()


def test_a_worker_older_than_the_tables_gives_nothing_up(shop):
    shop.sql("UPDATE seat SET guest = 'waits'", "ALTER TABLE seat RENAME guest TO visitor")
    try:
        with pytest.raises(ProgrammingError, match="guest does not exist"):
            shop.worker.drain()
        assert len(shop.queued()) == 3
        assert shop.rows("SELECT * FROM modeler_sync_dead") == []
    finally:
        shop.sql("ALTER TABLE seat RENAME visitor TO guest")
    shop.worker.drain()
    shop.assert_equal()


def test_a_table_altered_under_a_worker_that_has_prepared_its_queries(shop):
    """The server refuses the plan once more ("cached plan must not change result type")."""
    for turn in range(3):
        shop.sql(f"UPDATE seat SET guest = 'turn {turn}'")
        shop.worker.drain()
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%\"seat\"%'"
    with shop.worker.connections.rows.cursor() as cursor:
        cursor.execute(prepared)
        assert cursor.fetchone()[0] > 0
    shop.sql(
        "ALTER TABLE seat ALTER guest TYPE varchar(60)",
        "UPDATE seat SET guest = 'after'",
        "UPDATE sale SET total = 9",
    )
    step = shop.worker.drain()
    assert (step.written, step.dead, step.retried) == (6, [], 0)
    shop.assert_equal()


def test_one_document_too_deep_for_the_server_does_not_stop_the_others(shop):
    deep: object = 1
    for _ in range(250):
        deep = {"a": deep}
    shop.sql(
        f"UPDATE sale SET total = 5, facts = CASE id WHEN 2 THEN '{json.dumps(deep)}'::jsonb END"
    )
    step = shop.worker.drain()
    assert [(name, key) for name, key, _ in step.dead] == [("sales", ("2",))]
    assert {key for key, one in shop.stored("sales").items() if str(one["total"]) == "5.00"} == {
        1,
        3,
    }
    shop.sql("UPDATE sale SET facts = NULL WHERE id = 2")
    assert shop.worker.drain().dead == []
    shop.assert_equal()


@pytest.mark.parametrize("together", [1_000, 7, 1])
def test_a_long_list_moves_by_one(shop, monkeypatch, together):
    """Every unique value is held by the next: more of them than one transaction takes."""
    monkeypatch.setattr(takeover, "TOGETHER", together)
    shop.sql(
        "INSERT INTO sale (id, code, total) SELECT n, 'p' || n, 0 FROM generate_series(100, 160) n"
    )
    shop.worker.drain()
    shop.sql("UPDATE sale SET code = 'p' || (id + 1) WHERE id >= 100")
    step = shop.worker.drain()
    assert step.dead == []
    assert shop.queued() == []
    shop.assert_equal()


def test_a_chain_longer_than_a_batch(shop):
    shop.sql(
        "INSERT INTO sale (id, code, total) "
        "SELECT n, 'p' || n, 0 FROM generate_series(1000, 2600) n"
    )
    shop.worker.drain()
    shop.sql("UPDATE sale SET code = 'p' || (id + 1) WHERE id >= 1000")
    assert shop.worker.drain().dead == []
    shop.assert_equal()


def test_holders_that_are_being_written_are_no_failure(shop):
    shop.sql("UPDATE buyer SET email = 'cy@x.example' WHERE id = 4")
    other = connection_to(shop.connection.settings_dict, "other")
    with other.cursor() as cursor:
        cursor.execute(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended(%s, 7205759))",
            [root_name("buyers", ("3",))],
        )
        shop.sql(
            "BEGIN; UPDATE buyer SET email = NULL WHERE id = 3; "
            "UPDATE buyer SET email = 'cy@x.example' WHERE id = 2; COMMIT",
            "DELETE FROM modeler_sync_queue WHERE key = '{3}'",
        )
        for _ in range(ATTEMPTS + 2):
            shop.sql("UPDATE modeler_sync_queue SET not_before = NULL")
            step = shop.worker.batch.run()
            assert (step.retried, step.dead) == (1, [])
        assert shop.rows("SELECT attempts FROM modeler_sync_queue") == [(0,)]
        cursor.execute("ROLLBACK")
    other.close()
    shop.worker.drain()
    shop.assert_equal()


def test_a_value_that_a_refused_document_holds_is_given_up_with_its_reason(shop, monkeypatch):
    """Sale 1 cannot be written, and keeps in MongoDB what sale 2 has by now."""
    monkeypatch.setattr("modeler.mongo.sync.batch.FIRST_WAIT", 0.001)
    shop.sql(
        "BEGIN; UPDATE sale SET code = 'Z', made = 'infinity' WHERE id = 1; "
        "UPDATE sale SET code = 'A' WHERE id = 2; COMMIT"
    )
    step = shop.worker.drain()
    assert {key for _, key, _ in step.dead} == {("1",), ("2",)}
    reasons = dict(shop.rows("SELECT key[1], reason FROM modeler_sync_dead"))
    assert reasons["2"] == "another document has code 'A'"
    shop.sql("UPDATE sale SET made = now() WHERE id = 1")
    shop.worker.drain()
    assert revive(shop.connection) == 1
    assert shop.worker.drain().dead == []
    shop.assert_equal()


def test_how_late_a_document_is_goes_by_one_clock(shop):
    shop.sql(
        "UPDATE seat SET guest = 'late' WHERE hall = 2",
        "UPDATE modeler_sync_queue SET at = at - interval '1 hour'",
    )
    (lag,) = shop.worker.drain().lags
    assert 3600 <= lag < 3610


def test_while_rebuilt_the_old_collection_is_written_whatever_the_new_one_refuses(shop):
    spec = shop.collections["seats"].spec
    name, there = begin(shop.connection, shop.mongo, spec)
    assert (name, there) == ("seats__v2", False)
    try:
        shop.mongo.command("collMod", name, validator={"guest": "nobody"})
        shop.sql("UPDATE seat SET guest = 'both'")
        step = shop.worker.drain()
        assert {one["guest"] for one in shop.stored("seats").values()} == {"both"}
        assert shop.stored(name) == {}
        assert step.written == 3
        assert {reason.partition(":")[0] for _, _, reason in step.dead} == {name}
        # The next beginning puts the rules right, and what was there is used.
        assert begin(shop.connection, shop.mongo, spec) == (name, True)
        assert revive(shop.connection) == 3
        shop.worker.drain()
        assert shop.stored(name) == shop.stored("seats")
    finally:
        give_up(shop.connection, shop.mongo, spec)
    shop.assert_equal()


def test_a_crash_in_the_middle_of_a_swap_is_mended_by_the_next_rebuild(shop):
    spec = shop.collections["seats"].spec

    class Crash(Exception):
        pass

    def crash(*_: object, **__: object) -> None:
        raise Crash

    name, _ = begin(shop.connection, shop.mongo, spec)

    class Crashing:
        def list_collection_names(self):
            return shop.mongo.list_collection_names()

        def __getitem__(self, name):
            return type("C", (), {"rename": crash})()

    with pytest.raises(Crash):
        swap(shop.connection, Crashing(), spec)
    shop.sql("UPDATE seat SET guest = 'after'")
    shop.worker.drain()
    # Nobody writes what is left, so that it cannot be taken for the newest state.
    assert shop.stored(name) == {}
    shop.mongo[name].insert_one({"_id": "left over"}, bypass_document_validation=True)
    assert begin(shop.connection, shop.mongo, spec) == (name, False)
    assert shop.mongo[name].count_documents({}) == 0
    give_up(shop.connection, shop.mongo, spec)
    shop.assert_equal()


def test_one_rebuild_at_a_time(shop):
    spec = shop.collections["seats"].spec
    other = connection_to(shop.connection.settings_dict, "other")
    said = pytest.raises(ServerError, match="being rebuilt by another process")
    with alone(other, spec), said, alone(shop.connection, spec):
        pass
    other.close()
    with alone(shop.connection, spec):
        pass


@pytest.mark.parametrize("name", ["a/b", "a?", "100%", "a/b?c%2F"])
def test_collections_may_be_called_what_separates_names(shop, name):
    shapes = [Aggregate("default:seat", name)]
    specs = aggregate_specs(shop.schema, shapes)
    named = followed(shop.schema, specs)
    install(shop.connection, shop.schema, specs)
    worker = Worker(shop.connection.settings_dict, "default", shop.client, shop.mongo.name, named)
    try:
        shop.sql("TRUNCATE seat", "INSERT INTO seat VALUES (7, 7, 'x')")
        assert worker.drain().dead == []
        assert shop.stored(name) == {(7, 7): {"_id": {"hall": 7, "number": 7}, "guest": "x"}}
        shop.sql(
            "INSERT INTO modeler_sync_dead (collection, key, reason, attempts) "
            f"VALUES ('{name}', '{{7,7}}', 'none', 1)"
        )
        assert revive(shop.connection) == 1
        assert worker.drain().written == 1
        assert shop.queued() == []
    finally:
        worker.close()
        install(shop.connection, shop.schema, shop.specs)
        shop.mongo.drop_collection(name)
