"""A proxy that answers logins as poolers do: with a process number of its own making."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY_DATA, READY = b"K", b"Z"


@contextmanager
def pooler(server: Path) -> Iterator[int]:
    """Listen on a port of this machine before the server's Unix socket; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, server), daemon=True)
        thread.start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, server: Path) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return  # the block has ended
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(str(server))
        threading.Thread(target=_forward, args=(client, upstream), daemon=True).start()
        threading.Thread(target=_answer, args=(upstream, client), daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def _answer(server: socket.socket, client: socket.socket) -> None:
    """Forward the login's messages with another process number, then everything as it is."""
    stream = server.makefile("rb")
    try:
        while head := stream.read(5):
            body = stream.read(struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] == KEY_DATA:
                body = struct.pack("!i", 4711) + body[4:]
            client.sendall(head + body)
        client.shutdown(socket.SHUT_WR)
    except OSError:
        return
