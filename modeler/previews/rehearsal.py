"""A preview, made by a rehearsal on the shadow; the side of the parent process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from modeler.errors import ConfigurationError, ServerError
from modeler.postgres.shadow import open_shadow
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.steps import Steps
from modeler.schema.encoding import decode

Progress = Callable[[int, int, str], None]


def preview_of(
    steps: Steps, alias: str, *, progress: Progress | None = None, offline: bool = False
) -> Preview:
    """Run the steps on a fresh database of the shadow and return what the shown ones did.

    Args:
        steps: in order.
        alias: the database they are meant for; the routers are asked about it.
        progress: called with (steps done, of how many, name) before each step.
        offline: the project's own server is not asked for its version.

    Raises:
        ConfigurationError: the project's settings are no module, or the database is of another
            vendor.
        ServerError: the shadow cannot be used, or a migration before the shown ones failed.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        raise ConfigurationError(
            f"The database {alias!r} is {connection.display_name}; previews are executed on "
            "PostgreSQL. Name a PostgreSQL database with --database."
        )
    module = os.environ.get("DJANGO_SETTINGS_MODULE")
    if not module:
        raise ConfigurationError(
            "The settings are not a module, so that no second process can load them. "
            "Set DJANGO_SETTINGS_MODULE."
        )
    with ExitStack() as stack:
        shadow = stack.enter_context(open_shadow(apart_from=[] if offline else None))
        databases = {}
        for other in connections:
            if connections[other].vendor == "postgresql":
                clone = stack.enter_context(shadow.clone(other))
                # What the project says beside the address stays: engine, time zone, options.
                kept = {
                    name: settings.DATABASES[other][name]
                    for name in ("ENGINE", "TIME_ZONE")
                    if settings.DATABASES[other].get(name)
                }
                databases[other] = {**clone.settings, **kept}
        order = {
            "alias": alias,
            "databases": databases,
            "steps": [(step.app, step.name, step.shown) for step in steps.steps],
        }
        migrations, notes = _collect(_events(order), steps, progress)
        return Preview(
            database=alias,
            asked=steps.asked,
            nothing_pending=steps.nothing_pending,
            server_version=shadow.server_version,
            database_version="" if offline else _version(alias),
            migrations=migrations,
            notes=notes,
        )


def _collect(
    events: Iterator[dict[str, Any]], steps: Steps, progress: Progress | None
) -> tuple[tuple[MigrationPreview, ...], tuple[str, ...]]:
    applied = {(step.app, step.name): step.applied for step in steps.steps}
    migrations: list[MigrationPreview] = []
    notes: list[str] = []
    at = ""
    for event in events:
        match event["event"]:
            case "isolation" if event["network"]:
                notes.append(
                    f"The network was not cut off from the rehearsal: {event['network']}."
                )
            case "step":
                at = f"{event['app']}.{event['name']}"
                if progress:
                    progress(event["position"], len(steps.steps), at)
            case "migration":
                shown = decode(MigrationPreview, event["preview"])
                migrations.append(replace(shown, applied=applied[shown.app, shown.name]))
            case "failed":
                where = f" at {at}, which comes before those to preview" if at else ""
                raise ServerError(
                    f"The rehearsal stopped{where}: {event['error']}. "
                    "Run `manage.py migrate` on an empty database to see it."
                )
    rest = sum(step.shown for step in steps.steps) - len(migrations)
    if rest:
        notes.append(f"{rest} more could not be tried, because {migrations[-1].key} failed.")
    return tuple(migrations), tuple(notes)


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
        with os.fdopen(reading, encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)
        assert process.stderr is not None
        last = process.stderr.read().decode(errors="replace").strip().splitlines()
        if process.wait() != 0:
            words = last[-1] if last else f"exit code {process.returncode}"
            raise ServerError(f"The rehearsal's process ended early: {words}")
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _version(alias: str) -> str:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_version")
            return cursor.fetchone()[0].split()[0]
    except DatabaseError:
        return ""
