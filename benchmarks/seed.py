"""How many orders a second ``seed_shop`` writes, beside plain COPY of the same rows.

Seeds a new shop, then copies all that it holds, log and history included, into bare tables:
without index, constraint or trigger, in one transaction, on one connection of this process.

    DATABASE_URL=… DJANGO_SETTINGS_MODULE=config.settings.test python -m benchmarks.seed [ORDERS]

Works on a database that it makes and drops beside the named one.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from orders.seed.tidy import shop_tables  # noqa: E402


def main() -> None:
    """Print both rates and their ratio."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        seconds = elapsed(lambda: call_command("seed_shop", orders=orders, verbosity=0))
        copies = {table: copied_out(table) for table in shop_tables()}
        plain = elapsed(lambda: copy_into_bare_tables(copies))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    rows = sum(text.count(b"\n") for text in copies.values())
    size = sum(len(text) for text in copies.values()) / 1e6
    print(f"{orders:,} orders: {rows:,} rows, {size:,.0f} MB as text")
    print(f"seed_shop   {seconds:7.2f} s  {orders / seconds:9,.0f} orders a second")
    print(f"plain COPY  {plain:7.2f} s  {orders / plain:9,.0f} orders a second")
    print(f"ratio       {seconds / plain:7.1f}")
    print(f"memory      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB here")


def elapsed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def copied_out(table: str) -> bytes:
    """Return all rows of a table as COPY writes them."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def copy_into_bare_tables(copies: dict[str, bytes]) -> None:
    """COPY every text into a new table that has nothing but the columns."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, text in copies.items():
            # A generated column is not copied, so neither side has it.
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND attgenerated <> ''",
                [table],
            )
            for (column,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE bare_{table} DROP COLUMN {column}")
            with cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                for start in range(0, len(text), 1 << 20):
                    copy.write(text[start : start + (1 << 20)])


if __name__ == "__main__":
    main()
