from __future__ import annotations

from tests.modeler.mongo.sync.conftest import (
    fresh_database,
    module_shop,
    server,
    session_database,
)

__all__ = ["fresh_database", "module_shop", "server", "session_database"]
