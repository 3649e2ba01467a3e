"""A copy of the shop on disk, in which a developer changes models and makes migrations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.dangerous.dangerous import Dangerous, Edit

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("catalog", "orders", "config", "templates")


@dataclass(frozen=True, slots=True)
class Shop:
    """The copy.

    Args:
        home: an empty folder.
        database_url: of its database.
    """

    home: Path
    database_url: str

    def copy(self) -> None:
        for part in PARTS:
            shutil.copytree(
                ROOT / part, self.home / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "manage.py", self.home)

    def edit(self, edits: tuple[Edit, ...]) -> None:
        for edit in edits:
            path = self.home / edit.file
            text = path.read_text()
            assert text.count(edit.old) == 1, f"{edit.file}: {edit.old!r}"
            path.write_text(text.replace(edit.old, edit.new))

    def run(
        self, *arguments: str, url: str = "", answers: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py``; ``url`` names another database."""
        paths = (str(self.home), str(ROOT), os.environ.get("PYTHONPATH"))
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.home,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "PYTHONDONTWRITEBYTECODE": "1",
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "DATABASE_URL": url or self.database_url,
            },
            capture_output=True,
            text=True,
            check=False,
            input=answers,
        )

    def manage(self, *arguments: str, url: str = "", answers: str = "") -> str:
        """Run ``manage.py``, which must succeed, and return what it said."""
        done = self.run(*arguments, url=url, answers=answers)
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def develop(self, case: Dangerous) -> None:
        """Change the models as a case says, and make its migration."""
        self.edit(case.edits)
        self.manage("makemigrations", case.app, "--name", case.name, answers=case.answers)
        if case.code:
            path = self.home / case.app / "migrations" / f"{self.migrations(case.app)[-1]}.py"
            head, tail = path.read_text().split("class Migration")
            name = case.code.partition("def ")[2].partition("(")[0]
            body = tail.rstrip().removesuffix("]").rstrip()
            run = f"        migrations.RunPython({name}, migrations.RunPython.noop),\n    ]\n"
            path.write_text(f"{head}{case.code}\n\nclass Migration{body}\n{run}")

    def put_away(self, case: Dangerous) -> str:
        """Take the file of the next release out of the app, and return its text."""
        if not case.later:
            return ""
        path = self.home / case.app / "migrations" / f"{case.later}.py"
        text = path.read_text()
        path.unlink()
        return text

    def put(self, case: Dangerous, text: str) -> None:
        """Put that file back, as the release after this one does."""
        path = self.home / case.app / "migrations" / f"{case.later}.py"
        path.write_text(text)

    def before(self, case: Dangerous) -> str:
        """Return the name of the migration that a case builds upon."""
        return next(name for name in self.migrations(case.app) if name.endswith("_before"))

    def preview(self, *arguments: str) -> tuple[dict[str, Any], str]:
        """Return the JSON of ``migration_preview``, and what it said of remedies."""
        done = self.run("migration_preview", "--format", "json", *arguments)
        assert done.returncode in (0, 1), done.stderr  # 1: findings
        return json.loads(done.stdout)["preview"], done.stderr

    def migrations(self, app: str) -> tuple[str, ...]:
        """Return the names of an app's migrations."""
        folder = self.home / app / "migrations"
        return tuple(sorted(path.stem for path in folder.glob("0*.py")))

    def text(self, app: str, name: str) -> str:
        return (self.home / app / "migrations" / f"{name}.py").read_text()
