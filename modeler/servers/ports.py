"""Ports of this machine: whether one is free, and who holds it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"
PROC = Path("/proc")
LISTENS = "0A"  # TCP_LISTEN (include/net/tcp_states.h)
# As proc_net_tcp(5) writes them: what one of these holds, HOST cannot have.
ADDRESSES = frozenset(
    {
        "0100007F",  # 127.0.0.1
        "00000000",  # 0.0.0.0
        "0" * 32,  # ::
        "0000000000000000FFFF00000100007F",  # ::ffff:127.0.0.1
    }
)


def is_free(port: int) -> bool:
    """Whether a server may listen at ``port`` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Return who listens at a port, as ``python3 (process 4711)``.

    ``another process`` where that cannot be known: it is somebody else's, or no longer there, or
    the system has no ``/proc``.
    """
    names = {f"socket:[{inode}]" for inode in _listening(port)}
    for pid in sorted(int(entry.name) for entry in _processes()) if names else ():
        try:
            files = list((PROC / str(pid) / "fd").iterdir())
            if any(_leads_to(file) in names for file in files):
                name = (PROC / str(pid) / "comm").read_text().strip()
                return f"{name} (process {pid})"
        except OSError:
            continue  # somebody else's, or ended meanwhile
    return "another process"


def _listening(port: int) -> Iterator[str]:
    """Yield the inodes of the sockets that listen at a port."""
    for file in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / file).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            local, state, inode = words[1], words[3], words[9]
            address, _, number = local.partition(":")
            if state == LISTENS and address in ADDRESSES and int(number, 16) == port:
                yield inode


def _processes() -> Iterator[Path]:
    try:
        yield from (entry for entry in PROC.iterdir() if entry.name.isdigit())
    except OSError:
        return


def _leads_to(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""  # closed meanwhile
