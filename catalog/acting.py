"""Who acts, and why: what the audit trail and the log of orders write down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory


@contextmanager
def acting(*, actor: Any = None, reason: str = "") -> Iterator[None]:
    """Write down ``actor`` (a user, a name or None) and ``reason`` with every change inside.

    Inside an outer block only what is given is replaced. COPY does not pass Django's cursor, so
    nothing is written down with it.
    """
    told: dict[str, str] = {}
    if actor is not None:
        told["user"] = str(getattr(actor, "pk", actor))
    if reason:
        told["reason"] = reason
    with pghistory.context(**told):
        yield
