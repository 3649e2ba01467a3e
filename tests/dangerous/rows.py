"""Rows of the shop by the million: plain SQL, with the triggers of the session switched off.

Keys are numbers in the form of a UUID, so that a load finds rows by counting.
"""

from __future__ import annotations

from typing import Any

ITEMS_OF_AN_ORDER = 4
PRODUCTS = 2000  # the first half is in items that are there; writers add items of the second
PEOPLE = 1000

KEY = "('00000000-0000-7000-8000-' || lpad(to_hex({0}), 12, '0'))::uuid"


def key(number: str) -> str:
    """Return the key of a number that SQL computes."""
    return KEY.format(f"({number})::bigint")


def sized(rows: int) -> dict[str, int]:
    """Return how many rows each big table gets."""
    return {
        "orders_orderitem": rows,
        "orders_orderstatuschange": rows,
        "orders_order": rows // ITEMS_OF_AN_ORDER,
        "orders_payment": rows // ITEMS_OF_AN_ORDER,
    }


PEOPLE_AND_GOODS = f"""
INSERT INTO catalog_category (id, name, slug, description)
VALUES ({key("1")}, 'Goods', 'goods', '');
INSERT INTO catalog_product (id, sku, name, description, category_id, base_price, attributes)
SELECT {key("n")}, 'SKU-' || n, 'Product ' || n, '', {key("1")}, 10, '{{}}'
FROM generate_series(1, {PRODUCTS}) n;
INSERT INTO orders_customer (id, first_name, last_name, email, phone)
SELECT {key("n")}, 'First', 'Last', n || '@example.org', '' FROM generate_series(1, {PEOPLE}) n;
INSERT INTO orders_address (id, customer_id, address_type, street_line1, street_line2, city,
    state_or_province, postal_code, country_code)
SELECT {key("n")}, {key("n")}, 'billing', 'Street ' || n, '', 'City', '', '10115', 'DE'
FROM generate_series(1, {PEOPLE}) n;
"""
ORDERS = f"""
INSERT INTO orders_order (id, order_number, customer_id, billing_address_id, shipping_address_id,
    status, subtotal, total_amount)
SELECT {key("n")}, 'T-' || n, {key(f"n % {PEOPLE} + 1")}, {key(f"n % {PEOPLE} + 1")},
    {key(f"n % {PEOPLE} + 1")}, 'delivered', 40, 40 FROM generate_series(1, {{orders}}) n;
INSERT INTO orders_payment (id, order_id, amount, status, provider_reference, idempotency_key)
SELECT {key("n")}, {key("n")}, 40, 'captured', '', 'key-' || n
FROM generate_series(1, {{orders}}) n;
"""
ITEMS = f"""
INSERT INTO orders_orderitem (id, order_id, product_id, product_name, product_sku, quantity,
    unit_price, total_price)
SELECT {key("n")}, {key(f"(n - 1) / {ITEMS_OF_AN_ORDER} + 1")},
    {key(f"n % {PRODUCTS // 2} + 1")}, 'Product ' || n % {PRODUCTS // 2} + 1,
    'SKU-' || n % {PRODUCTS // 2} + 1, 1, 10, 10
FROM generate_series({{first}}, {{last}}) n;
"""
CHANGES = f"""
INSERT INTO orders_orderstatuschange (id, order_id, from_status, to_status, actor, reason)
SELECT {key("n")}, {key("(n - 1) % {orders} + 1")}, '', 'pending', 'shop', ''
FROM generate_series({{first}}, {{last}}) n;
"""


def more_changes(cursor: Any, rows: int, changes: int) -> None:
    """Add status changes to a filled shop, up to a number; see ``fill`` for ``replica``."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(CHANGES.format(first=rows + 1, last=changes, orders=rows // ITEMS_OF_AN_ORDER))
    cursor.execute("RESET session_replication_role")


def fill(cursor: Any, rows: int, *, replica: bool = False) -> None:
    """Fill the shop's empty tables.

    Args:
        cursor: of the tables' owner.
        rows: of order items; see ``sized``.
        replica: the session may set session_replication_role: foreign keys are not looked at
            either, which saves minutes of millions of rows.
    """
    orders = rows // ITEMS_OF_AN_ORDER
    tables = ("catalog_category", "catalog_product", "orders_customer", "orders_address")
    if replica:
        cursor.execute("SET session_replication_role = replica")
    else:
        for table in (*tables, *sized(rows)):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(PEOPLE_AND_GOODS)
    cursor.execute(ORDERS.format(orders=orders))
    cursor.execute(ITEMS.format(first=1, last=rows))
    cursor.execute(CHANGES.format(first=1, last=rows, orders=orders))
    if replica:
        cursor.execute("RESET session_replication_role")
    else:
        for table in (*tables, *sized(rows)):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
