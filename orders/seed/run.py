"""The seeding itself: goods first, then orders, part by part, on two connections at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import groupby

from django.db import DEFAULT_DB_ALIAS, connections

from catalog.clock import seeding
from orders.seed.ahead import ahead
from orders.seed.baskets import Baskets, Batch
from orders.seed.fates import REASONS
from orders.seed.goods import Goods, money
from orders.seed.keys import Keys
from orders.seed.load import Loader
from orders.seed.plan import EPOCH, Plan, stamp
from orders.seed.side_by_side import Meeting, side_by_side
from orders.seed.standing import missing_parts
from orders.seed.tidy import CHANGED, shop_tables, tidy
from orders.status import PaymentStatus

# Orders that are written at once: enough to spread the cost of a statement, and few enough that
# their rows are still in memory when the next step comes.
BATCH = 5_000
# Any number will do, as long as nothing else in this database uses it as an advisory lock.
SEED_LOCK = 20_240_118

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
    """Fill an empty shop, or write what an attempt with the same plan left out.

    What there is to buy is one transaction; then each part of the orders is one, on a connection
    of its own, and none ends before all can. Inside a transaction of the caller's all is written
    on its connection instead. The rows are the same, but for the numbers of events (``pgh_id``),
    which tell in what order they were written.

    Args:
        progress: called with the number of orders written so far.

    Raises:
        SeedError: the shop is not empty, or its tables are not there.
        django.db.ProgrammingError: the role may not set the shop's clock.
    """
    goods = Goods(plan)
    connection = connections[using]
    with _nobody_else(using):
        with _seeding(plan, using) as loader:
            parts = missing_parts(plan, goods, using)
            if parts is None:
                parts = list(plan.parts)
                _furnish(loader, goods)
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval('shop_order_number', %s)", [plan.orders])

        written = dict.fromkeys(parts, 0)

        def write(part: int, meeting: Meeting | None = None) -> None:
            with _seeding(plan, using, part, beside=part > 0) as loader:
                for batch in ahead(Baskets(plan, goods, part).batches(BATCH)):
                    if meeting:
                        meeting.still_on()
                    _write(loader, batch)
                    written[part] += batch.count
                    progress(sum(written.values()))
                if meeting:
                    meeting.wait()

        changed, others = list(CHANGED), [name for name in shop_tables() if name not in CHANGED]
        if connection.in_atomic_block:
            for part in parts:
                write(part)
            tidy(using, analyze=changed + others)
        else:
            side_by_side(using, [partial(write, part) for part in parts])
            side_by_side(
                using,
                [
                    lambda _: tidy(using, analyze=changed, rewrite=changed),
                    lambda _: tidy(using, analyze=others),
                ],
            )


@contextmanager
def _nobody_else(using: str) -> Iterator[None]:
    """Let whoever seeds meanwhile wait; they then find the shop full."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])
            yield
            return
        cursor.execute("SELECT pg_advisory_lock(%s)", [SEED_LOCK])
        try:
            yield
        finally:
            # A lost connection has lost its lock too.
            if connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SEED_LOCK])


@contextmanager
def _seeding(
    plan: Plan, using: str, part: int | None = None, *, beside: bool = False
) -> Iterator[Loader]:
    """Open a transaction of the past, and hand out what writes into it."""
    end = EPOCH + timedelta(microseconds=plan.end)
    with seeding(end, using, beside=beside), connections[using].cursor() as cursor:
        # A batch takes seconds; who waits for others in between waits for all they write.
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )
        contexts = plan.random("contexts" if part is None else f"contexts/{part}")
        yield Loader(cursor, Keys(contexts), plan.end)


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
    # Each step leaves an old version of its order, which a check would have to pass.
    loader.check_before_steps()
    loader.steps("orders_order", "status", "varchar", batch.order_steps, ORDER_WHYS)
    loader.steps("orders_payment", "status", "varchar", batch.payment_steps, PAYMENT_WHYS)
    loader.check()
