"""Runs that are interrupted, repeated, or meet a bad server while they work."""

from __future__ import annotations

import re
import signal
import time

import pytest
from bson.int64 import Int64
from pymongo import MongoClient

from modeler.mongo.server import close_clients
from modeler.mongo.sync.export import UNVERSIONED
from modeler.mongo.sync.worker import Worker
from tests.modeler.mongo.bad_input.commands import run as plain_run
from tests.modeler.mongo.bad_input.servers import as_user
from tests.modeler.mongo.sync.command import NAME, SESSION, run, sql, start
from tests.modeler.servers.processes import await_true

ROWS = 14_000
MANY = f"INSERT INTO {SESSION} SELECT 'k' || n, 'data', now() FROM generate_series(1, {ROWS}) n"
READER = "reader_of_runs"


def in_step() -> None:
    """Have triggers, and all documents: few of them a worker writes faster than an export."""
    run("--install")
    run("--new-epoch")
    assert run("--once")[1].startswith("3 documents written")


def test_ctrl_c_in_an_export_is_said_calmly_and_the_next_one_goes_on(server):
    run("--install")
    sql(MANY)
    child = start("--export")

    def some() -> bool:
        state = server.modeler_exports.find_one({"_id.export": SESSION}) or {"left": []}
        return 0 < len(state["left"]) < 3 or child.poll() is not None

    await_true(some, "an export that has begun")
    child.send_signal(signal.SIGINT)
    said, error = child.communicate(timeout=60)
    assert (child.returncode, said, error) == (
        130,
        "",
        "Interrupted. Run the same again: it goes on from what was done.\n",
    )
    left = server.modeler_exports.find_one({"_id.export": SESSION})["left"]
    assert 0 < len(left) < 3
    code, said, _ = run("--export")
    assert code == 0
    done = int(re.search(r"([\d,]+) documents", said).group(1).replace(",", ""))
    assert done <= len(left) * 5_000
    assert run("--verify")[:2] == (
        0,
        f"django_session: equal ({ROWS + 3:,} documents, {ROWS + 3:,} compared).\n",
    )


def test_an_export_again_writes_all_whatever_was_done(server):
    run("--install")
    said = f"{SESSION}: 3 documents, 0.0 MiB, in T (R a second).\n"
    assert run("--export") == (0, said, "")
    before = {one["_id"]: one["_sync"]["v"] for one in server[SESSION].find()}
    server[SESSION].delete_one({"_id": "a"})
    states = server.modeler_exports
    (state,) = states.find()
    # As an export that was stopped before its only range: it would go on there.
    states.update_one({"_id": state["_id"]}, {"$set": {"left": [[7, ["b"], None]]}})
    assert run("--export")[1].startswith(f"{SESSION}: 1 document, ")  # after b comes c
    assert server[SESSION].find_one({"_id": "a"}) is None
    states.update_one({"_id": state["_id"]}, {"$set": {"left": [[7, ["b"], None]]}})
    assert run("--export", "--again") == (0, said, "")
    after = {one["_id"]: one["_sync"]["v"] for one in server[SESSION].find()}
    assert set(after) == {"a", "b", "c"}
    assert all(after[key] > before[key] for key in before)


def test_exports_without_triggers_do_not_go_by_a_clock_alone(server):
    """Two machines, of which the second is years behind: the later export is the newer."""
    ahead = int(time.time() * 100) + 1_000_000_000
    server.modeler_exports.insert_one({"_id": UNVERSIONED, "n": Int64(ahead)})
    assert run("--export")[0] == 0
    sql(f"UPDATE {SESSION} SET session_data = 'later'")
    assert run("--export", "--again")[0] == 0
    found = [(one["session_data"], one["_sync"]["v"]) for one in server[SESSION].find()]
    assert found == [("later", ahead + 2)] * 3


def test_a_clock_of_postgresql_that_is_put_back_neither_delays_nor_shows_less_than_nothing(server):
    in_step()
    sql(
        f"UPDATE {SESSION} SET session_data = 'changed'",
        "UPDATE modeler_sync_queue SET at = at + interval '1 hour', low = true, attempts = 1, "
        "not_before = clock_timestamp() + interval '1 hour' WHERE key = '{a}'",
        "UPDATE modeler_sync_queue SET at = at + interval '1 hour'",
    )
    assert run("--status")[1].splitlines()[1] == "2 changes waiting, the oldest for 0 ms."
    code, said, _ = run("--once")
    assert (code, said) == (0, "3 documents written, half within T, 99 % within T.\n")
    assert server[SESSION].count_documents({"session_data": "changed"}) == 3


def test_a_worker_whose_user_may_only_read_goes_on_when_it_may_write(
    server, server_url, mongo_client, monkeypatch
):
    in_step()
    sql(f"UPDATE {SESSION} SET session_data = 'changed'")
    admin = mongo_client.admin
    admin.command("createUser", READER, pwd="pw", roles=[{"role": "read", "db": NAME}])
    try:
        monkeypatch.setenv("MONGO_URL", as_user(server_url, READER, "pw"))
        child = start()
        assert child.stdout.readline().startswith("Following django_session")
        assert child.stderr.readline().partition("  ")[2] == (
            f"MongoDB's user may not run createIndexes in the database {NAME}. Grant it the "
            "roles readWrite and dbAdmin there. Trying again; what changes waits in the queue.\n"
        )
        assert run("--status")[1].splitlines()[1].startswith("3 changes waiting")
        roles = [{"role": role, "db": NAME} for role in ("readWrite", "dbAdmin")]
        admin.command("grantRolesToUser", READER, roles=roles)
        changed = {"session_data": "changed"}
        await_true(lambda: server[SESSION].count_documents(changed) == 3, "a worker that may")
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=30)
        assert child.returncode == 0
        assert re.search(r"  Back after [\d.]+ s; nothing was lost\.\n$", errors)
    finally:
        close_clients()
        admin.command("dropUser", READER)


@pytest.fixture
def alone(standalone):
    """A client of the standalone server."""
    with MongoClient(standalone) as client:
        yield client


def test_a_worker_on_a_standalone(server, standalone, alone, monkeypatch):
    client = alone
    run("--install")
    monkeypatch.setenv("MONGO_URL", standalone)
    close_clients()
    collection = client[NAME].create_collection(SESSION)
    child = start()
    assert child.stdout.readline().startswith("Following django_session")
    sql(f"UPDATE {SESSION} SET session_data = 'changed'")
    await_true(lambda: collection.count_documents({"session_data": "changed"}) == 3, "a worker")
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert (child.returncode, errors) == (0, "")
    assert run("--verify", "--depth", "contents")[0] == 0
    close_clients()


def test_values_that_change_hands_on_a_standalone(module_shop, alone):
    """Without transactions documents are away for a moment; queued first, they come back."""
    shop, client = module_shop, alone
    shop.reset()
    name = shop.mongo.name
    client.drop_database(name)
    for one in shop.mongo.list_collections(filter={"type": "collection"}):
        if one["name"].startswith("modeler_"):
            continue
        client[name].create_collection(one["name"], **one["options"])
        for index in shop.mongo[one["name"]].list_indexes():
            if index["name"] != "_id_":
                options = {k: v for k, v in index.items() if k not in ("v", "key", "ns")}
                client[name][one["name"]].create_index(list(index["key"].items()), **options)
        if found := list(shop.mongo[one["name"]].find()):
            client[name][one["name"]].insert_many(found)
    worker = Worker(shop.connection.settings_dict, "default", client, name, shop.collections)
    shop.sql(
        "BEGIN; UPDATE sale SET code = 'x' WHERE id = 1; UPDATE sale SET code = 'A' WHERE id = 2;"
        " UPDATE sale SET code = 'B' WHERE id = 1; COMMIT"
    )
    step = worker.drain()
    worker.close()
    assert step.dead == []
    codes = {one["_id"]: one["code"] for one in client[name]["sales"].find()}
    assert codes == {1: "B", 2: "A", 3: "C"}
    assert shop.queued() == []
    client.drop_database(name)


def test_the_database_of_mongodb_and_the_alias_that_are_named(server, mongo_client):
    elsewhere = f"{NAME}_elsewhere"
    try:
        for command in ("collection_specs", "sync_collections"):
            arguments = ["--apply"] if command == "collection_specs" else ["--export"]
            ran = plain_run(command, "sessions", *arguments, "--database", elsewhere)
            assert ran.code == 0, ran
        assert mongo_client[elsewhere][SESSION].count_documents({}) == 3
        assert server[SESSION].count_documents({}) == 0
        # Sessions are of the default alias: the other follows none of them.
        ran = plain_run("sync_collections", "sessions", "--status", "--alias", "events")
        assert (ran.code, ran.err) == (
            2,
            "No collection of events has a primary key, so no document could be found again for "
            "its row. Declare collections in MODELER['COLLECTIONS'].",
        )
        ran = plain_run("collection_specs", "sessions", "--preflight", "--alias", "nowhere")
        assert ran.code == 2 and ran.err.startswith("DATABASES has no 'nowhere'.")
    finally:
        mongo_client.drop_database(elsewhere)
