from __future__ import annotations

from tests.catalog.admin.conftest import analyst

__all__ = ["analyst"]
