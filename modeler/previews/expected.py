"""What a database holds when migrations alone have made it: run, then read from the catalogs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from modeler.errors import ServerError
from modeler.postgres.shadow import Clone
from modeler.previews.shadow_project import Progress, server_version, shadow_project
from modeler.previews.steps import Steps, ends_of, load, unseen_steps
from modeler.schema.live import read_database
from modeler.schema.schema import OriginKind, Schema


@dataclass(frozen=True, slots=True)
class Expected:
    """What was found.

    Attributes:
        schema: of the migrated clone, under the project's alias.
        migrations: how many ran.
        pending: how many are not applied on the project's own database and did not run.
        notes: what a reader must know: other versions, a network that was not cut off.
    """

    schema: Schema
    migrations: int
    pending: int
    notes: tuple[str, ...] = ()


def expected_of(
    alias: str, *, pending: bool = False, progress: Progress | None = None
) -> Expected:
    """Run an alias's migrations on a fresh database of the shadow and read what they made.

    Args:
        alias: a PostgreSQL database of the project; it is asked what is applied.
        pending: what is not applied there runs as well.
        progress: called with (steps done, of how many, name) before each step.

    Raises:
        ServerError: a server does not answer, or a migration failed on the shadow.
        ConfigurationError: the migrations do not fit together, or it is no PostgreSQL.
    """
    loader = load(alias)
    steps = unseen_steps(loader, pending=pending)
    notes: list[str] = []
    with migrated(alias, steps, notes=notes, progress=progress) as clone:
        schema = read_database(clone.connect(alias), alias=alias)
    made = next(version for name, _, version in schema.vendors if name == alias)
    own = server_version(alias)
    if own and own.partition(".")[0] != made.partition(".")[0]:
        notes.append(
            f"{alias!r} is on PostgreSQL {own}, the shadow on {made}: some differences may come "
            "from that. Name a server of the same major version in MODELER['SHADOW_URL'] to be "
            "sure."
        )
    assert schema.origin is not None  # read_database says it
    origin = replace(
        schema.origin, kind=OriginKind.EXPECTED, detail=" ".join(ends_of(loader, steps))
    )
    count = len(steps.steps)
    everything = len(unseen_steps(loader, pending=True).steps)
    return Expected(replace(schema, origin=origin), count, everything - count, tuple(notes))


def outdated(expected: Schema, alias: str) -> str:
    """Return a sentence where other migrations are applied now than were run then, else ``""``.

    Raises:
        ServerError, ConfigurationError: what is applied cannot be read.
    """
    loader = load(alias)
    now = set(ends_of(loader, unseen_steps(loader)))
    then = set(expected.origin.detail.split()) if expected.origin else set()
    others = sorted(now ^ then)
    if not others:
        return ""
    return (
        f"Other migrations are applied on {alias!r} than were run for what is expected "
        f"({', '.join(others[:5])}{' …' if len(others) > 5 else ''})."
    )


@contextmanager
def migrated(
    alias: str,
    steps: Steps,
    *,
    notes: list[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Clone]:
    """Give a fresh database of the shadow on which migrations ran; it is dropped with the block.

    Args:
        alias: the database that they are meant for; the routers are asked about it.
        steps: in order; none of them shown.
        notes: gets what a reader must know of the run.
        progress: called with (steps done, of how many, name) before each step.

    Raises:
        ServerError: the shadow cannot be used, or a migration failed.
        ConfigurationError: see ``shadow_project``.
    """
    with shadow_project(alias) as project:
        at = ""
        for event in project.migrate(steps):
            match event["event"]:
                case "isolation" if event["network"] and notes is not None:
                    notes.append(
                        f"The network was not cut off from the migrations: {event['network']}."
                    )
                case "step":
                    at = f"{event['app']}.{event['name']}"
                    if progress:
                        progress(event["position"], len(steps.steps), at)
                case "failed":
                    where = f" at {at}" if at else ""
                    raise ServerError(
                        f"Migrating the shadow stopped{where}: {event['error']}. "
                        "Run `manage.py migration_preview --from-zero` to see it."
                    )
        yield project.clones[alias]
