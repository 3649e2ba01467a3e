"""Trying a statement, with somebody who looks on, and trying it again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import DatabaseError

from modeler.previews.safely.log import Log
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.stopped import AGAIN, QUERY_CANCELED, Stopped, first_line, sqlstate
from modeler.previews.safely.watch import Statement, Watch
from modeler.previews.sql.commands import Command
from modeler.previews.trace.shape import waits_outside
from modeler.reporting.words import spoken

Execute = Callable[[], Any]


class Attempts:
    """Statements of one session, one at a time.

    Attributes:
        words: what runs now, for the log.
        last: the statement that ran last, with those who held it up.
    """

    def __init__(
        self, session: MigratingSession, patience: Patience, watch: Watch, log: Log
    ) -> None:
        self.session, self.patience, self.watch, self.log = session, patience, watch, log
        self.words = "migrate"
        self.last: Statement | None = None

    def pause(self, attempt: int, error: DatabaseError) -> None:
        """Say why an attempt failed, and wait before the next one."""
        length = self.patience.pause(attempt, random.random)
        self.log.say(
            f"{self.words}: attempt {attempt} of {self.patience.attempts} failed: "
            f"{self.why(error)}. Next one in {spoken(length)}."
        )
        time.sleep(length)
        blockers = self.last.blockers if self.last is not None else ()
        if workers := [one.pid for one in blockers if one.autovacuum]:
            self.session.send_away(workers)

    def why(self, error: BaseException) -> str:
        """Return what the server said, with the names of those who were in the way."""
        text = first_line(error)
        if (
            self.last is not None
            and self.last.blockers
            and sqlstate(error) in AGAIN | {QUERY_CANCELED}
        ):
            text += f"; held up by {'; '.join(map(str, self.last.blockers))}"
        return text

    def watched(self, run: Execute, patience: float | None = None) -> Any:
        with self.watch.over(self.session.watched, self.words, patience) as self.last:
            return run()

    def patiently(self, run: Execute, commands: tuple[Command, ...]) -> Any:
        patient = waits_outside(commands) is not None
        with self.session.patient() if patient else nullcontext():
            try:
                return self.watched(run, self.patience.concurrently if patient else None)
            except DatabaseError as error:
                if self.last is not None and self.last.gave_up:
                    named = "; ".join(map(str, self.last.blockers))
                    raise Stopped(
                        f"{self.words}: gave up after it had waited for "
                        f"{spoken(self.patience.concurrently)}, held up by {named}."
                    ) from error
                raise

    def attempts(
        self, run: Execute, *, mend: Callable[[], None] = lambda: None, enabled: bool = True
    ) -> Any:
        """Run a statement that leaves nothing when it fails, as often as is allowed.

        Args:
            mend: takes away what it leaves all the same.
            enabled: without it, one attempt is all.
        """
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return run()
            except (DatabaseError, Stopped, KeyboardInterrupt) as error:
                mend()
                if sqlstate(error) not in AGAIN or not enabled:
                    raise
                assert isinstance(error, DatabaseError)
                if attempt == self.patience.attempts:
                    raise Stopped(
                        f"{self.words}: gave up after {attempt} attempts: {self.why(error)}."
                    ) from error
                self.pause(attempt, error)
        raise AssertionError("at least one attempt")  # pragma: no cover
