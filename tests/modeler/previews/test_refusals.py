"""Wrong input to ``migration_preview``: one sentence with the next step, and exit code 2."""

from __future__ import annotations

import pytest

from tests.modeler.previews.project import PetProject


def refused(pets: PetProject, *arguments: str, **variables: str) -> str:
    done = pets.run("migration_preview", *arguments, **variables)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pet",), "There is no app with migrations 'pet'. Did you mean pets?"),
        (
            ("pets", "0001_inital"),
            "There is no migration of pets '0001_inital'. Did you mean 0001_initial?",
        ),
        (("pets", "0002..0001"), "The range 0002..0001 runs backwards: 0002_a comes after"),
        (("pets", "000"), "'000' fits several migrations of pets: 0001_initial, 0002_a."),
        (("--database", "defalt"), "There is no database 'defalt'. Did you mean default?"),
        (("pets", "--from-zero"), "Name an app, --from-zero or --changes; only one of them."),
        (("--last", "0"), "--last must be 1 or more."),
        (("--output", "/nowhere/x.txt"), "/nowhere/x.txt cannot be written: No such file"),
    ],
)
def test_wrong_arguments(pets: PetProject, arguments, message):
    pets.migration("0002_a", 'migrations.RunSQL("SELECT 1"),')
    assert message in refused(pets, *arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import nothing_of_this_name\n",
            "A migration cannot be imported (pets/migrations/0002_bad.py, line 1): ModuleNotFound",
        ),
        (
            "\ndef broken(:\n",
            "A migration cannot be imported (pets/migrations/0002_bad.py, line 2): SyntaxError",
        ),
        ("{}['gone']\n", "(pets/migrations/0002_bad.py, line 1): KeyError: 'gone'."),
        ("import sys; sys.exit(3)\n", "(pets/migrations/0002_bad.py, line 1): SystemExit: 3."),
        ("x = 1\n", "The migrations do not fit together: Migration 0002_bad in app pets has no"),
        (
            "from django.db import migrations\n"
            "class Migration(migrations.Migration):\n"
            "    dependencies = [('pets', '0009_gone')]\n",
            "The migrations do not fit together:",
        ),
    ],
)
def test_broken_migrations(pets: PetProject, text, message):
    pets.text("0002_bad", text)
    assert message in refused(pets)


def test_two_last_migrations(pets: PetProject):
    pets.migration("0002_a", "")
    pets.last = "0001_initial"
    pets.migration("0002_b", "")
    assert "Run `manage.py makemigrations --merge`." in refused(pets)


def test_a_database_that_is_down(pets: PetProject):
    message = refused(pets, DATABASE_URL="postgresql://nobody@/nowhere?host=/none")
    assert message.startswith("CommandError: The database 'default' cannot be read:")
    assert message.endswith("manage.py migration_preview --from-zero")


def test_a_database_of_another_vendor(pets: PetProject):
    (pets.home / "other_settings.py").write_text(
        "from pet_settings import *\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}\n"
    )
    message = refused(pets, DJANGO_SETTINGS_MODULE="other_settings")
    assert "The database 'default' is SQLite; previews are executed on PostgreSQL." in message


def test_a_failure_before_what_is_shown(pets: PetProject):
    pets.migration("0002_bad", 'migrations.RunSQL("SELECT * FROM nowhere"),')
    pets.migration("0003_next", 'migrations.RunSQL("SELECT 1"),')
    message = refused(pets, "pets", "0003")
    assert "The rehearsal stopped at pets.0002_bad, which comes before those to preview" in message
