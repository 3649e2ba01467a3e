from __future__ import annotations

import pytest
from django.test import Client

from tests.catalog.admin.people import client_of


@pytest.fixture
def analyst(db: None) -> Client:
    """The browser of somebody who edits the shop."""
    return client_of("analyst")
