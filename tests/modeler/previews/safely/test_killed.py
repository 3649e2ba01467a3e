"""Runs that are killed, interrupted or started twice."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.modeler.previews.safely.deploy import Deploy, waited_for

HEAD = """
from django.contrib.postgres.operations import *

def fill(apps, editor):
    pet = apps.get_model("pets", "Pet")
    pet.objects.create(name="one")
    pet.objects.create(name="two")

def linger(apps, editor):
    import time
    apps.get_model("pets", "Pet").objects.create(name="slow")
    time.sleep(1)
    apps.get_model("pets", "Pet").objects.create(name="late")
"""
INDEX = 'AddIndexConcurrently("pet", models.Index("name", name="by_name")),'
# Everything in which a death may part what belongs together.
MANY = (
    'migrations.AddField("pet", "age", models.IntegerField(null=True)),\n'
    "migrations.RunPython(fill, atomic=True),\n" + INDEX + "\n"
    'migrations.RunSQL("UPDATE pets_pet SET age = coalesce(age, 0) + 1"),\n'
    'migrations.AddField("pet", "friend", models.ForeignKey("self", models.CASCADE, null=True)),\n'
    'AddConstraintNotValid("pet", models.CheckConstraint(CONDITION=models.Q(age__gte=0), '
    'name="born")),\n'
    'ValidateConstraint("pet", "born"),\n'
    'migrations.AlterField("pet", "name", models.CharField(max_length=30, unique=True)),\n'
    'RemoveIndexConcurrently("pet", "by_name"),'
)


def condition() -> str:
    import django

    return "condition" if django.VERSION >= (5, 1) else "check"


def outside(deploy: Deploy, operations: str, name: str = "0002_many") -> None:
    deploy.project.migration(
        name,
        operations.replace("CONDITION", condition()),
        facts="atomic = False",
        head=HEAD,
    )


def people(deploy: Deploy) -> list[tuple]:
    return deploy.rows("SELECT name, age FROM pets_pet ORDER BY name")


def test_whenever_a_run_is_killed_the_next_one_comes_to_the_same_end(deploy: Deploy):
    """Killed before or after some statement; EVERY_POINT=1 tries them all."""
    outside(deploy, MANY)
    assert deploy.run()[0] == 0
    catalog, rows = deploy.catalog, people(deploy)
    assert [age for _, age in rows] == [1, 1]
    killed, step = 0, 1 if "EVERY_POINT" in os.environ else 21
    for number in range(9, 400, step):
        moments = ("KILL_BEFORE", "KILL_AFTER")
        for moment in moments if step == 1 else moments[killed % 2 :][:1]:
            deploy.renew()
            code, said = deploy.run(**{moment: str(number)})
            if code == 0:
                assert killed > 3
                return
            assert code == -signal.SIGKILL, said
            killed += 1
            code, said = deploy.run()
            assert code == 0, (number, said)
            assert deploy.catalog == catalog, (number, said)
            assert people(deploy) == rows, (number, said)
    raise AssertionError("a run has more statements than that")


def test_code_without_a_transaction_that_was_killed_is_left_to_its_author(deploy: Deploy):
    outside(deploy, "migrations.RunPython(linger),")
    run = deploy.start()
    run.says("operation 1 of 1")
    deadline = time.monotonic() + 20
    while not people_named(deploy) and time.monotonic() < deadline:
        time.sleep(0.02)
    run.kill()
    assert run.wait() == -signal.SIGKILL
    code, said = deploy.run()
    assert code == 1
    assert (
        "operation 1 of 1, 'Raw Python operation', was begun and did not come to its end" in said
    )
    assert "--half-done again" in said
    assert people_named(deploy) == ["slow"]
    code, said = deploy.run("--half-done", "again")
    assert code == 0, said
    assert people_named(deploy) == ["late", "slow", "slow"]
    assert deploy.applied == ["0001_initial", "0002_many"]


def people_named(deploy: Deploy) -> list[str]:
    return [name for (name,) in deploy.rows("SELECT name FROM pets_pet ORDER BY name")]


@pytest.mark.parametrize(
    ("operations", "arguments", "names"),
    [
        ("migrations.RunPython(linger),", ["--half-done", "skip"], ["slow"]),
        ("migrations.RunPython(resumed(linger)),", [], ["late", "slow", "slow"]),
    ],
)
def test_half_done_code_is_skipped_or_goes_on_by_itself(
    deploy: Deploy, operations, arguments, names
):
    deploy.project.migration(
        "0002_slow",
        operations,
        facts="atomic = False",
        head=HEAD + "\ndef resumed(code):\n    code.resumable = True\n    return code\n",
    )
    run = deploy.start()
    run.says("operation 1 of 1")
    while not people_named(deploy):
        time.sleep(0.02)
    run.kill()
    run.wait()
    code, said = deploy.run(*arguments)
    assert code == 0, said
    assert people_named(deploy) == names


def test_what_may_commit_by_itself_is_not_run_twice(deploy: Deploy):
    outside(
        deploy,
        'migrations.RunSQL("CREATE PROCEDURE halves() LANGUAGE plpgsql AS '
        "$$ BEGIN INSERT INTO pets_pet (name) VALUES ('half'); COMMIT; PERFORM pg_sleep(30); "
        'END $$"),\nmigrations.RunSQL("CALL halves()"),',
    )
    run = deploy.start()
    while not people_named(deploy):
        time.sleep(0.02)
    run.kill()
    run.wait()
    code, said = deploy.run()
    assert code == 1, said
    assert "an earlier run sent this statement and did not see its end: CALL halves()." in said
    assert people_named(deploy) == ["half"]


def test_an_index_that_the_server_goes_on_building_is_waited_for(deploy: Deploy):
    """The server does not notice that the client died, and the index will be of use."""
    outside(deploy, INDEX)
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        first = deploy.start("--accept", "all")
        first.says("waits for the end of older transactions")
        first.kill()
        assert first.wait() == -signal.SIGKILL
        second = deploy.start("--accept", "all")
        second.says("A killed run is still at work in the server: process")
        other.rows("COMMIT")
    assert second.wait() == 0, second.text
    assert "the index by_name is there already and valid; nothing to do" in second.text
    assert deploy.indexes() == {"by_name": True, "pets_pet_pkey": True}


def test_an_index_whose_building_died_is_built_anew(deploy: Deploy):
    outside(deploy, INDEX)
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        run = deploy.start("--accept", "all")
        run.says("waits for the end of older transactions")
        run.kill()
        run.wait()
        other.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'CREATE INDEX CONCURRENTLY%'"
        )
        other.rows("COMMIT")
    assert deploy.indexes()["by_name"] is False
    code, said = deploy.run()
    assert code == 0, said
    assert "index by_name is not valid; DROP INDEX CONCURRENTLY" in said
    assert deploy.indexes() == {"by_name": True, "pets_pet_pkey": True}


def test_a_server_that_waits_for_a_dead_client_lets_go(deploy: Deploy):
    """An atomic migration's locks are gone a second after its process."""
    deploy.project.migration(
        "0002_slow", 'migrations.RunSQL("LOCK pets_pet; SELECT pg_sleep(60)"),'
    )
    run = deploy.start()
    while not deploy.value(
        "SELECT count(*) FROM pg_locks WHERE relation = 'pets_pet'::regclass "
        "AND mode = 'AccessExclusiveLock'"
    ):
        time.sleep(0.02)
    run.kill()
    run.wait()
    began = time.monotonic()
    assert people_named(deploy) == []
    assert time.monotonic() - began < 5


def test_a_run_that_is_killed_by_a_handler_leaves_it_to_the_next_one(deploy: Deploy):
    deploy.project.migration(
        "0002_age", 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
    )
    (deploy.home / "pets" / "signals.py").write_text(
        "import os, signal\n"
        "from django.db.models.signals import post_migrate\n"
        "def die(sender, **kwargs):\n"
        "    if sender.label == 'auth' and 'DIE' in os.environ:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    if sender.label == 'contenttypes':\n"
        "        from django.contrib.auth.models import Group\n"
        "        Group.objects.get_or_create(name='keepers')\n"
        "post_migrate.connect(die)\n"
    )
    code, _ = deploy.run(DIE="1")
    assert code == -signal.SIGKILL
    assert deploy.applied == ["0001_initial", "0002_age"]
    assert deploy.value("SELECT count(*) FROM auth_group") == 0
    code, said = deploy.run()
    assert code == 0, said
    assert deploy.value("SELECT name FROM auth_group") == "keepers"


@pytest.mark.parametrize("facts", ["", "atomic = False"])
def test_a_session_that_is_lost_is_a_sentence(deploy: Deploy, facts):
    deploy.project.migration(
        "0002_slow",
        'migrations.AddField("pet", "age", models.IntegerField(null=True)),\n'
        'migrations.RunSQL("LOCK pets_pet; SELECT pg_sleep(60)"),',
        facts=facts,
    )
    run = deploy.start()
    waited_for(
        lambda: deploy.value(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE query LIKE 'LOCK pets_pet%'"
        )
    )
    assert run.wait() == 1, run.text
    assert "Traceback" not in run.text
    # psycopg 3 and 2 have their own words for it.
    words = ("terminating connection due to administrator", "server closed the connection")
    assert any(word in run.text for word in words), run.text
    left = (
        "pets.0002_slow runs without a transaction and is done in part. Operations done: "
        "1 (Add field age to pet); not begun: 2 (Raw SQL operation)."
        if facts
        else "pets.0002_slow was rolled back whole; nothing of it is left."
    )
    assert left in run.text
    assert deploy.columns() == (["id", "name", "age"] if facts else ["id", "name"])


def test_composed_statements_of_a_driver(deploy: Deploy):
    outside(
        deploy,
        "migrations.RunPython(composed),",
    )
    file = deploy.home / "pets" / "migrations" / "0002_many.py"
    file.write_text(
        "from django.db.backends.postgresql.psycopg_any import sql\n"
        "def composed(apps, editor):\n"
        "    with editor.connection.cursor() as cursor:\n"
        "        cursor.execute(sql.SQL('INSERT INTO {} (name) VALUES (1)').format("
        "sql.Identifier('pets_pet')))\n" + file.read_text()
    )
    code, said = deploy.run()
    assert code == 0, said
    assert people_named(deploy) == ["1"]


def test_two_at_once(deploy: Deploy):
    outside(deploy, INDEX)
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        first = deploy.start("--accept", "all")
        first.says("waits for the end of older transactions")
        leaving, said = deploy.run("--accept", "all", "--if-running", "leave")
        assert leaving == 1
        assert "Another migrate_safely runs on 'default' since 20" in said
        assert f"migrate_safely pid {first.pid} on " in said
        assert "Nothing was changed." in said
        second = deploy.start("--accept", "all")
        second.says("Waiting until it has ended.")
        other.rows("COMMIT")
    assert (first.wait(), second.wait()) == (0, 0), second.text
    assert "Nothing is pending on 'default'; migrate sends its signals" in second.text
    assert deploy.applied == ["0001_initial", "0002_many"]


def test_interrupted_while_it_pauses(deploy: Deploy):
    deploy.project.migration(
        "0002_age", 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
    )
    deploy.project.migration(
        "0003_size", 'migrations.AddField("pet", "size", models.IntegerField(null=True)),'
    )
    with deploy.session() as other:
        other.rows("BEGIN; SELECT * FROM pets_pet")
        run = deploy.start("--lock-timeout", "2s", "--accept", "all")
        run.says("attempt 1 of 15 failed")
        run.kill(signal.SIGTERM)
        assert run.wait() == 130
    assert (
        "Stopped as asked for. pets.0002_age was rolled back whole; nothing of it is left. "
        "Applied in this run: nothing. Still pending: pets.0002_age, pets.0003_size. "
        "Run the same command again to go on." in run.text
    )


def test_interrupted_while_an_index_is_built(deploy: Deploy):
    outside(deploy, INDEX)
    before = deploy.catalog
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        run = deploy.start("--accept", "all")
        run.says("waits for the end of older transactions")
        run.kill(signal.SIGINT)
        run.says("DROP INDEX CONCURRENTLY")
        other.rows("COMMIT")
    assert run.wait() == 130, run.text
    assert "Nothing of pets.0002_many is done." in run.text
    assert deploy.catalog == before


def test_code_without_a_transaction_is_finished_before_leaving(deploy: Deploy):
    outside(deploy, "migrations.RunPython(linger),\n" + INDEX)
    run = deploy.start()
    while not people_named(deploy):
        time.sleep(0.02)
    run.kill(signal.SIGINT)
    assert run.wait() == 130
    assert "cannot be left half done and is finished first" in run.text
    assert people_named(deploy) == ["late", "slow"]
    assert "Operations done: 1 (Raw Python operation); not begun: 2 (Concurrently" in run.text
    code, said = deploy.run()
    assert code == 0, said
    assert people_named(deploy) == ["late", "slow"]


def test_a_file_that_was_changed_meanwhile_is_not_taken_for_the_same(deploy: Deploy):
    outside(
        deploy,
        'migrations.AddField("pet", "age", models.IntegerField(null=True)),\n'
        'migrations.RunSQL("SELECT * FROM nowhere"),',
    )
    code, said = deploy.run()
    assert code == 1
    assert 'relation "nowhere" does not exist' in said
    deploy.project.last = "0001_initial"
    outside(deploy, 'migrations.AddField("pet", "size", models.IntegerField(null=True)),')
    code, said = deploy.run()
    assert code == 1
    assert "an earlier run did operation 1 of 1, 'Add field age to pet'" in said
    code, said = deploy.run("--half-done", "forget")
    assert code == 0, said
    assert deploy.columns() == ["id", "name", "age", "size"]
