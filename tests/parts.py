"""Parts that a machine may lack, such as a browser."""

from __future__ import annotations

import os

import pytest


def require_part(name: str, found: object) -> None:
    """Skip the test when ``found`` is false, naming the part; fail instead under ``CI=true``."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing part: {name} (required under CI=true)", pytrace=False)
    pytest.skip(f"missing part: {name}")
