"""What the server says is installed for the shop."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection

TABLES = "c.relnamespace = current_schema()::regnamespace AND c.relname ~ '^(catalog|orders)_'"

# What a copy of a row has to have of its own.
FRESH = {
    "catalog_category": {"id": "uuidv7()", "slug": "'fresh'"},
    "catalog_product": {"id": "uuidv7()", "sku": "'fresh'"},
    "orders_address": {"id": "uuidv7()", "is_default": "false"},
    "orders_customer": {"id": "uuidv7()", "email": "'fresh@example.org'"},
    "orders_order": {
        "id": "uuidv7()",
        "order_number": "'fresh'",
        "subtotal": "0",
        "total_amount": "tax_amount + shipping_amount",
    },
    "orders_payment": {"id": "uuidv7()", "idempotency_key": "'fresh'"},
}


def rows(sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(sql: str) -> int:
    """Run a statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def copy_sql(table: str, values: dict[str, str]) -> str:
    """Return the INSERT of a copy of some row of a table, with other values in some columns."""
    columns = [
        name
        for (name,) in rows(
            f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        )
    ]
    picked = ", ".join(values.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table} LIMIT 1"


def triggers() -> list[tuple[str, str, str]]:
    """Return table, trigger (its name in the model) and source of every trigger of the shop."""
    return [
        (table, re.sub(r"^pgtrigger_(.+)_[0-9a-f]{5}$", r"\1", name), source)
        for table, name, source in rows(
            "SELECT c.relname, t.tgname, p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            f" WHERE NOT t.tgisinternal AND {TABLES} ORDER BY 1, 2"
        )
    ]


def is_stamped(table: str, column: str) -> bool:
    """Return whether a Stamp sets that column."""
    return any(
        t == table and name == "stamp" and f"NEW.{column} :=" in source
        for t, name, source in triggers()
    )
