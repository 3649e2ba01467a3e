"""A preview, made by a rehearsal on the shadow; the side of the parent process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from modeler.errors import ServerError
from modeler.previews.options import STATIC, Options
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.replay.replay import Replay
from modeler.previews.shadow_project import Progress, server_version, shadow_project
from modeler.previews.steps import Steps
from modeler.schema.encoding import decode


def preview_of(
    steps: Steps,
    alias: str,
    *,
    options: Options = STATIC,
    progress: Progress | None = None,
    offline: bool = False,
) -> Preview:
    """Run the steps on a fresh database of the shadow and return what the shown ones did.

    Args:
        steps: in order.
        alias: the database they are meant for; the routers are asked about it.
        options: how much is done beside.
        progress: called with (steps done, of how many, name) before each step.
        offline: the project's own server is not asked for its version.

    Raises:
        ConfigurationError: the project's settings are no module, or the database is of another
            vendor.
        ServerError: the shadow cannot be used, or a migration before the shown ones failed.
    """
    with shadow_project(alias, offline=offline) as project:
        found = _collect(project.migrate(steps, options), steps, progress)
        return Preview(
            database=alias,
            asked=steps.asked,
            nothing_pending=steps.nothing_pending,
            together=steps.together,
            server_version=project.shadow.server_version,
            database_version="" if offline else server_version(alias),
            migrations=found.migrations,
            notes=(*steps.notes, *found.notes),
            replay=found.replay,
            tables=found.tables,
            filled=found.filled,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the child's events came to."""

    migrations: tuple[MigrationPreview, ...]
    notes: tuple[str, ...]
    replay: Replay | None
    tables: int
    filled: int


def _collect(events: Iterator[dict[str, Any]], steps: Steps, progress: Progress | None) -> _Found:
    applied = {(step.app, step.name): step.applied for step in steps.steps}
    migrations: list[MigrationPreview] = []
    notes: list[str] = []
    shown = {f"{step.app}.{step.name}" for step in steps.steps if step.shown}
    at, tables, filled, replay = "", 0, 0, None
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
                found = decode(MigrationPreview, event["preview"])
                migrations.append(replace(found, applied=applied[found.app, found.name]))
            case "release" if event["replay"]:
                replay = decode(Replay, event["replay"])
            case "missed":
                notes += [f"Not traced: {sentence}." for sentence in event["sentences"]]
            case "rows":
                unfilled = event["unfilled"]
                tables, filled = event["tables"], event["tables"] - len(unfilled)
                notes += [f"No rows could be generated for {sentence}" for sentence in unfilled]
            case "failed":
                where = f" at {at}" if at else ""
                if at and at not in shown:
                    where += ", which comes before those to preview"
                raise ServerError(
                    f"The rehearsal stopped{where}: {event['error']}. "
                    "Run `manage.py migrate` on an empty database to see it."
                )
    rest = len(shown) - len(migrations)
    if rest:
        notes.append(f"{rest} more could not be tried, because {migrations[-1].key} failed.")
    return _Found(tuple(migrations), tuple(notes), replay, tables, filled)
