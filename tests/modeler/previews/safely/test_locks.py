"""Migrations that meet locks of others, on a real server."""

from __future__ import annotations

import threading
import time

from django.db import OperationalError

from tests.modeler.previews.safely.deploy import Deploy

AGE = 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
SHORT = ("--lock-timeout", "200ms", "--accept", "lock-holder")


def test_a_table_that_is_locked_for_a_while_is_tried_again(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    with deploy.session() as other:
        other.rows("BEGIN; LOCK TABLE pets_pet IN ACCESS SHARE MODE")
        run = deploy.start(*SHORT, "--attempts", "8")
        run.says("attempt 2 of 8 failed")
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert deploy.applied == ["0001_initial", "0002_age"]
    assert "pets.0002_age: waits for a lock on pets_pet" in run.text
    assert "canceling statement due to lock timeout; held up by process" in run.text


def test_a_table_that_stays_locked_is_given_up_with_the_name_of_who_holds_it(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    before = deploy.catalog
    with deploy.session() as other:
        ((pid,),) = other.rows("SELECT pg_backend_pid()")
        other.rows("SET application_name = 'nightly report'")
        other.rows("BEGIN; SELECT * FROM pets_pet")
        code, said = deploy.run(*SHORT, "--attempts", "2")
    assert code == 1
    assert "pets.0002_age: gave up after 2 attempts" in said
    assert f"held up by process {pid} of" in said
    assert "(nightly report), transaction open for" in said
    assert "idle, last ran 'BEGIN; SELECT * FROM pets_pet'" in said
    assert "pets.0002_age was rolled back whole; nothing of it is left." in said
    assert "Still pending: pets.0002_age. Run the same command again to go on." in said
    assert (deploy.catalog, deploy.applied) == (before, ["0001_initial"])


def test_whoever_queues_behind_an_attempt_waits_as_long_as_the_lock_timeout(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    longest: list[float] = []
    end = threading.Event()

    def load(sql: str) -> None:
        waits = [0.0]
        with deploy.session() as session:
            while not end.is_set():
                began = time.monotonic()
                session.rows(sql)
                waits.append(time.monotonic() - began)
                time.sleep(0.005)
        longest.append(max(waits))

    with deploy.session() as other:
        other.rows("BEGIN; SELECT * FROM pets_pet")
        threads = [
            threading.Thread(target=load, args=[sql])
            for sql in (
                "SELECT count(*) FROM pets_pet",
                "INSERT INTO pets_pet (name) VALUES ('Rex')",
                "UPDATE pets_pet SET name = 'Max' WHERE id = 1",
            )
        ]
        for thread in threads:
            thread.start()
        code, said = deploy.run("--lock-timeout", "300ms", "--attempts", "3", "--accept", "all")
        end.set()
        for thread in threads:
            thread.join()
    assert code == 1, said
    # They did queue, and nobody waited much longer than the statement was allowed to.
    assert 0.15 < max(longest) < 0.3 + 0.5


def test_a_deadlock_is_tried_again(deploy: Deploy):
    deploy.project.migration(
        "0002_two",
        'migrations.RunSQL("LOCK TABLE pets_pet"),\n'
        'migrations.RunSQL("LOCK TABLE auth_group"),\n' + AGE,
    )
    with deploy.session() as other:
        other.rows("BEGIN; LOCK TABLE auth_group")
        run = deploy.start("--lock-timeout", "20s", "--accept", "all", "--attempts", "2")
        run.says("waits for a lock on auth_group")
        # The server looks for deadlocks once somebody has waited for a second: the migration.
        other.rows("LOCK TABLE pets_pet")
        other.rows("COMMIT")
        run.says("attempt 1 of 2 failed: deadlock detected")
        run.kill(2)  # instead of a pause of up to 20 s
    assert run.wait() == 130, run.text
    assert "pets.0002_two was rolled back whole" in run.text
    assert deploy.run()[0] == 0


def test_handlers_of_signals_are_called_again_after_a_lock(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    (deploy.home / "pets" / "signals.py").write_text(
        "from django.db import connection\n"
        "from django.db.models.signals import post_migrate\n"
        "def count(sender, **kwargs):\n"
        "    if sender.label == 'auth':\n"
        "        with connection.cursor() as cursor:\n"
        "            cursor.execute(\"UPDATE auth_group SET name = name || '!'\")\n"
        "post_migrate.connect(count)\n"
    )
    with deploy.session() as other:
        other.rows("INSERT INTO auth_group (name) VALUES ('keepers')")
        other.rows("BEGIN; LOCK TABLE auth_group IN SHARE MODE")
        run = deploy.start(*SHORT, "--attempts", "5")
        run.says("migrate: attempt 1 of 5 failed")
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert deploy.value("SELECT name FROM auth_group") == "keepers!"
    assert deploy.applied == ["0001_initial", "0002_age"]


def test_a_statement_of_a_migration_without_a_transaction_is_tried_by_itself(deploy: Deploy):
    deploy.project.migration(
        "0002_two", 'migrations.RunSQL("UPDATE auth_group SET name = name || 1"),\n' + AGE,
        facts="atomic = False",
    )  # fmt: skip
    with deploy.session() as other:
        other.rows("INSERT INTO auth_group (name) VALUES ('a')")
        other.rows("BEGIN; SELECT * FROM pets_pet")
        run = deploy.start(*SHORT, "--attempts", "8")
        run.says("operation 2 of 2: attempt 1 of 8 failed")
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert deploy.value("SELECT name FROM auth_group") == "a1"
    assert deploy.columns() == ["id", "name", "age"]


def test_both_sessions_end_with_the_run(deploy: Deploy):
    """And nothing that was set stays behind."""
    deploy.project.migration("0002_age", AGE)
    assert deploy.run()[0] == 0
    for _ in range(50):
        left = deploy.value(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'migrate_safely%'"
        )
        if not left:
            return
        time.sleep(0.05)
    raise OperationalError(f"{left} sessions left")


def test_behind_a_pooler_each_transaction_sets_its_own_timeout(deploy: Deploy):
    """The sign for it is set; the session is a plain one, in which nothing may stay behind."""
    deploy.project.migration("0002_age", AGE)
    deploy.project.migration(
        "0003_size", 'migrations.AddField("pet", "size", models.IntegerField(null=True)),\n'
        'migrations.RunSQL("CREATE INDEX CONCURRENTLY by_size ON pets_pet (size)"),',
        facts="atomic = False",
    )  # fmt: skip
    (deploy.home / "pets" / "signals.py").write_text(
        "from django.db import connection\n"
        "from django.db.models.signals import post_migrate\n"
        "connection.settings_dict['DISABLE_SERVER_SIDE_CURSORS'] = True\n"
        "def said(sender, **kwargs):\n"
        "    if sender.label == 'auth':\n"
        "        with connection.cursor() as cursor:\n"
        "            cursor.execute('SHOW lock_timeout')\n"
        "            print('left behind:', *cursor.fetchone())\n"
        "post_migrate.connect(said)\n"
    )
    with deploy.session() as other:
        other.rows("BEGIN; SELECT * FROM pets_pet")
        run = deploy.start(*SHORT, "--attempts", "8")
        run.says("attempt 1 of 8 failed: canceling statement due to lock timeout; held up by")
        code, said = deploy.run(*SHORT, "--if-running", "leave")
        assert code == 1
        assert "Another migrate_safely runs on 'default'" in said
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert "Behind a pooler: the lock timeout is set in each transaction." in run.text
    assert "left behind: 0" in run.text
    assert deploy.indexes() == {"by_size": True, "pets_pet_pkey": True}
