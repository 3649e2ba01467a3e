"""Servers that are down, refuse, or are not what they should be, under every command.

A cell is a bad server and a command. Each says what is wrong, where, and the next step, in one
sentence without a traceback; nothing is lost: the changes stay in the queue, the documents what
they were; and when the cause is gone, the next run finishes.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection

from modeler.mongo.server import close_clients
from modeler.mongo.sync.comparing import verify_collections
from tests.modeler.mongo.bad_input.commands import (
    NAME,
    Ran,
    of_documents,
    of_models,
    of_rows,
    rows,
    run,
    sql,
    sync,
)
from tests.modeler.mongo.bad_input.servers import as_user, mongod, reader, without_user
from tests.modeler.mongo.sync.command import SESSION, insert
from tests.modeler.mongo.test_connecting import free_port

APP = "sessions"
MODELS, ROWS = of_models(APP), of_rows(APP, SESSION)
DOCUMENTS = of_documents(APP, SESSION)
ALL = {**MODELS, **ROWS, **DOCUMENTS}
CHANGED = 3
# Seconds: some servers are waited for in vain, however long; the second has to answer, though.
PATIENCE = 0.5
IN_VAIN = {"down": 0.1, "not initiated": 0.25}


@pytest.fixture(scope="module")
def servers(session_database, mongo_client, standalone, tmp_path_factory):
    """Addresses of bad servers by name, and of the good one; three changes wait in the queue."""
    credentials = mongo_client.options.pool_options._credentials
    host, port = mongo_client.address
    good = as_user(
        f"mongodb://x@{host}:{port}/?authSource=admin&replicaSet=modeler",
        credentials.username, credentials.password,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONGO_URL", good)
        mongo_client.drop_database(NAME)
        sql(f"TRUNCATE {SESSION}", *(insert(key) for key in "abc"))
        for each in (
            DOCUMENTS["specs --apply"], ROWS["sync --install"], sync(APP, "--new-epoch"),
            DOCUMENTS["sync --once"],
        ):  # fmt: skip
            assert run(*each).code == 0
        assert mongo_client[NAME][SESSION].count_documents({}) == CHANGED
        sql(f"UPDATE {SESSION} SET session_data = 'changed'")
        with (
            reader(mongo_client) as (user, password),
            mongod(tmp_path_factory.mktemp("unborn"), "--replSet", "modeler") as not_initiated,
        ):
            yield {
                "good": good,
                "down": f"mongodb://127.0.0.1:{free_port()}/",
                "wrong password": as_user(good, "modeler", "wrong"),
                "no password": without_user(good),
                "may only read": as_user(good, user, password),
                "standalone": standalone,
                "not initiated": not_initiated,
                "no address": "postgres://127.0.0.1/",
                "PostgreSQL down": good,
            }
        close_clients()
        mongo_client.drop_database(NAME)
        patch.setenv("MONGO_URL", good)
        run(*sync(APP, "--uninstall"))
        sql(f"TRUNCATE {SESSION}")


# Bad server: exit code and sentence, by command; ANY is of all others. "…" stands for figures.
ANY = ""
FINE = None  # the command does its work: the server is good enough for it
MISSING_RIGHTS = (
    "MongoDB's user may not collMod, createCollection, createIndex, dropIndex, insert, update on "
    "the database. Grant the roles readWrite and dbAdmin on it."
)
STANDALONE = (
    "This MongoDB is a standalone server, which has no transactions. Start it with --replSet and "
    "call rs.initiate() once; one member is enough."
)
DIFFER = "Documents differ; see above."


def missing_right(action: str) -> str:
    return (
        f"MongoDB's user may not run {action} in the database {NAME}. Grant it the roles "
        "readWrite and dbAdmin there."
    )


SAID: dict[str, dict[str, tuple[int, str] | None]] = {
    "down": {
        ANY: (
            2,
            "MongoDB cannot be reached: 127.0.0.1:…: [Errno 111] Connection refused. Is it "
            "running, and is MONGO_URL right?",
        )
    },
    "wrong password": {
        ANY: (2, "MongoDB refuses the user or the password. Mend MONGO_URL (and its authSource).")
    },
    "no password": {ANY: (2, "MongoDB asks for a user and a password. Name them in MONGO_URL.")},
    "no address": {
        ANY: (
            2,
            "The address of MongoDB cannot be used: Invalid URI scheme: URI must begin with "
            "'mongodb://' or 'mongodb+srv://'. Mend MONGO_URL.",
        )
    },
    "not initiated": {
        ANY: (
            2,
            "MongoDB has no primary that can be written to. Wait for the election; on a replica "
            "set that is new, call rs.initiate() once. rs.status() shows its members.",
        )
    },
    "may only read": {
        "specs --apply": (2, MISSING_RIGHTS),
        "specs --apply --dry-run": (2, MISSING_RIGHTS),
        "specs --drift": FINE,
        "sync --export": (2, missing_right("createIndexes")),
        "sync --once": (2, missing_right("createIndexes")),
        "sync --rebuild": (2, missing_right("create")),
        "sync --verify": (1, DIFFER),
    },
    "standalone": {
        "specs --apply": (2, STANDALONE),
        "specs --apply --dry-run": (2, STANDALONE),
        "specs --drift": (1, "The collections differ; see above."),
        "sync --verify": (1, DIFFER),
        ANY: (
            2,
            f"{NAME} has no collection django_session. Run manage.py collection_specs --apply "
            "first, so that rules hold from the beginning.",
        ),
    },
    "PostgreSQL down": {
        ANY: (
            2,
            "The database 'default' does not answer: connection to server on socket "
            '"/nowhere/.s.PGSQL.…" failed: No such file or directory. Start it, or correct its '
            "settings.",
        ),
        # Of PostgreSQL these ask for the time alone.
        "specs --apply": FINE,
        "specs --apply --dry-run": FINE,
        "specs --drift": FINE,
        "specs --samples": FINE,  # made up, and it says so
    },
}
CELLS = [
    (bad, name)
    for bad, said in SAID.items()
    for name in (ALL if bad == "PostgreSQL down" else DOCUMENTS)
    if name not in MODELS and (name in said or ANY in said)
]


def state(mongo_client) -> tuple[object, object, object]:
    """What must not be lost: the queue, the dead letters, the documents."""
    return (
        rows("SELECT watch, key FROM modeler_sync_queue ORDER BY id"),
        rows("SELECT collection, key FROM modeler_sync_dead"),
        sorted(mongo_client[NAME][SESSION].find(), key=lambda one: one["_id"]),
    )


def run_under(bad: str, command: tuple[str, ...], servers, monkeypatch, settings) -> Ran:
    """Run a command while something is wrong."""
    settings.MODELER = {
        "MONGO_SELECTION_SECONDS": IN_VAIN.get(bad, PATIENCE),
        "MONGO_CONNECT_SECONDS": PATIENCE,
    }
    monkeypatch.setenv("MONGO_URL", servers[bad])
    monkeypatch.setitem(verify_collections.__kwdefaults__, "longest", 0.1)
    there = connection.settings_dict["HOST"]
    if bad == "PostgreSQL down":
        connection.close()
        connection.settings_dict["HOST"] = "/nowhere"
    try:
        return run(*command)
    finally:
        if bad == "PostgreSQL down":
            connection.close()
            connection.settings_dict["HOST"] = there
        close_clients()


@pytest.mark.parametrize(("bad", "name"), CELLS, ids=[" | ".join(cell) for cell in CELLS])
def test_what_is_said(servers, mongo_client, monkeypatch, settings, bad, name):
    before = state(mongo_client)
    assert len(before[0]) == CHANGED
    ran = run_under(bad, ALL[name], servers, monkeypatch, settings)
    expected = SAID[bad].get(name, SAID[bad].get(ANY))
    if expected is FINE:
        assert (ran.code, ran.err) == (0, "")
    else:
        code, said = expected
        assert ran.code == code
        assert re.fullmatch(re.escape(said).replace("…", ".*"), ran.err), ran.err
        assert code == 1 or ran.out == ""
    assert state(mongo_client) == before


@pytest.mark.parametrize("bad", [bad for bad in SAID if bad != "PostgreSQL down"])
def test_what_does_not_need_mongodb_does_not_ask_for_it(servers, monkeypatch, settings, bad):
    for name, command in {**MODELS, **ROWS}.items():
        ran = run_under(bad, command, servers, monkeypatch, settings)
        assert ran.code == (1 if "--check" in name else 0), (name, ran)
        assert "Mongo" not in ran.err, name


def test_what_needs_no_server_asks_for_none(servers, monkeypatch, settings):
    for name, command in MODELS.items():
        ran = run_under("PostgreSQL down", command, servers, monkeypatch, settings)
        assert ran.code == (1 if "--check" in name else 0), (name, ran)
    ran = run_under("PostgreSQL down", ROWS["specs --samples"], servers, monkeypatch, settings)
    assert re.match(r"django_session  \(generated: its rows could not be read \(", ran.out)


def test_the_next_run_finishes(servers, mongo_client, monkeypatch):
    """Of all that failed above, nothing stands in the way of the run that does not."""
    monkeypatch.setenv("MONGO_URL", servers["good"])
    assert len(state(mongo_client)[0]) == CHANGED
    assert run(*DOCUMENTS["specs --apply"]).code == 0
    assert run(*DOCUMENTS["sync --once"]).out == (
        "3 documents written, half within T, 99 % within T.\n"
    )
    equal = (0, "django_session: equal (3 documents, 3 compared).\n", "")
    ran = run(*DOCUMENTS["sync --verify"])
    assert (ran.code, ran.out, ran.err) == equal
    assert run(*sync(APP, "--status", "--check")).code == 0
    sql(f"UPDATE {SESSION} SET session_data = session_data || '!'")
