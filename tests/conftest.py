"""Fixtures for all tests. The cluster is started by the settings; see tests/cluster.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from modeler.postgres.shadow import Shadow, open_shadow
from modeler.servers import hold, mongo_url

from .parts import require_mongod


@pytest.fixture(scope="session")
def shadow_of_session(django_db_blocker: DjangoDbBlocker) -> Iterator[Shadow]:
    """The shadow, opened once for all tests of a worker."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            opened = stack.enter_context(open_shadow(apart_from=()))
        yield opened
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture
def shadow(shadow_of_session: Shadow, django_db_blocker: DjangoDbBlocker) -> Iterator[Shadow]:
    """The shadow server; the test may use databases without a mark."""
    with django_db_blocker.unblock():
        yield shadow_of_session


@pytest.fixture(scope="session")
def embedded_mongo_url() -> Iterator[str]:
    """The address of a MongoDB replica set of this run's own; skips where there is no mongod."""
    data_dir = Path(os.environ["MODELER_DATA_DIR"])
    require_mongod(data_dir)
    with hold(data_dir, ("mongo",)):
        yield mongo_url(data_dir)
