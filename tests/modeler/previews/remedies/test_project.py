"""Remedies of a project on disk: proven by its own child process, written, and migrated."""

from __future__ import annotations

import shutil
import subprocess
import textwrap

import pytest

from tests.modeler.previews.project import PetProject
from tests.modeler.previews.remedies.proposed import proposals, proven

OWN = textwrap.dedent(
    '''
    # Legs, as our vet counts them.
    LEGS = 4


    def seen(apps, schema_editor):
        """Look at pets."""
        apps.get_model("pets", "Pet").objects.filter(pk=LEGS).exists()
    '''
)
OPERATIONS = """
migrations.AddField("pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True)),
# The vet asks for it.
migrations.RunPython(seen, migrations.RunPython.noop),
migrations.AddIndex("pet", models.Index("name", name="by_name")),
"""
OWNER = 'migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))]),'


@pytest.fixture
def project(pets: PetProject) -> PetProject:
    pets.migration("0002_owner", OWNER)
    pets.run("migrate", "--verbosity", "0")
    pets.migration("0003_pet_owner", OPERATIONS, head=OWN)
    (pets.home / "pets" / "migrations" / "max_migration.txt").write_text("0003_pet_owner\n")
    return pets


def files(pets: PetProject) -> list[str]:
    return sorted(path.name for path in (pets.home / "pets" / "migrations").glob("0*.py"))


def test_a_migration_is_proven_written_and_migrated(project: PetProject):
    proposal = proven(project, "0003_pet_owner", codes=["MP209", "MP401", "MP503"])
    (found,) = proposals(project, "0003_pet_owner", proves=False, writes=True)["found"]
    expected = [
        "0003_1_pet_owner_column.py", "0003_2_pet_owner_index.py",
        "0003_3_pet_owner_foreign_key.py", "0003_4_pet_owner_validate_foreign_key.py",
        "0003_5_seen.py", "0003_pet_owner.py",
    ]  # fmt: skip
    assert found["written"] == [f"pets/migrations/{name}" for name in expected]
    assert [file["name"] + ".py" for file in proposal["files"]] == expected
    assert files(project)[2:] == expected
    seen = (project.home / "pets" / "migrations" / "0003_5_seen.py").read_text()
    assert OWN.strip() in seen
    assert "# The vet asks for it.\n" in seen
    # What depends on the old name finds it, and nothing is left to write.
    project.migration(
        "0004_after", 'migrations.AddField("pet", "a", models.TextField(null=True)),'
    )
    migrated = project.run("migrate", "--verbosity", "0")
    assert migrated.stderr == ""
    assert "[ ]" not in project.run("showmigrations", "pets").stdout
    back = project.run("migrate", "pets", "0002", "--verbosity", "0")
    assert back.stderr == ""


def test_files_are_as_ruff_wants_them(project: PetProject):
    if shutil.which("ruff") is None and not _ruff():
        pytest.skip("no ruff")
    proposals(project, "0003_pet_owner", proves=False, writes=True)
    checked = subprocess.run(
        [_ruff() or "ruff", "check", "--isolated", "--select", "E,F,W,I,UP,RUF100",
         "--ignore", "E501", *(f"pets/migrations/{name}" for name in files(project)[2:])],
        cwd=project.home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def _ruff() -> str:
    import sys
    from pathlib import Path

    path = Path(sys.executable).with_name("ruff")
    return str(path) if path.exists() else ""


def test_what_is_applied_is_not_replaced(project: PetProject):
    project.run("migrate", "--verbosity", "0")
    answer = proposals(project, "0003_pet_owner", proves=False, range=["pets", "0003"])
    assert answer["found"][0]["proposal"]["applied"] is True
    refused = project.python(
        str(project.home / "ask_for_remedies.py"),
        '{"name": "0003_pet_owner", "codes": null, "proves": false, "writes": true,'
        ' "range": ["pets", "0003"], "changes": false}',
    )
    assert "pets.0003_pet_owner is applied already" in refused.stderr
    assert files(project)[2:] == ["0003_pet_owner.py"]


def test_a_later_file_is_the_last_of_its_app(project: PetProject):
    project.migration("0004_drop", 'migrations.RemoveField("pet", "name"),')
    folder = project.home / "pets" / "migrations"
    (folder / "max_migration.txt").write_text("0004_drop\n")
    (found,) = proposals(
        project, "0004_drop", codes=["MP215"], proves=False, writes=True, range=["pets", "0004"]
    )["found"]
    assert found["written"][-1] == "pets/migrations/0005_drop_pet_name.py"
    assert (folder / "max_migration.txt").read_text() == "0005_drop_pet_name\n"


def test_what_the_rules_find_is_answered(project: PetProject):
    (found,) = proposals(project, "0003_pet_owner", codes=[], proves=False)["found"]
    assert {"MP208", "MP501", "MP503"} <= set(found["answers"])
    assert found["proposal"]["title"].startswith("Build indexes without blocking writes; add")


MODELS = """
from django.db import models


class Owner(models.Model):
    id = models.BigAutoField(primary_key=True)


class Pet(models.Model):
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=20)
    chip = models.CharField(max_length=20, null=True, unique=True)
"""


def test_changes_of_models_are_written_in_their_safe_form(pets: PetProject):
    pets.migration("0002_owner", OWNER)
    pets.run("migrate", "--verbosity", "0")
    (pets.home / "pets" / "models.py").write_text(MODELS)
    folder = pets.home / "pets" / "migrations"
    (folder / "max_migration.txt").write_text("0002_owner\n")
    (found,) = proposals(pets, changes=True, writes=True)["found"]
    assert found["holds"], found["proof"]
    # Keys that are declared otherwise than in the first migration come along.
    last = found["proposal"]["name"]
    assert files(pets)[2:] == [
        "0003_1_pet_chip_column.py", "0003_2_pet_chip_like_index.py",
        "0003_3_pet_chip_unique_index.py", "0003_4_pet_chip_unique.py", f"{last}.py",
    ]  # fmt: skip
    assert (folder / "max_migration.txt").read_text() == f"{last}\n"
    assert pets.run("migrate", "--verbosity", "0").stderr == ""
    assert pets.run("makemigrations", "--check", "--dry-run").returncode == 0
