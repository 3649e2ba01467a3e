"""A small project on disk: migrations of every sort, tried in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

SETTINGS = """
import os
from modeler.postgres.address import settings_from_url
SECRET_KEY = "for tests alone"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "modeler", "pets"]
DATABASES = {"default": settings_from_url(os.environ["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""

HEAD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [{needs}]
    {facts}
    operations = [
{operations}
    ]
"""

INITIAL = """
migrations.CreateModel("Pet", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=20)),
]),
"""


class PetProject:
    """A project with one app ``pets``.

    Args:
        home: an empty folder.
        database_url: of a database of its own.
    """

    def __init__(self, home: Path, database_url: str) -> None:
        self.home = home
        self.database_url = database_url
        self.last = ""
        package = home / "pets" / "migrations"
        package.mkdir(parents=True)
        (home / "pet_settings.py").write_text(SETTINGS)
        for folder in (home / "pets", package):
            (folder / "__init__.py").touch()
        self.migration("0001_initial", INITIAL)

    def migration(self, name: str, operations: str, *, facts: str = "", head: str = "") -> None:
        """Write a migration that follows the last one."""
        needs = f'("pets", "{self.last}")' if self.last else ""
        body = HEAD.format(
            needs=needs, facts=facts, operations=textwrap.indent(operations.strip(), "        ")
        )
        self.text(name, head + body)

    def text(self, name: str, text: str) -> None:
        """Write a migration as it stands."""
        (self.home / "pets" / "migrations" / f"{name}.py").write_text(text)
        self.last = name

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "django", *arguments, **variables)

    def python(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        root = Path(__file__).resolve().parents[3]
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            cwd=self.home,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(
                    filter(None, (str(self.home), str(root), os.environ.get("PYTHONPATH")))
                ),
                "DJANGO_SETTINGS_MODULE": "pet_settings",
                "DATABASE_URL": self.database_url,
                **variables,
            },
            check=False,
        )

    def preview(self, *arguments: str, **variables: str) -> dict[str, Any]:
        """Return the JSON of ``migration_preview``."""
        done = self.run("migration_preview", "--format", "json", *arguments, **variables)
        assert done.returncode in (0, 1), done.stderr  # 1: findings
        return json.loads(done.stdout)["preview"]


def said(preview: dict[str, Any], position: int = -1) -> list[dict[str, Any]]:
    """Return a migration's operations, each with the texts of its statements."""
    migration = preview["migrations"][position]
    found = [dict(operation) for operation in migration["operations"]]
    for way in ("forward", "backward"):
        for statement in migration.get(way, []):
            name = "deferred" if statement.get("deferred") else way
            found[statement["operation"]].setdefault(name, []).append(statement["sql"])
    return found
