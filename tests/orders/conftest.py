from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.orders.committed import committed, empty_copy, test_database

if TYPE_CHECKING:
    from tests.orders.sample import Sample

__all__ = ["committed", "empty_copy", "sample", "test_database"]


@pytest.fixture
def sample(db: None) -> Sample:
    """The sample, in a transaction that is rolled back."""
    from tests.orders.sample import make_sample

    return make_sample()
