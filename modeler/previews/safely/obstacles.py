"""What the preflight of a preview finds, and what of it stops a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ConfigurationError
from modeler.postgres.preflight.check import preflight
from modeler.postgres.preflight.intent import Intent
from modeler.postgres.preflight.obstacle import Obstacle, ObstacleKind
from modeler.postgres.preflight.session import read_session
from modeler.previews.intents import intents_of
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.safely.statements import read
from modeler.previews.safely.twins import written
from modeler.previews.sql.commands import AlterRelation, CreateIndex, CreateTrigger

ALL = "all"


def kinds_of(names: Iterable[str]) -> frozenset[ObstacleKind]:
    """Return the kinds that ``long-transaction`` and kin, or ``all``, name.

    Raises:
        ConfigurationError: there is no such kind.
    """
    known = {kind.value.replace(" ", "-"): kind for kind in ObstacleKind}
    found: set[ObstacleKind] = set()
    for name in names:
        if name == ALL:
            found.update(ObstacleKind)
        elif name in known:
            found.add(known[name])
        else:
            raise ConfigurationError(
                f"--accept {name!r} is no obstacle. There are: {', '.join(sorted(known))}, {ALL}."
            )
    return frozenset(found)


def preview_intents(preview: Preview) -> tuple[Intent, ...]:
    """Return what the pending statements will do to tables, for the preflight.

    Indexes that a migration without a transaction builds are left out: a leftover of that name is
    dealt with on the way.
    """
    statements = [
        (migration, statement)
        for migration in preview.migrations
        for statement in migration.forward
    ]
    return intents_of(
        (statement.effects for _, statement in statements if statement.effects),
        altered={name for _, statement in statements for name in _altered(statement.sql)},
        builds=sorted({pair for migration, statement in statements
                       for pair in _builds(migration, statement.sql)}),
    )  # fmt: skip


def obstacles(
    connection: BaseDatabaseWrapper,
    preview: Preview | None,
    *,
    older_than: float,
) -> tuple[Obstacle, ...]:
    """Return what stands in the way, without what a safe run settles itself: its lock timeout.

    Raises:
        ServerError: no answer.
    """
    found = preflight(
        connection, preview_intents(preview) if preview else (), older_than=older_than
    )
    return tuple(
        one
        for one in found
        if not (one.kind is ObstacleKind.TIMEOUT and one.message.startswith("lock_timeout "))
    )


def stopping(
    found: Iterable[Obstacle], accepted: Collection[ObstacleKind]
) -> tuple[Obstacle, ...]:
    """Return the obstacles that stop a run."""
    return tuple(one for one in found if one.blocks and one.kind not in accepted)


def behind_pooler(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether a pooler seems to sit between this process and the server."""
    connection.ensure_connection()
    session = read_session(connection)
    return session.pooled or session.hinted or session.port == "6432"


def _altered(sql: str) -> Iterable[str]:
    for command in read(sql):
        match command:
            case AlterRelation(name=name):
                yield written(name)
            case CreateIndex(table=table) | CreateTrigger(table=table):
                yield written(table)


def _builds(migration: MigrationPreview, sql: str) -> Iterable[tuple[str, str]]:
    if migration.atomic:
        for command in read(sql):
            if isinstance(command, CreateIndex) and command.name and not command.if_not_exists:
                yield written(command.table), command.name
