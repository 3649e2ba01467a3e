from __future__ import annotations

import pytest

from tests.modeler.mongo.bad_input.servers import mongod
from tests.modeler.mongo.sync.conftest import (
    fresh_database,
    module_shop,
    server,
    session_database,
)

__all__ = ["fresh_database", "module_shop", "server", "session_database"]


@pytest.fixture(scope="session")
def standalone(tmp_path_factory):
    """The address of a server without a replica set; tests keep to databases of their own."""
    with mongod(tmp_path_factory.mktemp("standalone")) as url:
        yield url
