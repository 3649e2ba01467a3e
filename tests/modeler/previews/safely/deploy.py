"""A project with a database that can be had anew, and runs of ``migrate_safely`` on it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.modeler.previews.project import PetProject

PATIENCE = 60.0
# Told by its variables, a run kills itself before or after its n-th statement.
MORTAL = """
import os, signal
from django.db.backends.signals import connection_created

class Mortal:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        Mortal.count += 1
        if os.environ.get("KILL_BEFORE") == str(Mortal.count):
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if os.environ.get("KILL_AFTER") == str(Mortal.count):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

def mortal(*, connection, **kwargs):
    if connection.alias == "default" and not Mortal.count:
        connection.execute_wrappers.insert(0, Mortal())
        Mortal.count = 1

if "KILL_BEFORE" in os.environ or "KILL_AFTER" in os.environ:
    connection_created.connect(mortal, weak=False)
"""


@dataclass(slots=True)
class Run:
    """A run that was started."""

    output: Path

    @property
    def pid(self) -> int:
        return int(waited_for(lambda: read(self.output.with_suffix(".pid"))))

    @property
    def text(self) -> str:
        """What it has said so far."""
        return read(self.output)

    def wait(self) -> int:
        """Return its exit code; the negative number of the signal that killed it."""
        return int(waited_for(lambda: read(self.output.with_suffix(".end"))))

    def says(self, words: str) -> None:
        """Wait until it has said something."""
        waited_for(lambda: words in self.text, lambda: f"not said: {words!r}\n{self.text}")

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)


class Deploy:
    """A project on a database of its own.

    Args:
        home: an empty folder.
        url: of the database, which need not be there yet.
        maker: may make and drop databases.
    """

    def __init__(self, home: Path, url: str, maker: BaseDatabaseWrapper) -> None:
        self.project = PetProject(home, url)
        self.maker = maker
        self.home = home
        self.name = url.rpartition("/")[2].partition("?")[0]
        self.runs = 0
        self.zygote: subprocess.Popen[str] | None = None
        (home / "pets" / "mortal.py").write_text(MORTAL)
        (home / "pets" / "signals.py").touch()

    def open(self) -> None:
        """Make the database with all that is applied at the beginning, kept as a template."""
        self._make(self.name)
        done = self.project.run("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        self._make(f"{self.name}_template", template=self.name)
        root = Path(__file__).resolve().parents[4]
        self.zygote = subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.modeler.previews.safely.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.home,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(
                    filter(None, (str(self.home), str(root), os.environ.get("PYTHONPATH")))
                ),
                "DJANGO_SETTINGS_MODULE": "pet_settings",
                "DATABASE_URL": self.project.database_url,
            },
        )
        assert self.zygote.stdout
        assert self.zygote.stdout.readline() == "ready\n"

    def close(self) -> None:
        if self.zygote is not None and self.zygote.stdin:
            self.zygote.stdin.close()
            self.zygote.wait(10)
        for name in (self.name, f"{self.name}_template"):
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def renew(self) -> None:
        """Give the database and the project's files as they were at the beginning."""
        self.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self._make(self.name, template=f"{self.name}_template")

    def begin_anew(self) -> None:
        self.renew()
        for file in (self.home / "pets" / "migrations").glob("0*.py"):
            if file.stem != "0001_initial":
                file.unlink()
        self.project.last = "0001_initial"
        (self.home / "pets" / "signals.py").write_text("")

    def start(self, *arguments: str, command: str = "migrate_safely", **variables: str) -> Run:
        """Start a run; without ``--preview`` it looks at no shadow."""
        self.runs += 1
        output = self.home / f"run{self.runs}.txt"
        if command == "migrate_safely" and "--preview" not in arguments:
            arguments = ("--skip-preview", *arguments)
        asked = {
            "arguments": [command, *arguments],
            "variables": variables,
            "output": str(output),
        }
        assert self.zygote
        assert self.zygote.stdin
        assert self.zygote.stdout
        self.zygote.stdin.write(json.dumps(asked) + "\n")
        self.zygote.stdin.flush()
        self.zygote.stdout.readline()
        return Run(output)

    def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """Return a run's exit code and what it said."""
        run = self.start(*arguments, **variables)
        return run.wait(), run.text

    @contextmanager
    def session(self) -> Iterator[Session]:
        session = Session(self)
        try:
            yield session
        finally:
            session.close()

    def rows(self, sql: str) -> list[tuple]:
        with self.session() as session:
            return session.rows(sql)

    def value(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def indexes(self, table: str = "pets_pet") -> dict[str, bool]:
        """Return which indexes a table has, and whether they are valid."""
        return dict(
            self.rows(
                "SELECT indexrelid::regclass::text, indisvalid FROM pg_index "
                f"WHERE indrelid = '{table}'::regclass ORDER BY 1"
            )
        )

    def columns(self, table: str = "pets_pet") -> list[str]:
        return [
            name
            for (name,) in self.rows(
                "SELECT attname::text FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped "
                f"AND attrelid = '{table}'::regclass ORDER BY attnum"
            )
        ]

    @property
    def applied(self) -> list[str]:
        """The migrations of pets that are recorded."""
        rows = self.rows("SELECT name FROM django_migrations WHERE app = 'pets' ORDER BY name")
        return [name for (name,) in rows]

    @property
    def catalog(self) -> list[tuple]:
        """Everything that a migration of pets may change."""
        own = "c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(pets|modeler_unf)'"
        return self.rows(
            "SELECT 'column', c.relname::text, a.attname::text, format_type(atttypid, atttypmod), "
            "       attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid "
            f"WHERE {own} AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped "
            "UNION ALL SELECT 'constraint', c.relname::text, conname::text, "
            "       pg_get_constraintdef(k.oid), convalidated "
            f"FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid WHERE {own} "
            "UNION ALL SELECT 'index', c.relname::text, indexrelid::regclass::text, "
            "       pg_get_indexdef(indexrelid), indisvalid "
            f"FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE {own} ORDER BY 1, 2, 3"
        )

    def execute(self, sql: str) -> None:
        with self.maker.cursor() as cursor:
            cursor.execute(sql)

    def _make(self, name: str, *, template: str = "") -> None:
        rest = f' TEMPLATE "{template}"' if template else ""
        # A session that has just ended may still be leaving.
        for attempt in range(50):
            try:
                self.execute(f'CREATE DATABASE "{name}"{rest}')
                return
            except Exception:
                if attempt == 49:
                    raise
                time.sleep(0.1)


class Session:
    """A session beside the migrating one, on the project's own driver."""

    def __init__(self, deploy: Deploy) -> None:
        from modeler.postgres.connections import connection_to

        settings = {**deploy.maker.settings_dict, "NAME": deploy.name}
        self.connection = connection_to(settings, "beside")
        self.timer: threading.Timer | None = None

    def rows(self, sql: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        self.connection.close()


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def waited_for(ask: Callable[[], Any], why: Callable[[], str] = lambda: "") -> Any:
    """Ask until the answer is true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (answer := ask()):
        if time.monotonic() > end:
            raise AssertionError(why() or "it did not come")
        time.sleep(0.02)
    return answer
