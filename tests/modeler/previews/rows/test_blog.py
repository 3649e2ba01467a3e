"""Rows in every table of the blog, on both of its databases."""

from __future__ import annotations

import pytest
from django.db import connections

from modeler.previews.rows.fill import fill

pytestmark = pytest.mark.django_db(databases=["default", "events"])


@pytest.mark.parametrize("alias", ["default", "events"])
def test_every_table_of_the_blog_receives_rows(alias):
    filling = fill(connections[alias])
    assert [table for table in filling.tables if table.rows < 20 and not table.reason] == []
    assert filling.unfilled == ()
    assert filling.tables
    # The transaction of the test is used, and goes on.
    assert fill(connections[alias]).tables == ()
