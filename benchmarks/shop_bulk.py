"""How many orders a second the shop takes by COPY, with all its rules on.

Loads 4,000 and then 40,000 orders of three items each, in one transaction apiece, then confirms
them all by one UPDATE, and prints the rates and their ratio: it stays near 1 only while no rule
costs more the more rows are waiting. In comparison the same runs in a session without
``pgtrigger.ignore``, and on bare tables. Each is the best of three.

    DATABASE_URL=… DJANGO_SETTINGS_MODULE=config.settings.test python -m benchmarks.shop_bulk

Works on a database that it makes and drops beside the named one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from catalog.keys import uuid7  # noqa: E402
from catalog.models import Category, Product  # noqa: E402
from orders.models import Address, Customer  # noqa: E402

FEW, MANY, ROUNDS, ITEMS, PRICE = 4_000, 40_000, 3, 3, Decimal(10)
ORDER_COLUMNS = "id, customer_id, billing_address_id, shipping_address_id, subtotal, total_amount"
ITEM_COLUMNS = (
    "id, order_id, product_id, product_name, product_sku, quantity, unit_price, total_price"
)


def main() -> None:
    """Print the table of rates."""
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        customers, products = people_and_goods()
        print(f"{'':44}{FEW:>10,}{MANY:>10,}{'ratio':>8}   (orders a second)")
        for label, prepare in (
            ("bare tables", bare_tables),
            ("all rules", all_rules),
            ("no pgtrigger.ignore", without_setting),
        ):
            tables = prepare()
            few, many = best_rates(tables, customers, products)
            for work, a, b in zip(("load", "confirm"), few, many, strict=True):
                print(f"{label + ', ' + work:44}{a:>10,.0f}{b:>10,.0f}{b / a:>8.2f}", flush=True)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def people_and_goods() -> tuple[list[Address], list[Product]]:
    """Write a hundred customers with an address each, and fifty products."""
    category = Category.objects.create(name="Bulk", slug="bulk")
    products = Product.objects.bulk_create(
        Product(sku=f"B-{n}", name="Bulk", category=category, base_price=PRICE) for n in range(50)
    )
    customers = Customer.objects.bulk_create(
        Customer(first_name="A", last_name="B", email=f"{n}@example.org") for n in range(100)
    )
    addresses = Address.objects.bulk_create(
        Address(customer=c, address_type="billing", street_line1="1", city="B", country_code="DE")
        for c in customers
    )
    return addresses, products


def bare_tables() -> tuple[str, str]:
    """Make copies of both tables without index, constraint or trigger."""
    with connection.cursor() as cursor:
        for table in ("order", "orderitem"):
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE orders_{table} INCLUDING DEFAULTS)")
    return "bare_order", "bare_orderitem"


def all_rules() -> tuple[str, str]:
    """Return the shop's own tables."""
    return "orders_order", "orders_orderitem"


def without_setting() -> tuple[str, str]:
    """Return the shop's own tables, in a session that lacks the setting."""
    with connection.cursor() as cursor:
        cursor.execute("RESET pgtrigger.ignore")
    return all_rules()


def best_rates(
    tables: tuple[str, str], addresses: list[Address], products: list[Product]
) -> list[tuple[float, ...]]:
    """Return the best rates of few and of many orders: what else runs only makes them worse."""
    rounds = [[rates(tables, addresses, products, n) for n in (FEW, MANY)] for _ in range(ROUNDS)]
    return [
        tuple(max(rate) for rate in zip(*of_one_size, strict=True))
        for of_one_size in zip(*rounds, strict=True)
    ]


def rates(
    tables: tuple[str, str], addresses: list[Address], products: list[Product], count: int
) -> tuple[float, float]:
    """Return orders a second, loaded and then confirmed, the transaction's end included."""
    orders = [(uuid7(), addresses[n % len(addresses)]) for n in range(count)]
    subtotal = PRICE * ITEMS
    start = time.perf_counter()
    with transaction.atomic():
        copy_in(
            tables[0],
            ORDER_COLUMNS,
            ((key, a.customer_id, a.pk, a.pk, subtotal, subtotal) for key, a in orders),
        )
        copy_in(
            tables[1],
            ITEM_COLUMNS,
            (
                (uuid7(), key, products[(n + i) % 50].pk, "Bulk", "B", 1, PRICE, PRICE)
                for n, (key, _) in enumerate(orders)
                for i in range(ITEMS)
            ),
        )
    loaded = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {tables[0]} SET status = 'confirmed' WHERE status = 'pending'")
    return count / (loaded - start), count / (time.perf_counter() - loaded)


def copy_in(table: str, columns: str, lines: Iterator[tuple[Any, ...]]) -> None:
    """COPY the lines into a table."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(line)


if __name__ == "__main__":
    main()
