"""What every connection of the shop is told when it opens."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def ignore_no_triggers(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Set ``pgtrigger.ignore`` to the empty list; receives ``connection_created``.

    django-pgtrigger's functions read the setting in a block that catches the error of a missing
    one, so without it each firing aborts a subtransaction: in a transaction of 40,000 rows that
    is ruinous (benchmarks/shop_bulk.py).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET pgtrigger.ignore = '{}'")
