"""``sync_collections`` as it is run: whole outputs, exit codes, signals, and what was killed."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import tests.blog.migrations as blog_migrations
from modeler.mongo.sync.install import is_installed
from tests.modeler.mongo.sync.command import NAME, SESSION, plain, run, sql, start
from tests.modeler.servers.processes import await_true

NOT_YET = (2, "", "No changes are queued yet. Run manage.py sync_collections --install first.")


def test_from_the_installation_to_the_end(server):
    assert run("--status") == (
        0,
        "Not installed: no changes are queued. Install the triggers with\n"
        "  manage.py sync_collections --install\n",
        "",
    )
    assert run("--status", "--check")[::2] == (1, "Not all is well; see above.")
    for verb in ([], ["--once"], ["--retry-dead"], ["--new-epoch"], ["--rebuild", SESSION]):
        assert run(*verb) == NOT_YET
    assert run("--install") == (
        0,
        "Changes of 1 table are queued from now on. Next: manage.py sync_collections --export, "
        "with workers running beside.\n",
        "",
    )
    assert run("--export") == (
        0,
        "django_session: 3 documents, 0.0 MiB, in T (R a second).\n",
        "",
    )
    assert run("--status", "--check") == (
        0,
        "Every watched table has its triggers.\nNothing waits.\n",
        "",
    )
    sql(f"UPDATE {SESSION} SET session_data = 'new' WHERE session_key <> 'c'")
    sql(f"DELETE FROM {SESSION} WHERE session_key = 'c'")
    code, said, _ = run("--status")
    assert (code, said.splitlines()[0]) == (0, "Every watched table has its triggers.")
    assert re.fullmatch(r"3 changes waiting, the oldest for \d+ ms\.", said.splitlines()[1])
    sql("UPDATE modeler_sync_queue SET at = at - interval '2 minutes'")
    code, said, error = run("--status", "--check")
    assert (code, error) == (1, "Not all is well; see above.")
    assert said.splitlines()[1:] == [
        "3 changes waiting, the oldest for 2 min.",
        "  Is a worker at work? Start manage.py sync_collections.",
    ]
    assert run("--once") == (
        0,
        "2 documents written, 1 deleted, half within 2 min, 99 % within 2 min.\n",
        "",
    )
    assert run("--verify", "--depth", "contents") == (
        0,
        "django_session: equal (2 documents, 2 compared).\n",
        "",
    )
    assert run("--uninstall") == (
        0,
        "Triggers of 1 table and the queue are gone; documents stay.\n",
        "",
    )
    assert server[SESSION].count_documents({}) == 2


def test_differences_are_told_and_repaired(server):
    run("--install")
    run("--export")
    server[SESSION].update_one({"_id": "a"}, {"$set": {"session_data": "edited"}})
    server[SESSION].delete_one({"_id": "b"})
    server[SESSION].insert_one({**server[SESSION].find_one({"_id": "c"}), "_id": "x"})
    differ = "Documents differ; see above."
    assert run("--verify") == (
        1,
        "django_session: differs. 3 rows, 3 documents, 3 compared.\n  missing b\n  extra x\n",
        differ,
    )
    code, text, error = run("--verify", "--depth", "contents", "--format", "json", "--repair")
    assert (code, error) == (1, differ)
    assert json.loads(text) == {
        "collections": [
            {
                "name": SESSION, "equal": False, "rows": 3, "documents": 3, "sharing": 0,
                "compared": 3, "sums": [], "more": 0,
                "differences": [
                    {"fault": "edited", "key": ["a"], "detail": ""},
                    {"fault": "missing", "key": ["b"], "detail": ""},
                    {"fault": "extra", "key": ["x"], "detail": ""},
                ],
            }
        ]
    }  # fmt: skip
    assert run("--once")[1].startswith("2 documents written, 1 deleted")
    assert run("--verify", "--depth", "contents")[0] == 0


def test_what_was_given_up_is_told_and_tried_again(server):
    run("--install")
    run("--export")
    server.command("collMod", SESSION, validator={"session_data": "data"})
    sql(f"UPDATE {SESSION} SET session_data = 'bad' WHERE session_key = 'b'")
    code, said, _ = run("--once")
    reason = "Document failed validation"
    assert code == 0
    assert said.startswith(
        "0 documents written, half within T, 99 % within T, 1 given up, such as "
    )
    assert f"django_session b: {reason}" in said
    code, text, error = run("--status", "--check", "--format", "json")
    status = json.loads(text)
    assert (code, error) == (1, "Not all is well; see above.")
    (dead,) = status.pop("dead")
    assert (dead["collection"], dead["key"], dead["attempts"]) == (SESSION, ["b"], 1)
    assert status == {
        "installed": True, "healthy": False, "silent": [], "waiting": 0, "lag_seconds": 0.0,
        "late": False, "low": 0, "epoch": 1, "targets": [], "unclaimed": {}, "unwatched": [],
        "dead_count": 1,
    }  # fmt: skip
    server.command("collMod", SESSION, validator={})
    assert run("--retry-dead") == (0, "Queued 1 document again.\n", "")
    assert run("--once")[1].startswith("1 document written")
    assert run("--new-epoch") == (
        0,
        "Versions are of epoch 2 now, and every document is queued to be written anew.\n",
        "",
    )
    assert run("--once")[1].startswith("3 documents written")
    assert run("--status", "--check")[0] == 0


def test_a_rebuild(server):
    run("--install")
    run("--export")
    assert run("--rebuild", SESSION) == (
        0,
        "django_session is built anew: 3 documents, compared with their rows before it took its "
        "place.\n",
        "",
    )
    assert server.list_collection_names(filter={"name": {"$regex": "__v2"}}) == []
    assert run("--verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sql"], "--sql goes with --install. Name both, or none."),
        (["--again", "--verify"], "--again goes with --export. Name both, or none."),
        (["--repair", "--export"], "--repair goes with --verify. Name both, or none."),
        (["--check"], "--check goes with --status. Name both, or none."),
        (["--workers", "0"], "--workers must be 1 or more, not 0."),
        (["--status", "--alias", "none"],
         "DATABASES has no 'none'. It has default, events."),
        (["--install", "--migration", "nowhere"],
         "There is no app 'nowhere' to write a migration into."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(server, arguments, said):
    assert run(*arguments) == (2, "", said)


def test_a_collection_that_is_not_there_is_not_made_without_its_rules(server):
    run("--install")
    server.drop_collection(SESSION)
    for verb in (["--export"], ["--once"], []):
        assert run(*verb) == (
            2,
            "",
            f"{NAME} has no collection django_session. Run manage.py collection_specs --apply "
            "first, so that rules hold from the beginning.",
        )
    assert SESSION not in server.list_collection_names()


def test_the_statements_in_a_file(server, tmp_path):
    file = tmp_path / "install.sql"
    written = (0, "", f"Wrote {file}.\n")
    assert run("--install", "--sql", "--output", str(file)) == written
    with connection.cursor() as cursor:
        assert not is_installed(cursor)
        cursor.execute(file.read_text())
        assert is_installed(cursor)
    assert run("--status", "--check")[0] == 0


def test_the_triggers_as_a_migration(server, tmp_path, monkeypatch, settings):
    package = "copied_migrations"
    shutil.copytree(Path(blog_migrations.__file__).parent, tmp_path / package)
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"blog": package}
    path = tmp_path / package / "0003_modeler_sync.py"
    assert run("--install", "--migration", "blog") == (
        0,
        f"Wrote {path}. Run migrate; take it back by migrating backwards.\n",
        "",
    )
    importlib.invalidate_caches()
    target = [("blog", "0003_modeler_sync")]
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    try:
        assert run("--status", "--check")[0] == 0
        run("--export")
        sql(f"UPDATE {SESSION} SET session_data = 'migrated'")
        assert run("--once")[1].startswith("3 documents written")
    finally:
        MigrationExecutor(connection).migrate([("blog", "0002_what_is_computed")])
    assert run("--status")[1].startswith("Not installed")


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_it_after_what_it_does(server, workers):
    run("--install")
    run("--export")
    child = start("--workers", str(workers))
    assert child.stdout.readline() == (
        f"Following django_session into {NAME}. Stop with Ctrl-C.\n"
    )
    sql(f"UPDATE {SESSION} SET session_data = 'seen'")
    await_true(lambda: server[SESSION].count_documents({"session_data": "seen"}) == 3, "sync")
    child.send_signal(signal.SIGINT)
    said, errors = child.communicate(timeout=30)
    assert (child.returncode, errors) == (0, "")
    lines = [line.partition("  ")[2] or line for line in plain(said).splitlines()]
    assert sum(int(line.split()[0]) for line in lines[:-1]) == 3
    assert lines[-1] == "Stopped. What changes now waits in the queue."
    sql(f"UPDATE {SESSION} SET session_data = 'later'")
    assert run("--status")[1].splitlines()[1].startswith("3 changes waiting")


def test_workers_do_not_outlive_a_command_that_is_killed(server):
    run("--install")
    run("--export")
    child = start("--workers", "2")
    child.stdout.readline()
    sql(f"UPDATE {SESSION} SET session_data = 'seen'")
    await_true(lambda: server[SESSION].count_documents({"session_data": "seen"}) == 3, "sync")
    child.kill()
    child.communicate(timeout=30)
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"

    def alone() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() == (1,)

    await_true(alone, "no connection of a worker")


def test_an_export_that_was_killed_goes_on_where_it_was(server):
    run("--install")
    sql(f"INSERT INTO {SESSION} SELECT 'k' || n, 'data', now() FROM generate_series(1, 14000) n")
    child = start("--export")

    def some() -> bool:
        state = server.modeler_exports.find_one() or {"left": []}
        return 0 < len(state["left"]) < 3 or child.poll() is not None

    await_true(some, "an export that has begun")
    child.kill()
    child.communicate(timeout=30)
    time.sleep(0.2)
    left = len(server.modeler_exports.find_one()["left"])
    code, said, _ = run("--export")
    assert code == 0
    done = int(re.search(r"([\d,]+) documents", said).group(1).replace(",", ""))
    if left:
        assert done <= left * 5_000 < 14_003
    assert server[SESSION].count_documents({}) == 14_003
    assert server.modeler_exports.find_one()["left"] == []
    run("--once")
    assert run("--verify", "--depth", "figures")[0] == 0
