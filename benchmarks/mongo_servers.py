"""A PostgreSQL that is durable, a MongoDB beside it, and the shop's rows in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from modeler.servers import Place, hold, mongo_url
from modeler.servers.mongod import FOLDER, SAY_MONGOD
from modeler.servers.urls import postgres_url

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def both_servers(kept: str = "") -> Iterator[str]:
    """Run the servers, tell Django of them, and yield the address of a database of PostgreSQL.

    Args:
        kept: a folder in which the data stay for the next run; without it, a new one that is
            removed after.
    """
    downloaded = Place.of(ROOT / ".data").tools / FOLDER / "bin" / "mongod"
    if downloaded.is_file():
        os.environ.setdefault(SAY_MONGOD, str(downloaded))
    data_dir = Path(kept or tempfile.mkdtemp(prefix="modeler-mongo-"))
    data_dir.mkdir(exist_ok=True)
    data_dir.chmod(0o755)  # the server's account has to pass through it
    held = None
    try:
        with hold(data_dir, ("postgres", "mongo")) as held:
            url = postgres_url(data_dir)
            # The shop's settings for tests take these servers, and start none.
            os.environ.update(
                MODELER_TEST_RUN=json.dumps(os.getpid()),
                MODELER_DATA_DIR=str(data_dir),
                DATABASE_URL=url,
                MONGO_URL=mongo_url(data_dir),
            )
            yield url
    finally:
        if not kept:
            if held is not None:
                held.wait_until_stopped()
            Place.of(data_dir).remove()


def at(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    before, _, after = url.rpartition("/")
    return f"{before}/{name}?{after.partition('?')[2]}"


def made_database(url: str, name: str) -> tuple[str, bool]:
    """Return the address of a database, and whether it was made now."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone():
            return at(url, name), False
        connection.execute(f'CREATE DATABASE "{name}"')
    return at(url, name), True


def copied_database(url: str, name: str, template: str) -> str:
    """Make a database anew as a copy of another, and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return at(url, name)


def seeded_shop(url: str, orders: int) -> str:
    """Return the name of a database with the migrated shop and so many orders."""
    name = f"shop_{orders}"
    own, new = made_database(url, f"{name}_new")
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone():
            connection.execute(f'DROP DATABASE "{name}_new"')
            return name
        if not new:
            connection.execute(f'DROP DATABASE "{name}_new"')
            connection.execute(f'CREATE DATABASE "{name}_new"')
        for arguments in (("migrate",), ("seed_shop", "--orders", str(orders))):
            subprocess.run(
                [sys.executable, "manage.py", *arguments, "--verbosity", "0"],
                check=True, cwd=ROOT,
                env={**os.environ, "DATABASE_URL": own,
                     "DJANGO_SETTINGS_MODULE": "config.settings.test"},
            )  # fmt: skip
        with psycopg.connect(own, autocommit=True) as inside:
            inside.execute("VACUUM (FREEZE, ANALYZE)")
        connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name
