"""What psycopg 2 and 3 do differently below Django's connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def backend_pid(raw: Any) -> int:
    """Return the number of the server process of a driver's connection."""
    info = getattr(raw, "info", None)
    return info.backend_pid if info is not None else raw.get_backend_pid()


def is_idle(raw: Any) -> bool:
    """Tell whether no transaction was begun on a driver's connection."""
    info = getattr(raw, "info", None)
    # Both drivers give libpq's number: 0 is PQTRANS_IDLE.
    return int(info.transaction_status if info is not None else raw.get_transaction_status()) == 0


def listen(raw: Any, hear: Callable[[str], None]) -> None:
    """Call ``hear`` with the text of each message that the server sends to this connection."""
    if hasattr(raw, "add_notice_handler"):
        raw.add_notice_handler(lambda diagnostic: hear(diagnostic.message_primary or ""))
        return
    raw.notices = _Heard(hear)


def rows(raw: Any, sql: str, params: list | None = None) -> list[tuple]:
    """Run SQL past Django, so that nothing of the project sees it, and return its rows."""
    with raw.cursor() as cursor:
        cursor.execute(sql, params)
        return list(map(tuple, cursor.fetchall())) if cursor.description else []


class _Heard:
    """What psycopg 2 appends its messages to; they come as ``LEVEL:  text``."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self.hear = hear

    def append(self, line: str) -> None:
        first = line.splitlines()[0] if line else ""
        self.hear(first.partition(":")[2].strip())
