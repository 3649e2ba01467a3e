"""A durable PostgreSQL and a MongoDB that are killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modeler.servers import Place, embedded_database, mongo_url
from modeler.servers.cluster import clusters
from modeler.servers.mongo import MongoServer, port_file
from modeler.servers.ports import HOST
from modeler.servers.postgres import PostgresServer


class Servers:
    """Both servers, as children of this process."""

    def __init__(self, place: Place) -> None:
        self.place = place
        # Not the usual port: between a kill and the next start somebody else could take it.
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port_file(place).write_text(f"{probe.getsockname()[1]}\n")
        # With fsync: what it said to be committed has to be there after a kill.
        self.postgres = PostgresServer(clusters(place)["postgres"])
        self.mongo = MongoServer(place)

    @property
    def database(self) -> dict[str, Any]:
        """An entry for ``DATABASES``."""
        return embedded_database(self.place.data_dir)

    @property
    def mongo_url(self) -> str:
        return mongo_url(self.place.data_dir)

    def kill(self, name: str) -> None:
        """End a server as a crash would, and start it again."""
        server = self.postgres if name == "postgres" else self.mongo
        assert server.pid is not None and server.child is not None
        os.kill(server.pid, signal.SIGKILL)
        server.child.wait()
        server.start()


@contextmanager
def servers_to_kill() -> Iterator[Servers]:
    """Run both in a folder of their own, which goes with them."""
    folder = Path(tempfile.mkdtemp(prefix="modeler-torture-"))
    folder.chmod(0o755)  # the servers' account passes through it
    place = Place.of(folder)
    place.prepare()
    servers = Servers(place)
    try:
        servers.postgres.start()
        # What a start after a kill does first takes seconds by file on slow disks.
        with (servers.postgres.cluster.folder / "postgresql.conf").open("a") as file:
            file.write("recovery_init_sync_method = syncfs\n")
        servers.mongo.start()
        yield servers
    finally:
        servers.postgres.stop()
        servers.mongo.stop()
        place.remove()
