"""Ctrl-C and SIGTERM: leaving at a safe point."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from modeler.previews.safely.log import Log
from modeler.previews.safely.stopped import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Turns a signal into ``Interrupted``, where the work can be left.

    A transaction can be left at any moment, since it is rolled back. Code of the project outside
    of one cannot: the first signal lets it finish, the second one leaves all the same.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._finishing = ""
        self._asked = False
        self._before: dict[int, Any] = {}
        self._arrived = self._handled = 0
        self._ends: tuple[socket.socket, ...] = ()

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._ends = socket.socketpair()
            for end in self._ends:
                end.settimeout(0)  # never blocks
            signal.set_wakeup_fd(self._ends[1].fileno(), warn_on_full_buffer=False)
            for number in SIGNALS:
                self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        if self._ends:
            signal.set_wakeup_fd(-1)
            for end in self._ends:
                end.close()
            self._ends = ()

    @contextmanager
    def after(self, what: str) -> Iterator[None]:
        """Let the block finish first.

        Args:
            what: it is, for the log.
        """
        self._finishing = what
        try:
            yield
        finally:
            self._finishing = ""
        self.check()

    def check(self) -> None:
        """Leave now where somebody asked to."""
        if self._asked:
            raise Interrupted()

    def stuck(self) -> bool:
        """Tell whether a signal came that Python cannot deal with, inside of a driver's C code.

        psycopg 2 returns to Python when the statement has ended, and then only is the signal's
        handler called; what the system wrote down at once is read here, by another thread.
        """
        if not self._ends:
            return False
        with suppress(BlockingIOError, OSError):
            self._arrived += sum(byte in SIGNALS for byte in self._ends[0].recv(64))
        unheard = self._arrived - self._handled
        return unheard >= (2 if self._finishing and not self._asked else 1)

    def _receive(self, number: int, frame: Any) -> None:
        self._handled += 1
        if self._finishing and not self._asked:
            self._asked = True
            self._log.say(
                f"Asked to stop: {self._finishing} cannot be left half done and is finished "
                "first. Once more leaves at once."
            )
            return
        self._asked = True
        raise Interrupted()
