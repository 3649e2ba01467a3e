"""Disk space for rewrites: the old files stay until the transaction has ended."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from modeler.errors import ServerError
from modeler.postgres.production.files import local_folder

from .asked import Asked, Probe, Target
from .obstacle import Obstacle, ObstacleKind, size

DEFAULT = "(SELECT dattablespace FROM pg_database WHERE datname = current_database())"
SPACES = f"""
SELECT t.oid::bigint AS oid, t.spcname::text AS name, pg_tablespace_location(t.oid) AS location,
       t.oid = {DEFAULT} AS is_default
FROM pg_tablespace t
WHERE t.oid = ANY(%s::bigint[]) OR t.oid = {DEFAULT}
"""


def disk_space(asked: Asked) -> Iterable[Obstacle]:
    rewritten = [target for target in asked.targets if target.intent.rewrites]
    if not rewritten:
        return
    spaces = asked.rows(SPACES, [[target.row["space"] for target in rewritten]])
    default = next(row for row in spaces if row["is_default"])
    by_space: defaultdict[int, list[Target]] = defaultdict(list)
    for target in rewritten:
        by_space[target.row["space"] or default["oid"]].append(target)
    folder, unknown = _folder(asked)
    for row in spaces:
        if targets := by_space.get(row["oid"]):
            place = Path(row["location"]) if row["location"] else folder
            yield _judged(row["name"], targets, place, unknown)


def _folder(asked: Asked) -> tuple[Path | None, str]:
    try:
        return local_folder(asked.cursor), ""
    except ServerError as error:
        return None, str(error)


def _judged(space: str, targets: list[Target], place: Path | None, unknown: str) -> Obstacle:
    needed = sum(target.row["bytes"] for target in targets)
    names = ", ".join(target.relation for target in targets)
    message = (
        f"Rewriting {names} needs about {size(needed)} more in tablespace {space} until the "
        "transaction ends, and as much for WAL"
    )
    evidence = [("needed", f"{needed:.0f}"), ("tablespace", space)]
    free = None
    if place is not None and not unknown:
        try:
            found = os.statvfs(place)
            free = found.f_bavail * found.f_frsize
        except OSError as error:
            unknown = f"{place}: {error.strerror}."
    if free is None:
        return Obstacle(
            ObstacleKind.DISK_SPACE,
            names,
            f"{message}; how much is free there cannot be known from here.",
            f"Look at the server's disk before. {unknown}".rstrip(),
            tuple(evidence),
        )
    evidence.append(("free", str(free)))
    return Obstacle(
        ObstacleKind.DISK_SPACE,
        names,
        f"{message}; {size(free)} are free.",
        "Make room before it runs." if free < 2 * needed else "Check it again before it runs.",
        tuple(evidence),
        blocks=free < 2 * needed,
    )


PROBES = (Probe("disk space", disk_space),)
