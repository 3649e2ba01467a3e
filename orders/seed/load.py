"""How lines reach the tables: COPY for births, one UPDATE a step for what happened later."""

from __future__ import annotations

import json
from typing import Any

from orders.seed.keys import DIGITS, Keys

# Who did all this, for log and history.
ACTOR = "seed_shop"

COLUMNS = {
    "catalog_category": "id, created_at, parent_id, name, slug, description, sort_order",
    "catalog_tag": "id, created_at, name, slug",
    "catalog_product": (
        "id, created_at, name, sku, description, category_id, base_price, inventory_count,"
        " attributes, is_active"
    ),
    "catalog_producttag": "id, created_at, product_id, tag_id",
    "catalog_pricelist": "id, created_at, name, valid",
    "orders_customer": "id, created_at, first_name, last_name, email, phone",
    "orders_address": (
        "id, created_at, customer_id, address_type, street_line1, street_line2, city,"
        " state_or_province, postal_code, country_code, is_default"
    ),
    "orders_order": (
        "id, created_at, order_number, customer_id, billing_address_id, shipping_address_id,"
        " subtotal, tax_amount, shipping_amount, total_amount"
    ),
    "orders_orderitem": (
        "id, created_at, order_id, product_id, product_name, product_sku, quantity, unit_price,"
        " total_price"
    ),
    "orders_payment": (
        "id, created_at, order_id, amount, status, provider_reference, idempotency_key"
    ),
}


class Loader:
    """Writes into the shop on one cursor, inside ``catalog.clock.seeding``.

    Args:
        cursor: a cursor of psycopg 3 that Django opened.
        keys: makes the identities of the history's contexts.
        moment: what these keys say, in microseconds since 1970.
    """

    def __init__(self, cursor: Any, keys: Keys, moment: int) -> None:
        self._cursor, self._keys, self._moment = cursor, keys, moment
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS seed_step"
            " (id uuid, value varchar, moment timestamptz) ON COMMIT DROP"
        )
        # Until there are statistics, a join of many rows looks like one of few.
        cursor.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;"
            " SET LOCAL jit = off"
        )
        # Of what can be put off, all but the foreign keys of rows that steps will soon replace.
        cursor.execute(
            "SELECT string_agg(quote_ident(conname), ', ' ORDER BY conname) FROM pg_constraint"
            " WHERE condeferrable AND connamespace = current_schema::regnamespace"
            " AND (contype <> 'f' OR conrelid <> 'orders_order'::regclass)"
        )
        (self._before_steps,) = cursor.fetchone()
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def because(self, reason: str) -> None:
        """Say why what follows is done; COPY does not pass the cursor that would say it."""
        self._cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [self._keys.at(self._moment), json.dumps({"user": ACTOR, "reason": reason})],
        )

    def copy(self, table: str, lines: list[str]) -> None:
        """COPY lines into a table of the shop; the columns stand in ``COLUMNS``."""
        self._copy(f"{table} ({COLUMNS[table]})", lines)

    def steps(self, table: str, column: str, cast: str, lines: list[str], whys: Any) -> None:
        """Change a column of many rows, each dated by itself.

        Args:
            lines: key, value and moment of each change.
            whys: pairs of a value and the reason to write down, in the order of the changes; a
                row comes to no value twice. The value None stands for all that there are.
        """
        if not lines:
            return
        self._cursor.execute("TRUNCATE seed_step")
        self._copy("seed_step", lines)
        # The keys of one batch lie together. Saying so keeps the server, which has no statistics
        # yet, from reading a large table once for every step.
        keys = sorted(line[:DIGITS] for line in lines)
        for value, why in whys:
            self.because(why)
            self._cursor.execute(
                f"UPDATE {table} AS row SET {column} = step.value::{cast},"
                " updated_at = step.moment FROM seed_step AS step"
                " WHERE row.id = step.id AND row.id BETWEEN %s AND %s"
                " AND step.value = coalesce(%s, step.value)",
                [keys[0], keys[-1], value],
            )

    def check_before_steps(self) -> None:
        """Let the database check all that looks orders up, while each has but one version.

        The foreign keys of orders stay put off: a version that a step replaces is not checked.
        """
        self._cursor.execute(f"SET CONSTRAINTS {self._before_steps} IMMEDIATE")
        self._cursor.execute(f"SET CONSTRAINTS {self._before_steps} DEFERRED")

    def check(self) -> None:
        """Let the database check now what it put off, so that it need not remember it all."""
        self._cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _copy(self, target: str, lines: list[str]) -> None:
        if lines:
            with self._cursor.copy(f"COPY {target} FROM STDIN") as copy:
                copy.write("\n".join(lines) + "\n")
