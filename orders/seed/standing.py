"""What an empty shop, a full one, and one whose seeding was cut short look like."""

from __future__ import annotations

from typing import Any

from django.db import connections

from orders.seed.baskets import Baskets
from orders.seed.goods import Goods
from orders.seed.keys import DIGITS
from orders.seed.plan import Plan, SeedError
from orders.seed.tidy import shop_tables


def missing_parts(plan: Plan, goods: Goods, using: str) -> list[int] | None:
    """Return the parts that an attempt with this plan left out; None where nothing is there.

    Raises:
        SeedError: the tables are not there, or hold anything but a part of this very shop.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        missing = set(shop_tables()) - set(connection.introspection.table_names(cursor))
        if missing:
            raise SeedError(
                f"The shop has no table {min(missing)} yet. Make its tables first: "
                "python manage.py migrate"
            )
        filled = []
        for table in shop_tables():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                filled.append(table)
        if not filled:
            # What a failed attempt has counted must not be seen.
            for table in shop_tables():
                if table.endswith("event"):
                    cursor.execute(
                        "SELECT setval(pg_get_serial_sequence(%s, 'pgh_id'), 1, false)", [table]
                    )
            return None
        parts = _parts_left_out(plan, goods, cursor)
        if not parts:
            raise SeedError(
                f"The shop is not empty: {filled[0]} has rows, and what happened to orders cannot "
                "be erased. Seed a new database (createdb, DATABASE_URL, migrate); the "
                "embedded one is new after `rm -r .data/postgres`."
            )
        return parts


def _parts_left_out(plan: Plan, goods: Goods, cursor: Any) -> list[int]:
    """Return the parts that are not there, if all else there is of this plan; else none."""
    cursor.execute("SELECT replace(id::text, '-', '') FROM catalog_product")
    if {key for (key,) in cursor.fetchall()} != {line[:DIGITS] for line in goods.products}:
        return []
    there: list[int] = []
    left_out: list[int] = []
    for part in plan.parts:
        if batch := next(Baskets(plan, goods, part).batches(1), None):
            # A part is one transaction, so its first order stands for all of it.
            cursor.execute(
                "SELECT EXISTS (SELECT FROM orders_order WHERE id = %s)",
                [batch.orders[0][:DIGITS]],
            )
            (there if cursor.fetchone()[0] else left_out).append(part)
    cursor.execute(
        "SELECT count(*), EXISTS (SELECT FROM orders_customer WHERE %s) FROM orders_order",
        [not there],
    )
    # Anything else is somebody's work in this shop.
    return (
        left_out if cursor.fetchone() == (sum(plan.share(part) for part in there), False) else []
    )
