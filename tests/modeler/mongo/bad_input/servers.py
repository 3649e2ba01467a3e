"""Servers that will not do, each started once."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modeler.conf import data_dir
from modeler.servers import Place
from modeler.servers.mongod import find_mongod
from tests.modeler.mongo.bad_input.commands import NAME
from tests.modeler.mongo.test_connecting import free_port
from tests.parts import require_mongod

READER = "reader_of_bad_input"
AUTHORITY = re.compile("//[^@]*@")


@contextmanager
def mongod(folder: Path, *options: str) -> Iterator[str]:
    """A mongod without passwords; yields its address."""
    require_mongod(Path(data_dir()))
    found = find_mongod(Place.of(data_dir()))
    port = free_port()
    command = [found.program, "--dbpath", folder, "--port", str(port), "--bind_ip", "127.0.0.1",
               "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", *options]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=found.environment)
    try:
        yield f"mongodb://127.0.0.1:{port}/"
    finally:
        child.kill()
        child.wait()


def as_user(url: str, user: str, password: str) -> str:
    """Return an address with another user."""
    return AUTHORITY.sub(f"//{user}:{password}@", url)


def without_user(url: str) -> str:
    return AUTHORITY.sub("//", url).replace("authSource=admin&", "")


@contextmanager
def reader(client) -> Iterator[tuple[str, str]]:
    """A user who may read the database and no more."""
    roles = [{"role": "read", "db": NAME}]
    client.admin.command("createUser", READER, pwd=READER, roles=roles)
    try:
        yield READER, READER
    finally:
        client.admin.command("dropUser", READER)
