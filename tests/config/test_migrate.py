"""Several servers that start ``migrate`` at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command, get_commands
from django.db import connection

from catalog.management.commands.migrate import MIGRATE_LOCK
from tests.config.run import ROOT, environment, new_database, run

WAITING = "Another migrate is at work; waiting until it has ended."


def test_the_command_is_ours() -> None:
    assert get_commands()["migrate"] == "catalog"


@pytest.mark.django_db(transaction=False)
def test_two_at_once_migrate_once() -> None:
    with new_database("test_two_migrates") as url:
        env = environment(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings.test")
        other = connection.copy()
        other.settings_dict["NAME"] = "test_two_migrates"
        with other.cursor() as cursor:
            # Hold both back, so that they surely go for the same migrations.
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATE_LOCK])
            both = [
                subprocess.Popen(
                    [sys.executable, "manage.py", "migrate"],
                    cwd=ROOT,
                    env=env,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for _ in range(2)
            ]
            said = [process.stderr.readline() for process in both]
            # Whoever waits holds no snapshot, for which CONCURRENTLY would wait in turn.
            cursor.execute("SET statement_timeout = '10s'; CREATE TABLE made (id int)")
            cursor.execute("CREATE INDEX CONCURRENTLY ON made (id)")
            cursor.execute("DROP TABLE made")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])
        other.close()
        ended = [process.communicate(timeout=120) for process in both]
        assert [process.returncode for process in both] == [0, 0], ended
        assert said == [f"{WAITING}\n"] * 2
        assert [error for _, error in ended] == ["", ""]
        applied = sorted("Applying orders.0001" in output for output, _ in ended)
        assert applied == [False, True]
        # A plan needs no lock and says that nothing is left.
        plan = run("manage.py", "migrate", "--plan", env=env)
        assert (plan.returncode, plan.stdout.splitlines()[-1].strip()) == (
            0,
            "No planned migration operations.",
        )


@pytest.mark.django_db
def test_the_lock_is_free_when_a_migrate_has_ended() -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MIGRATE_LOCK])
        assert cursor.fetchone() == (True,)
