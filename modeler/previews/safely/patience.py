"""How long locks are waited for, how often it is tried, and the pauses in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Patience:
    """What a run allows itself.

    Attributes:
        lock_timeout: seconds that one statement waits for a lock; others queue behind it, which
            is why it is shorter than anybody notices.
        attempts: how often a transaction that ran into it is tried.
        concurrently: seconds that a statement with CONCURRENTLY waits; nobody queues behind it.
    """

    lock_timeout: float = 0.1
    attempts: int = 15
    concurrently: float = 600.0

    def pause(self, attempt: int, draw: Callable[[], float]) -> float:
        """Return the seconds between an attempt and the next.

        It doubles, from the length of a lock's wait on, so that those who queued get at least as
        long to be served, up to a minute; up to half of it is drawn away, so that two who failed
        together do not come back together.

        Args:
            attempt: the one that failed, from 1.
            draw: gives a number from 0 to 1.
        """
        # A hundred doublings are past any bound, and beyond a float's range much later.
        whole = min(LONGEST_PAUSE, self.lock_timeout * 2.0 ** min(attempt - 1, 100))
        return whole * (1 - draw() / 2)
