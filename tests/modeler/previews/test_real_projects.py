"""Lines of what 22 real projects taught that concern previews, named by their numbers."""

from __future__ import annotations

import textwrap

from tests.modeler.previews.project import PetProject, said


def extend_settings(pets: PetProject, text: str) -> dict[str, str]:
    (pets.home / "own_settings.py").write_text(
        "from pet_settings import *\n" + textwrap.dedent(text)
    )
    return {"DJANGO_SETTINGS_MODULE": "own_settings"}


def test_line_01_history_is_run_in_a_database_at_its_state(pets: PetProject):
    """Names of constraints are looked up on the server; on a migrated one they are gone."""
    pets.migration("0002_a", 'migrations.AlterUniqueTogether("pet", {("name",)}),')
    pets.migration("0003_b", 'migrations.AlterUniqueTogether("pet", set()),')
    pets.run("migrate", "--verbosity", "0")
    naive = pets.run("sqlmigrate", "pets", "0003")
    assert "Found wrong number (0) of constraints" in naive.stderr
    (operation,) = said(pets.preview("pets", "0003"))
    assert operation["forward"][0].startswith('ALTER TABLE "pets_pet" DROP CONSTRAINT')


def test_line_04_a_project_s_own_migrate_is_not_called(pets: PetProject):
    folder = pets.home / "pets" / "management" / "commands"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "migrate.py").write_text(
        "from django.core.management.commands.migrate import Command as Migrate\n"
        "class Command(Migrate):\n"
        "    def handle(self, *args, **options):\n"
        "        raise SystemExit('asked the database')\n"
    )
    assert "asked the database" in pets.run("migrate", "--plan").stderr
    assert [m["name"] for m in pets.preview()["migrations"]][-1] == "0001_initial"


def test_line_05_settings_that_read_settings_and_handlers_that_want_a_server(pets: PetProject):
    own = extend_settings(
        pets,
        """
        from django.conf import settings
        REPEATED = settings.configured
        CACHES = {"default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://cache.invalid:6379",
        }}
        """,
    )
    (pets.home / "pets" / "models.py").write_text(
        textwrap.dedent(
            """
            from django.core.cache import cache
            from django.db.models.signals import post_migrate, pre_migrate

            def ask(**kwargs):
                raise RuntimeError("a handler was called")

            pre_migrate.connect(ask)
            post_migrate.connect(ask)
            """
        )
    )
    pets.migration(
        "0002_cached",
        "migrations.RunPython(fill, migrations.RunPython.noop),",
        head=textwrap.dedent(
            """
            from django.core.cache import cache

            def fill(apps, schema_editor):
                cache.set("a", 1)
                assert cache.get("a") == 1
            """
        ),
    )
    preview = pets.preview(**own)
    assert [m.get("error") for m in preview["migrations"] if m.get("error")] == []


def test_line_10_operations_of_others_are_noted_too(pets: PetProject):
    pets.migration(
        "0002_own",
        "View(), Nothing(),",
        head=textwrap.dedent(
            """
            from django.db import migrations

            class View(migrations.operations.base.Operation):
                reversible = True
                reduces_to_sql = True
                def state_forwards(self, app_label, state): pass
                def database_forwards(self, app_label, editor, before, after):
                    with editor.connection.cursor() as cursor:
                        cursor.execute("CREATE VIEW pet_names AS SELECT name FROM pets_pet")
                def database_backwards(self, app_label, editor, before, after):
                    editor.execute("DROP VIEW pet_names")
                def describe(self): return "Make a view"

            class Nothing(migrations.operations.base.Operation):
                def state_forwards(self, app_label, state): pass
                def database_forwards(self, app_label, editor, before, after): pass
                def database_backwards(self, app_label, editor, before, after): pass
            """
        ),
    )
    view, nothing = said(pets.preview())
    assert view == {
        "kind": "pets.migrations.0002_own.View",
        "description": "Make a view",
        "forward": ["CREATE VIEW pet_names AS SELECT name FROM pets_pet;"],
        "backward": ["DROP VIEW pet_names;"],
    }
    assert nothing["forward_note"] == "changes Django's state only; PostgreSQL has nothing to do"
