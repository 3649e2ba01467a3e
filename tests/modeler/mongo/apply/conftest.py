from __future__ import annotations

import itertools

import pytest

NUMBER = itertools.count()


@pytest.fixture
def database(mongo_client):
    """An empty database, gone after the test."""
    name = f"apply_{next(NUMBER)}"
    yield mongo_client[name]
    mongo_client.drop_database(name)
