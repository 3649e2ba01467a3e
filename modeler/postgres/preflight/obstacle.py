"""Something on the live server that pending statements would meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ObstacleKind(StrEnum):
    """What it is; the values are stable and stand in JSON."""

    LOCK_HOLDER = "lock holder"
    LOCK_QUEUE = "lock queue"
    LONG_TRANSACTION = "long transaction"
    PREPARED_TRANSACTION = "prepared transaction"
    WRAPAROUND_VACUUM = "wraparound vacuum"
    INVALID_INDEX = "invalid index"
    NOT_VALIDATED = "constraint not validated"
    STANDBY = "standby"
    REPLICATION_SLOT = "replication slot"
    PUBLICATION = "publication"
    SUBSCRIPTION = "subscription"
    DISK_SPACE = "disk space"
    TIMEOUT = "timeout"
    PRIVILEGE = "privilege"
    POOLER = "connection pooler"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to know before the statements run.

    Attributes:
        kind: see ObstacleKind.
        subject: the table, or what else it is about (``shop.order``, ``server``).
        message: one sentence that says what was found.
        hint: the next step; starts with a verb.
        evidence: ``(name, value)`` of what was read.
        blocks: statements would wait, fail or break something now; without it, it is to be
            known.
    """

    kind: ObstacleKind
    subject: str
    message: str
    hint: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    blocks: bool = False


def seconds(value: float) -> str:
    """Return a duration as a person says it: ``8 s``, ``3 min``, ``2.5 h``, ``4 days``."""
    if value < 90:
        return f"{value:.0f} s"
    if value < 90 * 60:
        return f"{value / 60:.0f} min"
    if value < 48 * 3600:
        return f"{value / 3600:.1f} h"
    return f"{value / 86400:.0f} days"


def size(value: float) -> str:
    """Return bytes as a person says them: ``12 kB``, ``3.4 GB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TB"
