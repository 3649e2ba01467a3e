"""Every connection of the shop has ``pgtrigger.ignore``, so no firing aborts a subtransaction."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import connection

from tests.orders.installed import rows
from tests.orders.sample import Sample


@pytest.fixture
def fresh(committed: Sample) -> None:
    connection.close()


def test_a_new_connection_has_it(fresh: None) -> None:
    assert rows("SHOW pgtrigger.ignore") == [("{}",)]


def test_rules_cannot_be_ignored(db: None) -> None:
    """A rule has no switch: pgtrigger's own is not even asked."""
    sources = rows(
        "SELECT prosrc FROM pg_proc WHERE proname ~ '^pgtrigger_(stamp|acyclic|born|legal|append|"
        "no_truncate|subtotal|log|one_at)'"
    )
    assert len(sources) > 20
    assert all("_pgtrigger_should_ignore" not in source for (source,) in sources)
    assert pgtrigger.registered()
