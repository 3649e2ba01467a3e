"""Servers that are down, refuse or go away: one sentence, and the next run finishes."""

from __future__ import annotations

import re
import signal
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from modeler.conf import data_dir
from modeler.mongo.server import close_clients
from modeler.servers import Place, mongo_url
from modeler.servers.mongo import MongoServer, port_file
from tests.modeler.mongo.sync.command import NAME, SESSION, run, sql, start
from tests.modeler.mongo.test_connecting import free_port, standalone
from tests.modeler.servers.processes import await_true
from tests.parts import require_mongod

CHANGE = f"UPDATE {SESSION} SET session_data = 'changed'"
DONE = "3 documents written, half within T, 99 % within T.\n"


@pytest.fixture
def ready(server):
    """Installed and exported; three changes wait."""
    run("--install")
    run("--export")
    sql(CHANGE)
    return server


def changed(collection) -> int:
    return collection.count_documents({"session_data": "changed"})


def test_mongodb_is_down(ready, server_url, monkeypatch, settings):
    port = free_port()
    settings.MODELER = {"MONGO_SELECTION_SECONDS": 0.3}
    monkeypatch.setenv("MONGO_URL", f"mongodb://127.0.0.1:{port}/")
    for verb in ([], ["--once"], ["--export"], ["--verify"], ["--rebuild", SESSION]):
        assert run(*verb) == (
            2,
            "",
            f"MongoDB cannot be reached: 127.0.0.1:{port}: [Errno 111] Connection refused. Is it "
            "running, and is MONGO_URL right?",
        )
    monkeypatch.setenv("MONGO_URL", server_url)
    assert run("--once") == (0, DONE, "")


def test_the_password_is_wrong(ready, server_url, monkeypatch, settings):
    settings.MODELER = {"MONGO_SELECTION_SECONDS": 2}
    monkeypatch.setenv("MONGO_URL", re.sub("//[^@]*@", "//modeler:wrong@", server_url))
    for verb in ([], ["--once"]):
        assert run(*verb) == (
            2,
            "",
            "MongoDB refuses the user or the password. Mend MONGO_URL (and its authSource).",
        )
    monkeypatch.setenv("MONGO_URL", server_url)
    assert run("--once") == (0, DONE, "")


def test_a_user_who_may_only_read(ready, server_url, mongo_client, monkeypatch):
    roles = [{"role": "read", "db": NAME}]
    mongo_client.admin.command("createUser", "reader", pwd="reader", roles=roles)
    try:
        monkeypatch.setenv("MONGO_URL", re.sub("//[^@]*@", "//reader:reader@", server_url))
        code, said, error = run("--once")
        assert (code, said) == (2, "")
        assert error == (
            "MongoDB's user may not run createIndexes in the database by_sync_command. Grant it "
            "the roles readWrite and dbAdmin there."
        )
        close_clients()
    finally:
        mongo_client.admin.command("dropUser", "reader")
    monkeypatch.setenv("MONGO_URL", server_url)
    assert run("--once") == (0, DONE, "")


def test_postgresql_is_down(ready):
    there = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        for verb in ([], ["--once"], ["--status"], ["--export"]):
            code, said, error = run(*verb)
            assert (code, said) == (2, "")
            assert re.fullmatch(
                r"The database 'default' does not answer: connection to server on socket "
                r'"/nowhere/.*" failed: No such file or directory\. Start it, or correct its '
                r"settings\.",
                error,
            )
    finally:
        connection.settings_dict["HOST"] = there
    assert run("--once") == (0, DONE, "")


def test_postgresql_ends_the_sessions_of_a_worker(ready):
    child = start()
    child.stdout.readline()
    await_true(lambda: changed(ready[SESSION]) == 3, "a worker")
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        f"UPDATE {SESSION} SET session_data = 'again'",
    )
    await_true(lambda: changed(ready[SESSION]) == 0, "a worker that connected again")
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    first, last = errors.splitlines()
    assert first.partition("  ")[2] in (
        "PostgreSQL does not answer: terminating connection due to administrator command. "
        "Trying again; what changes waits in the queue.",
        "PostgreSQL does not answer: consuming input failed: server closed the connection "
        "unexpectedly. Trying again; what changes waits in the queue.",
    )
    assert re.fullmatch(r".*  Back after [\d.]+ s; nothing was lost\.", last)
    assert child.returncode == 0


def test_mongodb_goes_away_and_comes_back(ready, monkeypatch):
    require_mongod(Path(data_dir()))
    folder = Path(tempfile.mkdtemp(prefix="modeler-sync-"))
    folder.chmod(0o755)
    place = Place.of(folder)
    place.prepare()
    port_file(place).write_text(f"{free_port()}\n")
    own = MongoServer(place)
    try:
        own.start()
        url = mongo_url(folder)
        monkeypatch.setenv("MONGO_URL", url)
        from pymongo import MongoClient

        with MongoClient(url) as client:
            collection = client[NAME].create_collection(SESSION)
            assert run("--export")[0] == 0
            child = start()
            child.stdout.readline()
            await_true(lambda: changed(collection) == 3, "a worker")
            own.child.kill()
            own.child.wait()
            sql(f"UPDATE {SESSION} SET session_data = 'meanwhile'")
            line = child.stderr.readline().partition("  ")[2]
            assert re.fullmatch(
                r"MongoDB cannot be reached: 127\.0\.0\.1:\d+: .*\. Is it running, and is "
                r"MONGO_URL right\? Trying again; what changes waits in the queue\.\n"
                r"|The connection to MongoDB was lost: .*\. Trying again; what changes waits in "
                r"the queue\.\n",
                line,
            )
            own.start()
            await_true(lambda: changed(collection) == 0, "a worker that goes on")
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=30)
            assert child.returncode == 0
            assert re.search(r"  Back after [\d.]+ s; nothing was lost\.\n$", errors)
            assert run("--verify", "--depth", "contents")[0] == 0
    finally:
        own.stop()
        place.remove()


def test_a_server_without_transactions(ready, tmp_path, monkeypatch):
    with standalone(tmp_path) as (url, _):
        monkeypatch.setenv("MONGO_URL", url)
        from pymongo import MongoClient

        with MongoClient(url) as client:
            client[NAME].create_collection(SESSION)
            said = f"{SESSION}: 3 documents, 0.0 MiB, in T (R a second).\n"
            assert run("--export") == (0, said, "")
            assert run("--once") == (0, DONE, "")
            assert run("--verify")[0] == 0
        close_clients()


def test_a_connection_that_breaks_once(ready, tmp_path, monkeypatch):
    """The server's own fail point closes the connection when it should have written."""
    with standalone(tmp_path, "--setParameter", "enableTestCommands=1") as (url, _):
        monkeypatch.setenv("MONGO_URL", url)
        from pymongo import MongoClient

        with MongoClient(url) as client:
            client[NAME].create_collection(SESSION)
            said = f"{SESSION}: 3 documents, 0.0 MiB, in T (R a second).\n"
            for verb, command, expected in (
                ("--export", "insert", said),
                ("--once", "update", DONE),
            ):
                breaks = {"failCommands": [command], "closeConnection": True}
                client.admin.command(
                    "configureFailPoint", "failCommand", mode={"times": 1}, data=breaks
                )
                assert run(verb) == (0, expected, "")
            assert run("--verify")[0] == 0
        close_clients()
