"""A second session that says whom the migrating one waits for, and how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import Error as DatabaseProblem
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.catalogs import rows
from modeler.postgres.connections import connection_to
from modeler.previews.safely.blockers import Blocker, awaited, blockers_of
from modeler.previews.safely.log import Log
from modeler.previews.safely.stopped import first_line
from modeler.reporting.words import spoken

EVERY = 0.2
SAID_AGAIN = 10.0
PROGRESS = """
SELECT phase, coalesce(nullif(blocks_total, 0), nullif(tuples_total, 0))::float8 AS total,
       CASE WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END::float8 AS done
FROM pg_stat_progress_create_index WHERE pid = %s
"""


@dataclass(slots=True)
class Statement:
    """What runs now.

    Attributes:
        pid: the server's process, 0 where it is not known.
        words: what it is, for the log.
        patience: seconds that it may wait for others, None where the server limits it.
        blockers: those seen last.
        cancelled: it was, by the watch.
        gave_up: it was cancelled after it had waited so long.
    """

    pid: int
    words: str
    patience: float | None = None
    started: float = field(default_factory=time.monotonic)
    waiting_since: float | None = None
    said: float = 0.0
    blockers: tuple[Blocker, ...] = ()
    cancelled: bool = False
    gave_up: bool = False


def own_settings(connection: BaseDatabaseWrapper, name: str) -> dict[str, Any]:
    """Return settings for a further session of ours, outside of pools.

    Args:
        connection: of the project.
        name: what the session calls itself.
    """
    settings = dict(connection.settings_dict)
    options = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
    settings["OPTIONS"] = {**options, "application_name": name}
    settings["CONN_HEALTH_CHECKS"] = False
    settings["ATOMIC_REQUESTS"] = False
    return settings


class Watch(threading.Thread):
    """Looks after the statement that runs.

    Args:
        connection: the migrating one; the watch has a session of its own.
        log: where it says what it sees.
        every: seconds between two looks.
        stuck: tells whether somebody asked to stop, and the statement keeps that from being heard.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        log: Log,
        every: float = EVERY,
        stuck: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(name="modeler-watch", daemon=True)
        self._settings = own_settings(connection, "migrate_safely (watch)")
        self._log = log
        self._every = every
        self._stuck = stuck
        self._stuck_before: Statement | None = None
        self._current: Statement | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._end = False

    @contextmanager
    def over(self, pid: int, words: str, patience: float | None = None) -> Iterator[Statement]:
        """Watch a statement for the time of the block."""
        statement = Statement(pid, words, patience)
        self._current = statement
        self._wake.set()
        try:
            yield statement
        finally:
            # Whoever cancels holds the lock, so that it never hits the next statement.
            with self._lock:
                self._current = None

    def close(self) -> None:
        self._end = True
        self._wake.set()
        self.join(timeout=10)

    def run(self) -> None:
        connection = connection_to(self._settings, "modeler_watch")
        try:
            with connection.cursor() as cursor:
                self._work(cursor)
        except DatabaseProblem as error:
            if not self._end:
                self._log.say(
                    f"Note: blockers cannot be named any more, since the second session failed: "
                    f"{first_line(error)}."
                )
        finally:
            with suppress(DatabaseProblem):
                connection.close()

    def _work(self, cursor: Any) -> None:
        while not self._end:
            if self._current is None:
                self._wake.wait(1.0)
                self._wake.clear()
                continue
            statement = self._current
            # Who waits for a lock does not wait long; what works long need not be asked as often.
            young = not statement or time.monotonic() - statement.started < EVERY
            time.sleep(self._every if young else EVERY)
            statement = self._current
            if statement is None or not statement.pid:
                continue
            if time.monotonic() - statement.started >= self._every:
                self._look(cursor, statement)

    def _look(self, cursor: Any, statement: Statement) -> None:
        now = time.monotonic()
        if self._stuck():
            # Twice, since a driver that listens to signals needs a moment as well.
            if self._stuck_before is statement:
                self._cancel(cursor, statement)
            self._stuck_before = statement
        blockers = blockers_of(cursor, statement.pid)
        if not blockers:
            statement.waiting_since = None
            if now - max(statement.said, statement.started) >= SAID_AGAIN:
                statement.said = now
                self._say_progress(cursor, statement, now)
            return
        if statement.waiting_since is None:
            statement.waiting_since = now
        news = {one.pid for one in blockers} != {one.pid for one in statement.blockers}
        statement.blockers = blockers
        if news or now - statement.said >= SAID_AGAIN:
            statement.said = now
            named = "; ".join(map(str, blockers))
            waited = now - statement.waiting_since
            so_far = f" ({spoken(waited)} so far)" if waited >= 1 else ""
            self._log.say(
                f"{statement.words}: waits for {awaited(cursor, statement.pid)}{so_far}, "
                f"held up by {named}."
            )
        if statement.patience is not None and now - statement.waiting_since >= statement.patience:
            self._cancel(cursor, statement, gave_up=True)

    def _cancel(self, cursor: Any, statement: Statement, *, gave_up: bool = False) -> None:
        """Cancel the statement unless it has ended."""
        with self._lock:
            if self._current is statement and not statement.cancelled:
                statement.cancelled, statement.gave_up = True, gave_up
                cursor.execute("SELECT pg_cancel_backend(%s)", [statement.pid])

    def _say_progress(self, cursor: Any, statement: Statement, now: float) -> None:
        text = f"{statement.words}: still at work after {spoken(now - statement.started)}"
        for row in rows(cursor, PROGRESS, [statement.pid]):
            text += f", {row['phase']}"
            if row["total"]:
                text += f" ({row['done'] / row['total']:.0%})"
        self._log.say(f"{text}.")
