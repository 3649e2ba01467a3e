"""The project on the shadow: a fresh clone for each database, and a child process that migrates.

Whatever runs migrations goes through here, so that the project's code never meets its own servers.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from modeler.errors import ConfigurationError, ServerError
from modeler.postgres.shadow import Clone, Shadow, open_shadow
from modeler.previews.options import STATIC, Options
from modeler.previews.steps import Steps
from modeler.schema.encoding import encode

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ShadowProject:
    """The project with databases of the shadow.

    Attributes:
        alias: the database whose migrations run; the routers are asked about it.
        shadow: the server.
        clones: a database for each PostgreSQL alias of the project, dropped with the block.
        databases: what ``DATABASES`` becomes in the child process.
    """

    alias: str
    shadow: Shadow
    clones: dict[str, Clone]
    databases: dict[str, dict[str, Any]]

    def migrate(
        self, steps: Steps, options: Options = STATIC, *, done: int = 0
    ) -> Iterator[dict[str, Any]]:
        """Run the steps in a child process and yield its events (see ``previews.child``).

        Args:
            steps: in order.
            options: how much is done beside.
            done: how many of the first ones ran here before.

        Raises:
            ServerError: it ended without an answer; the message has its last words.
        """
        return _events(
            {
                "alias": self.alias,
                "databases": self.databases,
                "steps": [(step.app, step.name, step.shown) for step in steps.steps],
                "written": [(one.app, one.name, one.source) for one in steps.written],
                "together": steps.together,
                "options": encode(options),
                "done": done,
            }
        )


@contextmanager
def shadow_project(alias: str, *, offline: bool = False) -> Iterator[ShadowProject]:
    """Open the shadow and make fresh databases on it, one for each of the project's.

    Args:
        alias: the database whose migrations will run.
        offline: the project's own servers are not asked whether the shadow is one of them.

    Raises:
        ConfigurationError: the project's settings are no module, or the database is of another
            vendor.
        ServerError: the shadow cannot be used.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        raise ConfigurationError(
            f"The database {alias!r} is {connection.display_name}; previews are executed on "
            "PostgreSQL. Name a PostgreSQL database with --database."
        )
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        raise ConfigurationError(
            "The settings are not a module, so that no second process can load them. "
            "Set DJANGO_SETTINGS_MODULE."
        )
    with ExitStack() as stack:
        shadow = stack.enter_context(open_shadow(apart_from=[] if offline else None))
        clones, databases = {}, {}
        for other in connections:
            if connections[other].vendor == "postgresql":
                clones[other] = clone = stack.enter_context(shadow.clone(other))
                # What the project says beside the address stays: engine, time zone, options.
                kept = {
                    name: settings.DATABASES[other][name]
                    for name in ("ENGINE", "TIME_ZONE")
                    if settings.DATABASES[other].get(name)
                }
                databases[other] = {**clone.settings, **kept}
        yield ShadowProject(alias, shadow, clones, databases)


def server_version(alias: str) -> str:
    """Return the version of the project's own server, ``""`` where it does not answer."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_version")
            return cursor.fetchone()[0].split()[0]
    except DatabaseError:
        return ""


def _events(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run the child and yield its events.

    Raises:
        ServerError: it ended without an answer; the message has its last words.
    """
    reading, writing = os.pipe()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "modeler.previews.child", str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[writing],
        env=environment,
    )
    os.close(writing)
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(order, default=str).encode())
        process.stdin.close()
        at, ended = "", False
        with os.fdopen(reading, encoding="utf-8") as stream:
            for line in stream:
                event = json.loads(line)
                at = f"{event['app']}.{event['name']}" if event["event"] == "step" else at
                ended = event["event"] == "end"
                yield event
        assert process.stderr is not None
        last = process.stderr.read().decode(errors="replace").strip().splitlines()
        code = process.wait()
        if code or not ended:
            raise ServerError(_ended_early(code, at, last[-1] if last and code > 0 else ""))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _ended_early(code: int, at: str, last: str) -> str:
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    where = f" while {at} ran" if at else ""
    said = f": {last}" if last else ""
    return (
        f"The rehearsal's process {how}{where}{said}. Run `manage.py migrate` on an empty "
        "database to see why."
    )
