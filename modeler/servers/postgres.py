"""A running PostgreSQL server, as a direct child of the supervisor."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path

from modeler.errors import ServerError

from .binaries import find_postgres, reachable
from .child import end_child, last_lines, start_child
from .cluster import Cluster
from .orphans import end_orphans

# Recovery after a kill in the middle of a long write takes its time.
START_SECONDS = 300.0
# Fast shutdown, immediate shutdown, the end (postgres(1), "Signals").
STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
LOG_BYTES = 8_000_000


class PostgresServer:
    """The server of one cluster; only the holder of the supervisor's lock may make one."""

    def __init__(self, cluster: Cluster, postgres_bin: str | None = None) -> None:
        self.cluster = cluster
        self.postgres_bin = postgres_bin
        self.version = ""
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child else None

    def start(self) -> None:
        """Make the cluster where there is none, start, and wait until it accepts connections.

        Raises:
            ServerError: with the end of the server's log.
        """
        cluster, place = self.cluster, self.cluster.place
        binaries = find_postgres(self.postgres_bin, cluster.major())
        binaries = reachable(binaries, place)
        end_orphans(cluster.folder, "postgres")
        self._remove_stale_files()
        cluster.make(binaries)
        if cluster.log.exists() and cluster.log.stat().st_size > LOG_BYTES:
            cluster.log.replace(cluster.log.with_suffix(".log.1"))
        self.version = binaries.version
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(place.sockets),
            "unix_socket_permissions": "0700",
            "port": str(cluster.port),
        }
        self.child = start_child(
            [
                binaries.postgres,
                "-D",
                cluster.folder,
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            account=place.account,
            log=cluster.log,
            death_signal=signal.SIGINT,
            cwd=cluster.folder,
        )
        self._wait_until_ready(self.child)

    def has_ended(self) -> bool:
        """Whether the process that was started is gone."""
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        if self.child is not None:
            end_child(self.child, STOPPING)
            self.child = None

    def _wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (is_ready(self.cluster.folder, child.pid) and answers(self.cluster.socket)):
            if child.poll() is not None:
                raise ServerError(
                    f"PostgreSQL in {self.cluster.folder} ended at once: "
                    f"{last_lines(self.cluster.log)} (see {self.cluster.log})"
                )
            if time.monotonic() > deadline:
                end_child(child, STOPPING)
                raise ServerError(
                    f"PostgreSQL in {self.cluster.folder} was not ready after "
                    f"{START_SECONDS:.0f} s: {last_lines(self.cluster.log)} "
                    f"(see {self.cluster.log})"
                )
            time.sleep(0.01)

    def _remove_stale_files(self) -> None:
        """Remove pid and socket files: no server of ours is left, and PostgreSQL would believe
        a number in them that belongs to another process by now."""
        socket_file = self.cluster.socket
        (self.cluster.folder / "postmaster.pid").unlink(missing_ok=True)
        socket_file.unlink(missing_ok=True)
        socket_file.with_name(f"{socket_file.name}.lock").unlink(missing_ok=True)


def is_ready(folder: Path, pid: int) -> bool:
    """Whether that very process wrote ``ready`` into its pid file (line 8, since version 10)."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def answers(path: Path) -> bool:
    """Whether something listens at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
