"""Waits for the queue before differences are believed, and says what it waits for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.mongo.sync.claim import SWAP_LOCK
from modeler.mongo.sync.followed import Followed, known_watches
from modeler.mongo.sync.install import is_installed
from modeler.mongo.sync.tables import QUEUE
from modeler.reporting.words import plural

LONGEST_WAIT = 60.0  # seconds for the queue; without a worker it would never drain
QUIET = 0.5  # seconds in which a worker takes what waits, or is seen; nothing is said before
AGAIN = 10.0  # seconds from word to word
POLL, LATER_POLL = 0.05, 0.25
# What is put back into the queue keeps the time of its change.
WAITS = f"SELECT EXISTS (SELECT FROM {QUEUE} WHERE at <= %s AND watch = ANY(%s))"
COUNTS = f"""
SELECT count(*), count(*) FILTER (WHERE not_before > clock_timestamp())
FROM {QUEUE} WHERE at <= %s AND watch = ANY(%s)
"""
# PostgreSQL manual, "pg_locks": a key of 64 bits has its upper half in classid, and objsubid 1.
AT_WORK = f"""
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = {SWAP_LOCK >> 32} AND objid = {SWAP_LOCK & 0xFFFFFFFF} AND objsubid = 1)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits.

    Attributes:
        count: entries of the queue.
        later: of them, those that were refused once and are tried again later.
    """

    count: int
    later: int


class Settling:
    """Waits of one comparison.

    Where nobody was at work through a whole wait, the queue is not waited for again: nothing
    would come of it.

    Args:
        connection: to the rows.
        longest: seconds for one collection.
        said: is given sentences for standard error.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        longest: float = LONGEST_WAIT,
        said: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.connection = connection
        self.longest = longest
        self.said = said
        self.gone: set[str] = set()  # collections whose time is over
        self.nobody = False

    def __call__(self, one: Followed) -> None:
        """Wait until what a collection's rows went through by now is written, or time is over.

        Raises:
            django.db.Error: the database does not answer.
        """
        if self.nobody or one.name in self.gone:
            return
        with self.connection.cursor() as cursor:
            if not is_installed(cursor):
                return
            cursor.execute("SELECT clock_timestamp()")
            (now,) = cursor.fetchone()
            self._wait(cursor, one.name, [now, known_watches([one])])

    def _wait(self, cursor: Any, name: str, asked: Sequence[Any]) -> None:
        started = time.monotonic()
        at_work, speak_at, before = False, QUIET, None
        while _first(cursor, WAITS, asked):
            at_work = at_work or _first(cursor, AT_WORK)
            passed = time.monotonic() - started
            over = passed >= self.longest
            if over or passed >= speak_at:
                cursor.execute(COUNTS, asked)
                waiting = Waiting(*cursor.fetchone())
                if not waiting.count:  # written since it was asked for
                    continue
                at_work = at_work or (before is not None and waiting.count < before.count)
                if over:
                    self.gone.add(name)
                    self.nobody = not (at_work or waiting.later)
                    if before is not None:
                        self.said(over_said(name, waiting, self.longest))
                    return
                self.said(
                    waiting_said(name, waiting, self.longest, at_work=at_work)
                    if before is None
                    else still_said(name, waiting, self.longest - passed)
                )
                speak_at, before = speak_at + AGAIN, waiting
            time.sleep(POLL if before is None else LATER_POLL)
        if before is not None:
            self.said(f"{name}: what waited is written, after {time.monotonic() - started:.0f} s.")


def waiting_said(name: str, waiting: Waiting, longest: float, *, at_work: bool) -> str:
    """Return what is waited for, for how long, and what to start where nobody seems to work."""
    text = (
        f"{name}: waiting until {plural(waiting.count, 'queued change')} "
        f"{'is' if waiting.count == 1 else 'are'} written, {longest:.0f} s at most."
    )
    if at_work:
        return text
    if waiting.later == waiting.count:
        return f"{text} All were refused before, and are tried again later."
    return (
        f"{text} No worker seems to be at work: start manage.py sync_collections beside this, or "
        "run manage.py sync_collections --once."
    )


def still_said(name: str, waiting: Waiting, left: float) -> str:
    """Return how far it is."""
    verb = "waits" if waiting.count == 1 else "wait"
    return f"{name}: {plural(waiting.count, 'change')} still {verb}, for {left:.0f} s at most."


def over_said(name: str, waiting: Waiting, longest: float) -> str:
    """Return that the time is over, and what that means for the result."""
    verb = "waits" if waiting.count == 1 else "wait"
    return (
        f"{name}: {plural(waiting.count, 'change')} still {verb} after {longest:.0f} s; documents "
        "that are behind them count as different."
    )


def _first(cursor: Any, query: str, asked: Sequence[Any] = ()) -> bool:
    cursor.execute(query, asked or None)
    return bool(cursor.fetchone()[0])
