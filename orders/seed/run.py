"""The seeding itself: one transaction, so that a shop is seeded whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from catalog.clock import seeding
from orders.seed.ahead import ahead
from orders.seed.baskets import Baskets, Batch
from orders.seed.fates import REASONS
from orders.seed.goods import Goods, money
from orders.seed.keys import Keys
from orders.seed.load import Loader
from orders.seed.plan import EPOCH, Plan, SeedError, stamp
from orders.status import PaymentStatus

# Orders that are written at once: enough to spread the cost of a statement, and few enough that
# their rows are still in memory when the next step comes.
BATCH = 5_000
# Any number will do, as long as nothing else in this database uses it as an advisory lock.
SEED_LOCK = 20_240_118

# Rewritten at the end: each step left an old version of its row behind.
CHANGED = ("orders_order", "orders_payment")

ORDER_WHYS = tuple((status.value, why) for status, why in REASONS.items())
PAYMENT_WHYS = (
    (PaymentStatus.CAPTURED.value, "money arrived"),
    (PaymentStatus.FAILED.value, "order cancelled before money arrived"),
    (PaymentStatus.REFUNDED.value, "money went back"),
)


def seed(
    plan: Plan,
    *,
    using: str = DEFAULT_DB_ALIAS,
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Fill an empty shop.

    Args:
        progress: called with the number of orders written so far.

    Raises:
        SeedError: the shop is not empty, or its tables are not there.
        django.db.ProgrammingError: the role may not set the shop's clock.
    """
    connection = connections[using]
    with seeding(EPOCH + timedelta(microseconds=plan.end), using), connection.cursor() as cursor:
        # Whoever seeds meanwhile waits here, and then finds the shop full.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])
        _refuse_unless_empty(using)
        keys = Keys(plan.random("contexts"))
        loader = Loader(cursor, keys, plan.end)
        goods = Goods(plan)
        _furnish(loader, goods)
        done = 0
        for batch in ahead(Baskets(plan, goods).batches(BATCH)):
            _write(loader, batch)
            done += batch.count
            progress(done)
        cursor.execute("SELECT setval('shop_order_number', %s)", [plan.orders])
    tidy(using)


def tidy(using: str) -> None:
    """Give back the room of old row versions, and gather statistics."""
    connection = connections[using]
    with connection.cursor() as cursor:
        # VACUUM runs in no transaction, as that of a test is one.
        if not connection.in_atomic_block:
            cursor.execute("SELECT current_setting('statement_timeout')")
            (timeout,) = cursor.fetchone()
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(f"VACUUM (FULL) {', '.join(CHANGED)}")
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [timeout])
        cursor.execute(f"ANALYZE {', '.join(shop_tables())}")


def shop_tables() -> list[str]:
    """Return the tables of the shop, history included."""
    return [
        model._meta.db_table
        for label in ("catalog", "orders")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _refuse_unless_empty(using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        missing = set(shop_tables()) - set(connection.introspection.table_names(cursor))
        if missing:
            raise SeedError(
                f"The shop has no table {min(missing)} yet. Make its tables first: "
                "python manage.py migrate"
            )
        for table in shop_tables():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                raise SeedError(
                    f"The shop is not empty: {table} has rows, and what happened to orders cannot "
                    "be erased. Seed a new database (createdb, DATABASE_URL, migrate); the "
                    "embedded one is new after `rm -r .data/postgres`."
                )
        # What a failed attempt has counted must not be seen.
        for table in shop_tables():
            if table.endswith("event"):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'pgh_id'), 1, false)", [table]
                )


def _furnish(loader: Loader, goods: Goods) -> None:
    loader.because("the house is furnished")
    loader.copy("catalog_category", goods.categories)
    loader.copy("catalog_tag", goods.tags)
    loader.copy("catalog_pricelist", goods.price_lists)
    loader.copy("catalog_product", goods.products)
    loader.copy("catalog_producttag", goods.product_tags)
    loader.check()
    # A product changes its price once a list, and an UPDATE changes a row once.
    for _, changes in groupby(goods.repricings, lambda change: change.season):
        lines = [f"{c.key}\t{money(c.price)}\t{stamp(c.moment)}" for c in changes]
        loader.steps("catalog_product", "base_price", "numeric", lines, [(None, "new price list")])


def _write(loader: Loader, batch: Batch) -> None:
    loader.because("a customer registers")
    loader.copy("orders_customer", batch.customers)
    loader.copy("orders_address", batch.addresses)
    loader.because("a customer orders")
    loader.copy("orders_order", batch.orders)
    loader.copy("orders_orderitem", batch.items)
    loader.because("a provider answers")
    loader.copy("orders_payment", batch.payments)
    # Before the steps: each leaves an old version of its order, which a check would have to pass.
    loader.check()
    loader.steps("orders_order", "status", "varchar", batch.order_steps, ORDER_WHYS)
    loader.steps("orders_payment", "status", "varchar", batch.payment_steps, PAYMENT_WHYS)
    loader.check()
