from __future__ import annotations

import pytest

from tests.orders.committed import committed
from tests.orders.sample import Sample, make_sample

__all__ = ["committed", "sample"]


@pytest.fixture
def sample(db: None) -> Sample:
    return make_sample()
