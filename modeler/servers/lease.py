"""Locks that the kernel frees: one supervisor, and a lease for everyone who needs a server.

``flock(2)`` locks live with the open file and vanish with its last holder, however that died,
so no lock here can ever be stale.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from modeler.errors import ServerError

from .place import Place

if sys.platform != "win32":  # Settings may be read there, and say that nothing runs
    import fcntl

SERVERS = ("postgres", "shadow", "mongo")
WAIT_STEP = 0.02


class Flock:
    """An open file that can be locked, shared or alone, without waiting."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def shared(self) -> bool:
        return self._take(fcntl.LOCK_SH)

    def alone(self) -> bool:
        return self._take(fcntl.LOCK_EX)

    def release(self) -> None:
        if self.fd is not None:
            fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give up this copy; a child that inherited the file keeps the lock."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def _take(self, kind: int) -> bool:
        if self.fd is None:
            return False
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise ServerError(
                f"The file system of {self.path.parent} cannot lock files: {error.strerror}. "
                "Name a folder on a local disk with --data."
            ) from error
        return True


def supervisor_lock(place: Place) -> Flock:
    """The lock that the one supervisor of a place holds for its whole life."""
    return Flock(place.run / "supervisor.lock")


def lease(place: Place, server: str) -> Flock:
    """The lease of one server: its users share it; the supervisor takes it alone to stop."""
    return Flock(place.run / f"{server}.lease")


def is_supervised(place: Place) -> bool:
    """Whether a supervisor of this place lives."""
    if not place.run.is_dir():
        return False
    lock = supervisor_lock(place)
    try:
        return not lock.shared()
    finally:
        lock.close()


def shared_before(lock: Flock, deadline: float) -> bool:
    """Wait for a shared lock until ``deadline`` (of ``time.monotonic``)."""
    while not lock.shared():
        if time.monotonic() > deadline:
            return False
        time.sleep(WAIT_STEP)
    return True
