"""A fresh environment with somebody else's project and the wheel of modeler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = Path(__file__).with_name("projects")


def build_wheel(folder: Path) -> Path:
    """Build the wheel from the checkout and return its path."""
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class Project:
    """A project in its own environment.

    Attributes:
        name: of the requirements file and the settings module.
        home: the virtual environment.
        variables: its processes' environment.
    """

    name: str
    home: Path
    variables: Mapping[str, str]

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``django-admin`` with its settings; standard output and error apart."""
        done = subprocess.run(
            [self.home / "bin" / "python", "-m", "django", *arguments],
            capture_output=True,
            text=True,
            env={**self.variables, "DJANGO_SETTINGS_MODULE": f"{self.name}_settings"},
            cwd=self.home,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{self.name}: {' '.join(arguments)} ended with {done.returncode}\n"
                f"{done.stderr[-3000:]}"
            )
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--format", "json").stdout)


def make_project(
    name: str, wheel: Path, *, database_url: str, servers: Path, folder: Path
) -> Project:
    """Install a project and the wheel; the environment of an earlier run is used again.

    Args:
        name: of its requirements file and settings module.
        wheel: modeler's.
        database_url: of a database of its own.
        servers: data folder of the servers, the shadow among them.
        folder: where the project may write.
    """
    home = ROOT / ".tools" / name
    requirements = ROOT / "requirements" / f"{name}.txt"
    stamp = home / ".made"
    if not stamp.exists() or stamp.read_text() != requirements.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        _pip(home, "install", "--require-hashes", "-r", requirements)
        stamp.write_text(requirements.read_text())
    _pip(home, "install", "--no-deps", "--force-reinstall", wheel)
    kept = {"PATH", "LANG", "LC_ALL", "TMPDIR"}
    variables = {
        **{key: value for key, value in os.environ.items() if key in kept},
        "HOME": str(folder),
        "DATA_DIR": str(folder),
        "PYTHONPATH": str(PROJECTS),
        "DATABASE_URL": database_url,
        "MODELER_DATA_DIR": str(servers),
    }
    return Project(name, home, variables)


def _pip(home: Path, *arguments: str | Path) -> None:
    subprocess.run(
        [
            home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet",
            *arguments,
        ],
        check=True,
    )  # fmt: skip
