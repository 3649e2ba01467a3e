"""Findings of a whole preview, as the command prints them: what only the project can tell."""

from __future__ import annotations

import json

MODELS = """
from django.db import models

class Pet(models.Model):
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=20)
    size = models.IntegerField(null=True)
"""
FILL = """
def fill(apps, schema_editor):
    apps.get_model("auth", "Group").objects.update(name="x")
"""


def found(pets, *arguments):
    done = pets.run("migration_preview", "--format", "json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    preview = json.loads(done.stdout)["preview"]
    return [
        (finding["code"], finding["subject"], finding["message"])
        for finding in preview.get("findings", ())
    ]


def codes(findings):
    return {code for code, *_ in findings}


def test_changes_of_models_without_a_migration_are_found_and_previewed(pets):
    (pets.home / "pets" / "models.py").write_text(MODELS)
    assert (
        "MP702",
        "pets",
        "The models of pets have changes that no migration holds: Add field size to pet.",
    ) in found(pets)
    assert "MP702" not in codes(found(pets, "--changes"))


def test_apps_that_a_migration_does_not_depend_on(pets):
    operation = "migrations.RunPython(fill, migrations.RunPython.noop),"
    pets.migration("0002_fill", operation, head=FILL)
    assert ("MP609", "pets.0002_fill:fill.auth") in [entry[:2] for entry in found(pets)]


def test_the_connection_s_own_lock_timeout(pets):
    assert "MP506" not in codes(found(pets))
    pets.run("migrate", "pets", "0001")
    pets.migration(
        "0002_size", 'migrations.AddField("pet", "size", models.IntegerField(null=True)),'
    )
    assert ("MP506", "pets.0002_size:pets_pet") in [entry[:2] for entry in found(pets)]
    settings = pets.home / "pet_settings.py"
    settings.write_text(
        settings.read_text()
        + 'DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=3s"\n'
    )
    assert "MP506" not in codes(found(pets))
