"""Holding servers: they run at least as long as somebody holds them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from modeler.errors import ServerError

from .lease import WAIT_STEP, Flock, is_supervised, lease, shared_before, supervisor_lock
from .place import Place, said_clearly
from .status import FAILED, READY, Status, forget_status, read_status

READY_SECONDS = 330.0
# The supervisor looks ten times a second; one that says nothing by then serves others.
NOTICE_SECONDS = 1.5
ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Held:
    """Servers that this process holds."""

    place: Place
    servers: tuple[str, ...]
    throwaway: bool = False
    postgres_bin: str | None = None
    temporary: bool = False
    leases: list[Flock] = field(default_factory=list)

    def acquire(self) -> Status:
        """Take the leases, start a supervisor unless one lives, and wait until all is ready.

        Any number of processes may do this at once: one of them starts the supervisor.

        Raises:
            ServerError: a server could not be started; the leases are given back.
        """
        if not self.servers:
            return Status()
        deadline = time.monotonic() + READY_SECONDS
        self.place.prepare()
        try:
            with said_clearly(self.place.data_dir):
                self.leases = [lease(self.place, name) for name in self.servers]
            for claim in self.leases:
                if not shared_before(claim, deadline):
                    raise ServerError(
                        f"The servers in {self.place.data_dir} have been stopping for too long. "
                        "Try 'python -m modeler.servers stop', then run again."
                    )
            return self._ready(deadline)
        except ServerError:
            # Until the supervisor forgot it, the next one would hear of this failure.
            self.release()
            self.wait_until_stopped()
            raise
        except BaseException:
            self.release()
            raise

    def is_alive(self) -> bool:
        """Whether the supervisor lives."""
        return is_supervised(self.place)

    def revive(self) -> Status:
        """Start the supervisor again after it was killed."""
        return self._ready(time.monotonic() + READY_SECONDS)

    def release(self) -> None:
        """Give the leases back; servers that nobody else holds stop soon."""
        for claim in self.leases:
            claim.close()
        self.leases = []

    def wait_until_stopped(self, seconds: float = 60.0) -> bool:
        """After ``release``: wait until the servers stopped; False when others hold them."""
        start = time.monotonic()
        while is_supervised(self.place):
            waited = time.monotonic() - start
            status = read_status(self.place)
            if waited > (seconds if status and status.ended else NOTICE_SECONDS):
                return False
            time.sleep(WAIT_STEP)
        return True

    def _ready(self, deadline: float) -> Status:
        while True:
            self._start_supervisor()
            status = read_status(self.place)
            states = {name: status.servers.get(name) for name in self.servers} if status else {}
            for said in states.values():
                if said is not None and said.state == FAILED:
                    raise ServerError(said.message)
            if status and all(said and said.state == READY for said in states.values()):
                return status
            if time.monotonic() > deadline:
                raise ServerError(
                    f"The servers in {self.place.data_dir} were not ready after "
                    f"{READY_SECONDS:.0f} s. See {self.place.logs}."
                )
            time.sleep(WAIT_STEP)

    def _start_supervisor(self) -> None:
        lock = supervisor_lock(self.place)
        try:
            if not lock.alone():
                return
            forget_status(self.place)
            start_supervisor(self, lock)
        finally:
            # The supervisor inherited the open file, and with it the lock: at no moment was it
            # free for another one.
            lock.close()


@contextmanager
def hold(
    data_dir: str | os.PathLike[str],
    servers: Sequence[str] = ("postgres",),
    *,
    throwaway: bool = False,
    postgres_bin: str | None = None,
    temporary: bool = False,
) -> Iterator[Held]:
    """Run the named servers of a data folder for the time of the block.

    Args:
        data_dir: the folder, such as ``.data``; made where it is missing.
        servers: of ``postgres``, ``shadow`` and ``mongo``.
        throwaway: make the project's cluster fast instead of durable, if it is made now.
        postgres_bin: a folder with PostgreSQL's programs.
        temporary: remove the folder and all data when the servers have stopped, also after
            this process was killed.

    Raises:
        ServerError: a server could not be started.
    """
    held = Held(Place.of(data_dir), tuple(servers), throwaway, postgres_bin, temporary)
    held.acquire()
    try:
        yield held
    finally:
        held.release()


def start_supervisor(held: Held, lock: Flock) -> None:
    """Start the supervisor apart from this process's session, handing the lock over."""
    place = held.place
    command = [sys.executable, "-m", "modeler.servers", "supervise", "--data", str(place.data_dir)]
    command += ["--lock", str(lock.fd)]
    command += ["--throwaway"] if held.throwaway else []
    command += ["--temporary"] if held.temporary else []
    command += ["--postgres-bin", held.postgres_bin] if held.postgres_bin else []
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with said_clearly(place.data_dir), (place.logs / "supervisor.log").open("ab") as log:
        # The process that we start forks the supervisor and ends, so nobody has to reap it.
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, "PYTHONPATH": path},
            pass_fds=[lock.fd] if lock.fd is not None else [],
            start_new_session=True,
        )
    if done.returncode != 0:
        raise ServerError(
            f"The supervisor of {place.data_dir} did not start; see {place.logs}/supervisor.log."
        )
