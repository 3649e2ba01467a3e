"""The PostgreSQL of a test run."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

from modeler.servers import Place, supervised
from modeler.servers.mongod import FOLDER, SAY_MONGOD

ROOT = Path(__file__).resolve().parents[1]


def start_cluster() -> None:
    """Set DATABASE_URL to a new cluster of this run's own, unless it names a server already.

    Settings for tests call this first: they are read before any hook of a conftest runs. The
    workers of pytest-xdist inherit the address. MODELER_DATA_DIR names the run's folder, where
    the shadow lives too.
    """
    if "MODELER_TEST_RUN" in os.environ:
        return
    # Before the supervisor starts, which is to find it too.
    downloaded = Place.of(ROOT / ".data").tools / FOLDER / "bin" / "mongod"
    if downloaded.is_file():
        os.environ.setdefault(SAY_MONGOD, str(downloaded))
    named = os.environ.get("DATABASE_URL")
    stack = ExitStack()
    atexit.register(stack.close)
    servers = stack.enter_context(supervised(("shadow",) if named else ("postgres",)))
    os.environ["MODELER_TEST_RUN"] = str(os.getpid())
    os.environ["MODELER_DATA_DIR"] = str(servers.data_dir)
    if not named:
        os.environ["DATABASE_URL"] = servers.database_url
