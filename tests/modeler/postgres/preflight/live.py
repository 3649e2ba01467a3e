"""A live server with what the embedded one does not switch on, and a standby that follows it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from modeler.servers.binaries import find_postgres, reachable
from modeler.servers.cluster import PROJECT, SUPERUSER, Cluster
from modeler.servers.passwords import read_password
from modeler.servers.place import Place
from modeler.servers.postgres import PostgresServer

# Old enough for a vacuum against wraparound as soon as 100,000 transactions have passed.
SETTINGS = """
max_prepared_transactions = 5
wal_level = logical
wal_keep_size = 200MB
autovacuum_freeze_max_age = 100000
autovacuum_naptime = 1s
"""
FOLLOWING = """
primary_conninfo = 'host={host} port={port} user={user} password={password} application_name=far'
hot_standby = on
"""


class Live:
    """Addresses of a running server, for its superuser and its project role."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def settings(self, role: str = PROJECT, name: str = PROJECT) -> dict:
        place = self.cluster.place
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(place.sockets),
            "PORT": str(self.cluster.port),
            "NAME": name,
            "USER": role,
            "PASSWORD": read_password(place, f"postgres-{role}"),
        }


@contextmanager
def live_servers() -> Iterator[tuple[Live, Live]]:
    """Run a primary and a hot standby of it; both go with the block."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="modeler-"))
        folder.chmod(0o755)
        place = Place.of(folder)
        stack.callback(place.remove)
        place.prepare()
        primary = Cluster(place, "postgres", 5432, throwaway=True)
        primary.make(reachable(find_postgres(), place))
        with (primary.folder / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
        standby = Cluster(place, "standby", 5434, throwaway=True)
        # Both are stopped, so a copy of the files is a base backup.
        subprocess.run(["cp", "-a", primary.folder, standby.folder], check=True)
        password = read_password(place, f"postgres-{SUPERUSER}")
        (place.passwords / f"standby-{SUPERUSER}").write_text(password)
        with (standby.folder / "postgresql.conf").open("a") as file:
            file.write(
                FOLLOWING.format(
                    host=place.sockets, port=primary.port, user=SUPERUSER, password=password
                )
            )
        (standby.folder / "standby.signal").touch()
        for cluster in (primary, standby):
            server = PostgresServer(cluster)
            stack.callback(server.stop)
            server.start()
        yield Live(primary), Live(standby)
