"""Asking a server what stands in the way, for tests."""

from __future__ import annotations

import json

from modeler.postgres.locks import LockMode
from modeler.postgres.preflight.check import preflight
from modeler.postgres.preflight.intent import Intent
from modeler.postgres.preflight.obstacle import Obstacle, ObstacleKind
from modeler.schema.encoding import decode, encode

EXCLUSIVE = frozenset({LockMode.ACCESS_EXCLUSIVE})
SHARE = frozenset({LockMode.SHARE})
ALTER = Intent("purchase", EXCLUSIVE, alters=True)
ALWAYS = {ObstacleKind.STANDBY, ObstacleKind.TIMEOUT, ObstacleKind.DISK_SPACE}


def found(database, *intents: Intent, role: str = "project", older_than: float = 0.0, **more):
    """Return what a preflight finds beside what is so on this server at any time."""
    connection = database.connect(role, **more)
    try:
        obstacles = preflight(connection, intents or (ALTER,), older_than=older_than)
    finally:
        connection.close()
    assert decode(tuple[Obstacle, ...], json.loads(json.dumps(encode(obstacles)))) == obstacles
    return obstacles


def of(kind: ObstacleKind, obstacles) -> list[Obstacle]:
    return [obstacle for obstacle in obstacles if obstacle.kind is kind]


def kinds(obstacles) -> set[ObstacleKind]:
    return {obstacle.kind for obstacle in obstacles} - ALWAYS
