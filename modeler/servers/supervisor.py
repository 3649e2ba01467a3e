"""The one process that owns the servers of a place.

It lives as long as somebody holds a lease: every tenth of a second it starts what is wanted and
stops what nobody wants any more. A server that dies is started again; when it dies too often the
supervisor says so and leaves it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Protocol

from modeler.errors import ModelerError

from .cluster import clusters
from .lease import SERVERS, Flock, lease
from .mongo import MongoServer
from .place import Place
from .postgres import PostgresServer
from .status import ASKED, FAILED, READY, STARTING, UNNEEDED, ServerStatus, Status

STEP = 0.1
MOST_DEATHS = 3
DEATHS_WITHIN = 60.0
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SIGNALS = (*ENDING, signal.SIGCHLD)


class Server(Protocol):
    """What the supervisor asks of a server."""

    version: str

    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def has_ended(self) -> bool: ...


class Supervisor:
    """Starts, watches and stops; the caller holds the supervisor's lock already."""

    def __init__(self, place: Place, make_server: Callable[[str], Server]) -> None:
        self.place = place
        self.make_server = make_server
        self.running: dict[str, Server] = {}
        self.deaths: dict[str, list[float]] = {}
        self.status = Status(supervisor=os.getpid())
        self.leases: dict[str, Flock] = {name: lease(place, name) for name in SERVERS}

    def run(self) -> None:
        """Serve until nobody wants a server, or until a signal."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self.status.write(self.place)
        try:
            while self._step():
                caught = signal.sigtimedwait(SIGNALS, STEP)
                # Of a wait that was interrupted past its time (the machine stood still), Python
                # returns memory that nothing was written to: no signal, and no reason to end.
                if caught is not None and caught.si_signo in ENDING:
                    self.status.ended = ASKED
                    break
        finally:
            for name in tuple(self.running):
                self._stop(name)
            self.status.servers.clear()
            self.status.write(self.place)

    def _step(self) -> bool:
        """Bring what runs and what is wanted together; False when nothing is wanted."""
        # A lease that we get alone has no holder. It is kept until its server has stopped:
        # whoever comes now waits, and asks anew after that.
        unwanted = [name for name, claim in self.leases.items() if claim.alone()]
        if len(unwanted) == len(self.leases):
            self.status.ended = UNNEEDED
            self.status.write(self.place)
            return False  # the leases stay ours until this process ends
        for name in unwanted:
            self._stop(name)
            self.leases[name].release()
        for name in self.leases.keys() - set(unwanted):
            if name not in self.status.servers:
                self._start(name)
            elif name in self.running and self.running[name].has_ended():
                self._revive(name)
        return True

    def _start(self, name: str) -> None:
        self._say(name, ServerStatus(STARTING))
        server = self.make_server(name)
        try:
            server.start()
        except (ModelerError, OSError) as error:
            server.stop()
            self._say(name, ServerStatus(FAILED, message=str(error)))
        else:
            self.running[name] = server
            self._say(name, ServerStatus(READY, server.pid, server.version))

    def _revive(self, name: str) -> None:
        now = time.monotonic()
        recent = [moment for moment in self.deaths.get(name, ()) if now - moment < DEATHS_WITHIN]
        self.deaths[name] = [*recent, now]
        self.running.pop(name).stop()
        if len(recent) >= MOST_DEATHS:
            message = (
                f"The server {name} died {len(recent) + 1} times within a minute and was left "
                f"so. Read {self.place.logs / name}.log, then run again."
            )
            self._say(name, ServerStatus(FAILED, message=message))
        else:
            self._start(name)

    def _stop(self, name: str) -> None:
        if name in self.running:
            self.running.pop(name).stop()
        if self.status.servers.pop(name, None):
            self.status.write(self.place)

    def _say(self, name: str, said: ServerStatus) -> None:
        self.status.servers[name] = said
        self.status.write(self.place)


def supervise(place: Place, *, throwaway: bool, postgres_bin: str | None) -> None:
    """Run the supervisor of ``place`` in this process."""
    postgres = clusters(place, throwaway=throwaway)

    def make_server(name: str) -> Server:
        if name == "mongo":
            return MongoServer(place)
        return PostgresServer(postgres[name], postgres_bin)

    Supervisor(place, make_server).run()
