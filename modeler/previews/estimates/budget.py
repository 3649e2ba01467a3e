"""How many statements are measured: those on the largest tables, as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from .heavy import Heavy

BUDGET = 120.0  # seconds, after which no measurement is begun
MOST = 30  # measurements


class Budget:
    """Tells which measurements there is time for.

    Args:
        heavy: all heavy statements; those of one shape are measured once.
        seconds: after which no measurement is begun.
        progress: called with (begun, of how many, statement) before each.
    """

    def __init__(
        self,
        heavy: Iterable[Heavy],
        seconds: float = BUDGET,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> None:
        shapes: dict[object, float] = {}
        for one in heavy:
            shapes[one.shape] = max(shapes.get(one.shape, 0.0), one.live.bytes)
        largest = sorted(shapes, key=lambda shape: -shapes[shape])[:MOST]
        self.chosen, self.of = frozenset(largest), len(largest)
        self.seconds, self.progress = seconds, progress
        self.begun, self.started = 0, time.monotonic()

    def begin(self, heavy: Heavy) -> bool:
        """Tell whether a statement is to be measured now."""
        if heavy.shape not in self.chosen or time.monotonic() - self.started > self.seconds:
            return False
        if self.progress:
            words = heavy.statement.sql.splitlines()[0][:60]
            self.progress(self.begun, self.of, f"measuring {words}")
        self.begun += 1
        return True
