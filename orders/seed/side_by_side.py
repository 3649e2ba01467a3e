"""Work on several connections at once, which ends well for all or for none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from django.db import connections


class Meeting:
    """Where works wait for each other before they commit."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        """Return once all are here; raise BrokenBarrierError when one never comes."""
        self._barrier.wait()

    def still_on(self) -> None:
        """Raise BrokenBarrierError when another work has failed."""
        if self._barrier.broken:
            raise threading.BrokenBarrierError

    def call_off(self) -> None:
        """Make all others fail."""
        self._barrier.abort()


def side_by_side(using: str, works: Sequence[Callable[[Meeting], None]]) -> None:
    """Run each work in a thread, and so on a connection, of its own.

    Raises:
        Exception: that of the first work that failed by itself; the others were called off.
    """
    if not works:
        return
    meeting = Meeting(len(works))

    def run(work: Callable[[Meeting], None]) -> None:
        try:
            work(meeting)
        except BaseException:
            meeting.call_off()
            raise
        finally:
            connections[using].close()

    with ThreadPoolExecutor(len(works), thread_name_prefix="seed") as threads:
        running = [threads.submit(run, work) for work in works]
        try:
            wait(running)
        except BaseException:
            # An interrupt comes to this thread; the others stop at their next batch.
            meeting.call_off()
            raise
    errors = [error for future in running if (error := future.exception())]
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    if errors:
        raise errors[0]
