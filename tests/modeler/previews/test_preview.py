"""Migrations of every sort, run on the shadow by the command as people run it."""

from __future__ import annotations

import json
import textwrap

import django

from tests.modeler.previews.project import PetProject, said

# Since Django 6.0 a dropped column takes nothing with it.
CASCADE = "" if django.VERSION >= (6, 0) else " CASCADE"


def test_pending_migrations_with_forward_and_backward_statements(pets: PetProject):
    pets.migration(
        "0002_age", 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
    )
    preview = pets.preview()
    assert (preview["asked"], preview["nothing_pending"]) == ("pending", False)
    assert preview["server_version"] == preview["database_version"]
    assert said(preview) == [
        {
            "kind": "AddField",
            "description": "Add field age to pet",
            "forward": ['ALTER TABLE "pets_pet" ADD COLUMN "age" integer NULL;'],
            "backward": [f'ALTER TABLE "pets_pet" DROP COLUMN "age"{CASCADE};'],
        }
    ]
    assert preview["migrations"][-1]["file"] == "pets/migrations/0002_age.py"


def test_only_what_is_pending_is_shown_and_the_database_is_untouched(pets: PetProject):
    assert pets.run("migrate", "--verbosity", "0").returncode == 0
    pets.migration("0002_index", 'migrations.AddIndex("pet", models.Index("name", name="by")),')
    shown = [(m["app"], m["name"], m["applied"]) for m in pets.preview()["migrations"]]
    assert shown == [("pets", "0002_index", False)]
    assert "[ ] 0002_index" in pets.run("showmigrations", "pets").stdout


def test_with_nothing_pending_the_last_applied_are_shown_and_how_to_go_on(pets: PetProject):
    pets.run("migrate", "--verbosity", "0")
    done = pets.run("migration_preview", "--last", "1")
    assert done.stdout.startswith("Nothing is pending on 'default'. Shown: the last 1 applied")
    assert "manage.py migration_preview APP 0001..0003" in done.stdout
    assert len(pets.preview("--last", "1")["migrations"]) == 1


def test_statements_come_from_the_state_before_them(pets: PetProject):
    """What AlterUniqueTogether drops has a name that only a database at that state knows."""
    pets.migration("0002_a", 'migrations.AlterUniqueTogether("pet", {("name",)}),')
    pets.migration("0003_b", 'migrations.AlterUniqueTogether("pet", set()),')
    pets.run("migrate", "--verbosity", "0")
    (operation,) = said(pets.preview("pets", "0003"))
    assert operation["forward"][0].startswith('ALTER TABLE "pets_pet" DROP CONSTRAINT "pets_pet_n')
    assert operation["backward"][0].startswith('ALTER TABLE "pets_pet" ADD CONSTRAINT "pets_pet_n')


def test_a_range_of_an_app(pets: PetProject):
    for number in ("0002", "0003", "0004"):
        field = f'"f{number}", models.IntegerField(null=True)'
        pets.migration(f"{number}_f", f'migrations.AddField("pet", {field}),')
    shown = {
        text: [m["name"][:4] for m in pets.preview("pets", text)["migrations"]]
        for text in ("0002..0003", "..0002", "0003..", "0003_f", "")
    }
    assert shown == {
        "0002..0003": ["0002", "0003"],
        "..0002": ["0001", "0002"],
        "0003..": ["0003", "0004"],
        "0003_f": ["0003"],
        "": ["0001", "0002", "0003", "0004"],
    }


def test_python_code_is_run_and_its_statements_are_shown(pets: PetProject):
    pets.migration(
        "0002_fill",
        "migrations.RunPython(fill, migrations.RunPython.noop),",
        head=textwrap.dedent(
            """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.create(name="Rex")
            """
        ),
    )
    (operation,) = said(pets.preview())
    assert operation["python"] is True
    assert operation["forward"] == [
        """INSERT INTO "pets_pet" ("name") VALUES ('Rex') RETURNING "pets_pet"."id";"""
    ]
    assert operation["backward_note"] == "Python code that sent no statement on empty tables"


def test_irreversible_state_only_and_deferred_operations_say_so(pets: PetProject):
    pets.migration(
        "0002_mixed",
        """
migrations.RunSQL("CREATE TABLE extra (id int)"),
migrations.AlterModelOptions("pet", {"ordering": ["name"]}),
migrations.AddField("pet", "friend", models.ForeignKey("self", models.CASCADE, null=True)),
""",
    )
    preview = pets.preview()
    sql, options, friend = said(preview)
    assert preview["migrations"][-1]["reversible"] is False
    assert (sql["reversible"], sql["backward_note"]) == (
        False, "irreversible: Django cannot undo it",
    )  # fmt: skip
    assert options["forward_note"] == "changes Django's state only; PostgreSQL has nothing to do"
    assert options["backward_note"].startswith("changes Django's state only")
    assert friend["deferred"][0].startswith('CREATE INDEX "pets_pet_friend_id_')
    assert "DROP COLUMN" in friend["backward"][-1]


def test_a_migration_without_a_transaction(pets: PetProject):
    pets.migration(
        "0002_index",
        'AddIndexConcurrently("pet", models.Index("name", name="by_name")),',
        facts="atomic = False",
        head="from django.contrib.postgres.operations import AddIndexConcurrently\n",
    )
    preview = pets.preview()
    (operation,) = said(preview)
    assert preview["migrations"][-1]["atomic"] is False
    assert operation["forward"] == ['CREATE INDEX CONCURRENTLY "by_name" ON "pets_pet" ("name");']
    assert operation["backward"] == ['DROP INDEX CONCURRENTLY IF EXISTS "by_name";']


def test_a_migration_that_fails_is_shown_with_what_the_server_said(pets: PetProject):
    pets.migration("0002_bad", 'migrations.RunSQL("SELECT * FROM nowhere"),')
    pets.migration("0003_next", 'migrations.RunSQL("SELECT 1"),')
    preview = pets.preview()
    assert [m["name"] for m in preview["migrations"]][-1] == "0002_bad"
    assert preview["migrations"][-1]["error"].startswith('relation "nowhere" does not exist')
    assert preview["notes"] == ["1 more could not be tried, because pets.0002_bad failed."]
    said = pets.run("migration_preview").stdout
    assert 'FAILED: relation "nowhere" does not exist' in said
    assert "MP198  Statement 1 cannot succeed: " in said


def test_code_of_migrations_reaches_nothing_but_the_shadow(pets: PetProject, tmp_path):
    """What it finds is written to a file, since the shadow's database is dropped."""
    found = tmp_path / "found.json"
    pets.migration(
        "0002_look",
        "migrations.RunPython(look, migrations.RunPython.noop),",
        head=textwrap.dedent(
            f"""
            import json, os, socket
            from django.conf import settings
            from django.core.cache import cache
            from django.db import connection

            def look(apps, schema_editor):
                try:
                    socket.create_connection(("127.0.0.1", 9), timeout=2)
                    network = "reached"
                except OSError as error:
                    network = error.strerror or str(error)
                facts = {{
                    "network": network,
                    "secret": os.environ.get("SECRET_TOKEN"),
                    "url": os.environ.get("DATABASE_URL"),
                    "database": connection.settings_dict["NAME"],
                    "cache": type(cache._connections[cache._alias]).__name__,
                    "mail": settings.EMAIL_BACKEND.split(".")[-2],
                }}
                with open({str(found)!r}, "w") as stream:
                    json.dump(facts, stream)
            """
        ),
    )
    preview = pets.preview(SECRET_TOKEN="hidden")
    facts = json.loads(found.read_text())
    assert facts.pop("database").startswith("modeler_clone_default")
    cut = not any("network was not cut off" in note for note in preview.get("notes", []))
    # Without a namespace the port is closed all the same; only the reason differs.
    assert facts.pop("network") == ("Network is unreachable" if cut else "Connection refused")
    assert facts == {"secret": None, "url": None, "cache": "LocMemCache", "mail": "locmem"}


def test_the_whole_history_needs_no_database_of_the_project(pets: PetProject):
    preview = pets.preview("--from-zero", DATABASE_URL="postgresql://nobody@/nowhere?host=/none")
    assert preview["asked"] == "all from zero"
    assert [m["name"] for m in preview["migrations"] if m["app"] == "pets"] == ["0001_initial"]


def test_what_the_routers_keep_away_is_said(pets: PetProject):
    (pets.home / "routers.py").write_text(
        "class Away:\n"
        "    def allow_migrate(self, db, app_label, model_name=None, **hints):\n"
        "        return False if app_label == 'pets' else None\n"
    )
    (pets.home / "routed_settings.py").write_text(
        "from pet_settings import *\nDATABASE_ROUTERS = ['routers.Away']\n"
    )
    pets.migration("0002_sql", 'migrations.RunSQL("SELECT * FROM nowhere", ""),')
    preview = pets.preview(DJANGO_SETTINGS_MODULE="routed_settings")
    notes = [
        m["operations"][0]["forward_note"] for m in preview["migrations"] if m["app"] == "pets"
    ]
    assert notes == [
        "the routers keep pets.Pet off the database 'default'",
        "the routers keep it off the database 'default'",
    ]
