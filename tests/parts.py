"""Parts that a machine may lack, such as a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modeler.errors import ServerError
from modeler.servers import Place
from modeler.servers.mongod import DOWNLOAD, find_mongod


def require_part(name: str, found: object) -> None:
    """Skip the test when ``found`` is false, naming the part; fail instead under ``CI=true``."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing part: {name} (required under CI=true)", pytrace=False)
    pytest.skip(f"missing part: {name}")


def require_mongod(data_dir: Path) -> None:
    """Skip the test when there is no mongod; fail instead under ``CI=true``."""
    try:
        found: object = find_mongod(Place.of(data_dir))
    except ServerError:
        found = None
    require_part(f"mongod ({DOWNLOAD})", found)
