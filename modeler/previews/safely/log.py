"""The log of a run: one line an event, with the time of day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime


class Log:
    """Writes lines such as ``14:03:22  shop.0007_price: done in 1.4 s``.

    Args:
        write: takes a text without a line end; called by one thread at a time.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        with self._lock:
            self._write(f"{datetime.now():%H:%M:%S}  {text}")
