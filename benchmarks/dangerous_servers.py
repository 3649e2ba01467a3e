"""A PostgreSQL set up as for production, and the shop's databases on it by the million rows."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from modeler.servers import Place, hold
from modeler.servers.passwords import read_password
from modeler.servers.urls import postgres_url
from tests.dangerous.rows import fill, more_changes
from tests.dangerous.shop import Shop

# What a production of this size has; the embedded server's own settings suit tests.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "3GB",
    "effective_cache_size": "12GB",
    "max_wal_size": "8GB",
    "min_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "512MB",
    "wal_compression": "on",
}


@dataclass(frozen=True, slots=True)
class Databases:
    """Databases of one server; a template for each number of rows is made when it is asked for."""

    url: str
    superuser: str

    def at(self, name: str) -> str:
        """Return the address of a database."""
        return self.url.replace("/project?", f"/{name}?")

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def execute_in(self, url: str, statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statements)

    def has(self, name: str) -> bool:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def template(self, rows: int, changes: int) -> str:
        """Return the name of a migrated shop of so many order items and status changes."""
        name = f"shop_{rows}_{changes}"
        if self.has(name):
            return name
        if changes > rows:
            with psycopg.connect(
                self.copied(f"{name}_new", self.template(rows, rows)), autocommit=True
            ) as connection:
                more_changes(connection, rows, changes)
                connection.execute("VACUUM (FREEZE, ANALYZE)")
            self.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
            return name
        self.copied(f"{name}_new", "")
        with tempfile.TemporaryDirectory() as folder:
            shop = Shop(Path(folder), self.at(f"{name}_new"))
            shop.copy()
            shop.manage("migrate", "--verbosity", "0")
        with psycopg.connect(self.at(f"{name}_new"), autocommit=True) as connection:
            fill(connection, rows, replica=True)
            # Copies are then as old as they look: nobody sets hint bits or freezes in them.
            connection.execute("VACUUM (FREEZE, ANALYZE)")
        self.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
        return name

    def copied(self, name: str, template: str) -> str:
        """Make a database anew and return its address."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        rest = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
        self.execute(f"CREATE DATABASE {name} OWNER project {rest}", "CHECKPOINT")
        return self.at(name)

    def dropped(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def databases(kept: str = "") -> Iterator[Databases]:
    """Run the server, and the shadow beside it.

    Args:
        kept: a folder in which the templates stay for the next run; without it, a new one that is
            removed after.
    """
    data_dir = Path(kept or tempfile.mkdtemp(prefix="modeler-dangerous-"))
    is_new = not (data_dir.is_dir() and any(data_dir.iterdir()))
    data_dir.mkdir(exist_ok=True)
    data_dir.chmod(0o755)  # the server's account has to pass through it
    place = Place.of(data_dir)
    try:
        if is_new:
            with hold(data_dir, ("postgres",), throwaway=True) as held:
                pass
            held.wait_until_stopped()
            with (place.home / "postgres" / "postgresql.conf").open("a") as file:
                file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        with hold(data_dir, ("postgres", "shadow"), throwaway=True) as held:
            url = postgres_url(data_dir)
            password = read_password(place, "postgres-postgres")
            superuser = url.replace(url.split("//")[1].split("@")[0], f"postgres:{password}")
            found = Databases(url, superuser)
            found.execute("GRANT SET ON PARAMETER session_replication_role TO project")
            # The shop's settings for tests take these servers, and start none.
            os.environ.update(
                MODELER_TEST_RUN=json.dumps(os.getpid()),
                MODELER_DATA_DIR=str(data_dir),
                DATABASE_URL=url,
            )
            yield found
        held.wait_until_stopped()
    finally:
        if not kept:
            place.remove()
