"""Traced rehearsals by the command as people run it."""

from __future__ import annotations

import time

import psycopg

from tests.modeler.previews.project import PetProject, said


def test_a_traced_release_says_locks_deploy_order_and_the_way_back(pets: PetProject):
    pets.run("migrate", "--verbosity", "0")
    pets.migration(
        "0002_sku",
        """
migrations.AddField("pet", "sku", models.CharField(max_length=9, default="x")),
migrations.AddIndex("pet", models.Index("name", name="by_name")),
""",
    )
    pets.migration(
        "0003_tag", 'migrations.AddField("pet", "tag", models.IntegerField(null=True)),'
    )
    preview = pets.preview("--trace")
    first, second = preview["migrations"]
    assert preview["tables"] == preview["filled"] > 3
    assert first["replay"]["order"]["order"] == "neither (needs two releases)"
    assert second["replay"]["order"]["order"] == "migrate first"
    assert preview["replay"]["order"]["order"] == "neither (needs two releases)"
    assert first["reversal"] == {}
    build = first["forward"][-1]
    assert build["sql"].startswith("CREATE INDEX")
    assert {lock["mode"] for lock in build["trace"]["locks"]} == {"share"}
    assert build["trace"]["work"] == [
        {"relation": "pets_pet", "kind": "index build", "detail": "by_name"}
    ]
    codes = {found["code"] for found in preview["findings"]}
    assert {"MP202", "MP501"} <= codes  # running code cannot insert; the index prolongs the lock
    text = pets.run("migration_preview", "--trace").stdout
    assert "Undone and done again: nothing differs." in text


def test_rows_that_break_a_migration_are_said_and_it_is_traced_on_others(pets: PetProject):
    pets.migration(
        "0002_age", 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
    )
    pets.run("migrate", "--verbosity", "0")
    pets.migration("0003_age", 'migrations.AlterField("pet", "age", models.IntegerField()),')
    (migration,) = pets.preview("--trace")["migrations"]
    assert migration["broken_by_rows"].startswith('column "age" of relation "pets_pet" contains')
    assert "error" not in migration
    assert migration["forward"][-1]["trace"]["work"] == [{"relation": "pets_pet", "kind": "scan"}]


def test_changes_without_a_migration_are_previewed_in_memory(pets: PetProject):
    (pets.home / "pets" / "models.py").write_text(
        "from django.db import models\n"
        "class Pet(models.Model):\n"
        "    id = models.BigAutoField(primary_key=True)\n"
        "    name = models.CharField(max_length=20)\n"
        "    born = models.DateField()\n"
    )
    preview = pets.preview("--changes")
    (migration,) = preview["migrations"]
    assert preview["asked"] == "changes of models without a migration"
    assert "Add field born to pet" in [operation["description"] for operation in said(preview)]
    assert migration["name"].startswith("0002_")
    assert preview["notes"][0].startswith("makemigrations will ask for a default of pet.born")
    assert not list((pets.home / "pets" / "migrations").glob("0002*"))


def test_a_remedy_is_proposed_proven_and_written(pets: PetProject):
    pets.run("migrate", "--verbosity", "0")
    with psycopg.connect(pets.database_url) as connection:  # a small table needs no remedy
        connection.execute("INSERT INTO pets_pet (name) SELECT n FROM generate_series(1, 20000) n")
    pets.migration(
        "0002_index", 'migrations.AddIndex("pet", models.Index("name", name="by_name")),'
    )
    done = pets.run("migration_preview", "--write")
    assert "pets.0002_index (MP401)" in done.stdout
    assert "Written for pets.0002_index:" in done.stdout
    assert "AddIndexConcurrently" in (pets.home / "pets/migrations/0002_index.py").read_text()
    codes = {found["code"] for found in pets.preview().get("findings", [])}
    assert "MP401" not in codes
    assert pets.run("migrate", "--verbosity", "0").returncode == 0


def test_the_live_server_is_asked_what_stands_in_the_way(pets: PetProject):
    pets.run("migrate", "--verbosity", "0")
    pets.migration(
        "0002_index", 'migrations.AddIndex("pet", models.Index("name", name="by_name")),'
    )
    with psycopg.connect(pets.database_url, application_name="a report") as holder:
        holder.execute("LOCK TABLE pets_pet IN ROW EXCLUSIVE MODE")
        time.sleep(2.1)  # younger transactions are taken to end by themselves
        preview = pets.preview("--preflight")
        text = pets.run("migration_preview", "--preflight").stdout
    holders = [found for found in preview["obstacles"] if found["kind"] == "lock holder"]
    assert [(found["subject"], found["blocks"]) for found in holders] == [("pets_pet", True)]
    assert "a report" in str(holders)
    assert "  BLOCKS  pets_pet: " in text


def test_rows_that_break_what_django_keeps_for_the_end(pets: PetProject):
    """Django leaves its transaction open there; the rehearsal goes on all the same."""
    pets.run("migrate", "--verbosity", "0")
    pets.migration(
        "0002_owner",
        """
migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))]),
migrations.AddField("pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, default=1)),
""",
    )
    (migration,) = pets.preview("--trace")["migrations"]
    assert "violates foreign key constraint" in migration["broken_by_rows"]
    assert "error" not in migration
    assert migration["replay"]["order"]["order"]
