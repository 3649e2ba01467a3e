"""Keys of the shop's rows: time-ordered UUIDs, version 7."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from django.db import models

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_lock = threading.Lock()
_last_tick = 0


class UuidV7(models.Func):
    """The database's own ``uuidv7()``: built in on 18, installed by migration before."""

    function = "uuidv7"
    output_field = models.UUIDField()


def uuid7() -> uuid.UUID:
    """Return a new key of this moment; two calls in one process are always in order.

    The twelve bits after the millisecond count its fractions, as PostgreSQL 18 does it
    (RFC 9562, section 6.2, method 3), so keys made in a burst sort in the order they were made.
    """
    global _last_tick
    with _lock:
        _last_tick = max(_last_tick + 1, _tick(time.time_ns() // 1000))
        tick = _last_tick
    return _compose(tick)


def uuid7_at(moment: datetime) -> uuid.UUID:
    """Return a new key that says ``moment`` (aware); for rows dated when they happened."""
    return _compose(_tick((moment - _EPOCH) // timedelta(microseconds=1)))


def _tick(microseconds: int) -> int:
    """Return 48 bits of milliseconds followed by 12 bits of their fraction."""
    milliseconds, rest = divmod(microseconds, 1000)
    return milliseconds << 12 | rest * 4096 // 1000


def _compose(tick: int) -> uuid.UUID:
    head = (tick >> 12) << 16 | 0x7000 | (tick & 0xFFF)
    tail = 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=head << 64 | tail)
