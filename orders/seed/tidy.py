"""What is left to do when all rows are there: room given back, statistics gathered."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db import connections

# Rewritten at the end: each step left an old version of its row behind.
CHANGED = ("orders_order", "orders_payment")


def tidy(using: str, *, analyze: Sequence[str], rewrite: Sequence[str] = ()) -> None:
    """Give back the room of old row versions, and gather statistics.

    Args:
        rewrite: tables to write anew; only outside a transaction, where VACUUM may run.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (timeout,) = cursor.fetchone()
        cursor.execute("SET statement_timeout = 0")
        if rewrite:
            cursor.execute(f"VACUUM (FULL) {', '.join(rewrite)}")
        cursor.execute(f"ANALYZE {', '.join(analyze)}")
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [timeout])


def shop_tables() -> list[str]:
    """Return the tables of the shop, history included."""
    return [
        model._meta.db_table
        for label in ("catalog", "orders")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
