"""The strictest schema we have, filled by the cockpit's generator of rows."""

from __future__ import annotations

import pytest
from django.db import connection

from modeler.previews.rows.fill import fill

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("plain", [False, True])
def test_every_table_of_the_shop_receives_rows(plain):
    """What triggers refuse is read from them, or learned from the rows they let in."""
    filling = fill(connection, plain=plain)
    assert [table for table in filling.tables if table.rows < 20] == []
    assert filling.rows_of("orders_orderitem") == 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT status), count(*) FROM orders_order")
        assert cursor.fetchone() == (1, 20)
