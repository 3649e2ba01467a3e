"""A small seeded shop: the same again, legal, dated when it happened, and like a shop."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from orders.seed.tidy import shop_tables
from orders.status import OrderStatus
from orders.transitions import LEGAL_MOVES
from tests.orders.installed import execute, rows

ORDERS = 200
OPENING, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A seeded shop for all tests of this file, rolled back in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_shop", orders=ORDERS, seed=1, verbosity=0)
        yield
        transaction.set_rollback(True)


def fingerprints() -> dict[str, str]:
    """Return a digest of all rows of each table, in the order of their text."""
    return {
        table: hashlib.sha256(
            "\n".join(
                row for (row,) in rows(f"SELECT t::text FROM {table} AS t ORDER BY 1")
            ).encode()
        ).hexdigest()
        for table in shop_tables()
    }


def seeded(**options: Any) -> dict[str, str]:
    """Seed, take the fingerprints, and roll back."""
    with transaction.atomic():
        call_command("seed_shop", verbosity=0, **options)
        found = fingerprints()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_numbers_make_the_same_rows_keys_and_history_included() -> None:
    first = seeded(orders=60, seed=7)
    # What is lost of a failed attempt counts sequences on; nobody may see that.
    assert seeded(orders=60, seed=7) == first
    other = seeded(orders=60, seed=8)
    assert {table for table in first if first[table] == other[table]} == set()
    assert seeded(orders=61, seed=7)["orders_order"] != first["orders_order"]


def test_there_are_as_many_as_asked_and_some_of_everything(shop: None) -> None:
    counts = {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in shop_tables()}
    assert counts["orders_order"] == ORDERS
    assert min(counts.values()) >= 6, counts
    assert counts["orders_orderitem"] > ORDERS


def test_every_state_is_there(shop: None) -> None:
    found = {state for (state,) in rows("SELECT DISTINCT status FROM orders_order")}
    assert found == set(OrderStatus.values)
    payments = {state for (state,) in rows("SELECT DISTINCT status FROM orders_payment")}
    assert {"captured", "failed", "refunded"} <= payments


def test_every_order_came_to_its_state_by_legal_steps_in_the_order_of_time(shop: None) -> None:
    story: dict[str, list[tuple[Any, ...]]] = {}
    for order, *step in rows(
        "SELECT order_id, from_status, to_status, created_at, actor, reason"
        " FROM orders_orderstatuschange ORDER BY order_id, created_at"
    ):
        story.setdefault(order, []).append(tuple(step))
    orders = rows("SELECT id, status, created_at, updated_at, version FROM orders_order")
    assert set(story) == {order for order, *_ in orders}
    for order, status, born, changed, version in orders:
        steps = story[order]
        assert steps[0][:3] == ("", "pending", born)
        assert all(a[1] == b[0] and (b[0], b[1]) in LEGAL_MOVES for a, b in pairwise(steps))
        assert all(a[2] < b[2] for a, b in pairwise(steps))
        assert (steps[-1][1], steps[-1][2], len(steps)) == (status, changed, version)
        assert all(actor == "seed_shop" and reason for *_, actor, reason in steps)


def test_history_tells_the_same_story(shop: None) -> None:
    log = "SELECT order_id, to_status, created_at FROM orders_orderstatuschange ORDER BY 1, 3"
    history = (
        "SELECT pgh_obj_id, status, pgh_created_at FROM orders_orderevent"
        " ORDER BY pgh_obj_id, pgh_created_at"
    )
    assert rows(log) == rows(history)
    for table in ("catalog_product", "orders_customer", "orders_order", "orders_payment"):
        # The last event is the row as it stands, and each says who and why.
        assert rows(
            f"SELECT count(*) FROM {table} AS row WHERE NOT EXISTS (SELECT FROM {table}event e"
            " WHERE e.pgh_obj_id = row.id AND e.pgh_created_at = row.updated_at"
            " AND e.pgh_context ->> 'user' = 'seed_shop' AND e.pgh_context ->> 'reason' <> '')"
        ) == [(0,)]


@pytest.mark.parametrize("table", shop_tables())
def test_everything_happened_within_the_three_years(shop: None, table: str) -> None:
    stamps = ["pgh_created_at"] if table.endswith("event") else ["created_at", "updated_at"]
    for stamp in stamps:
        ((first, last),) = rows(f"SELECT min({stamp}), max({stamp}) FROM {table}")
        assert OPENING <= first <= last < END
    if not table.endswith("event"):
        # A key says when its row was born, to the millisecond.
        assert rows(
            f"SELECT count(*) FROM {table} WHERE ('x' || left(replace(id::text, '-', ''), 12))"
            "::bit(48)::bigint <> floor(extract(epoch FROM created_at) * 1000)"
        ) == [(0,)]


def test_rows_come_after_what_they_refer_to(shop: None) -> None:
    for table, column, other in (
        ("orders_order", "customer_id", "orders_customer"),
        ("orders_orderitem", "product_id", "catalog_product"),
        ("orders_payment", "order_id", "orders_order"),
        ("catalog_product", "category_id", "catalog_category"),
    ):
        assert rows(
            f"SELECT count(*) FROM {table} a JOIN {other} b ON b.id = a.{column}"
            " WHERE a.created_at < b.created_at"
        ) == [(0,)]


def test_sums_are_right_and_prices_are_those_of_the_day(shop: None) -> None:
    wrong = (
        "SELECT count(*) FROM orders_order o WHERE subtotal <> (SELECT sum(total_price)"
        " FROM orders_orderitem i WHERE i.order_id = o.id)"
        " OR tax_amount <> round(subtotal * 0.19, 2)"
        " OR total_amount <> subtotal + tax_amount + shipping_amount"
    )
    assert rows(wrong) == [(0,)]
    another_price = (
        "SELECT count(*) FROM orders_orderitem i WHERE unit_price <> ("
        "SELECT base_price FROM catalog_productevent e WHERE e.pgh_obj_id = i.product_id"
        " AND e.pgh_created_at - interval '5 s' <= i.created_at"
        " ORDER BY e.pgh_created_at DESC LIMIT 1)"
    )
    assert rows(another_price) == [(0,)]
    paid = (
        "SELECT count(*) FROM orders_order o JOIN orders_payment p ON p.order_id = o.id"
        " WHERE p.amount <> o.total_amount"
        " OR (p.status = 'refunded') <> (o.status IN ('refunded', 'cancelled'))"
        " AND p.status NOT IN ('failed')"
    )
    assert rows(paid) == [(0,)]


def test_a_shop_has_rhythm_and_a_long_tail(shop: None) -> None:
    ((night, day),) = rows(
        "SELECT count(*) FILTER (WHERE extract(hour FROM created_at) BETWEEN 0 AND 5),"
        " count(*) FILTER (WHERE extract(hour FROM created_at) BETWEEN 16 AND 21)"
        " FROM orders_order"
    )
    assert night * 5 < day
    years = [
        n
        for (n,) in rows(
            "SELECT count(*) FROM orders_order GROUP BY"
            " extract(year FROM created_at) ORDER BY min(created_at)"
        )
    ]
    assert len(years) == 3 and years[0] < years[1] < years[2]
    sent = rows(
        "SELECT count(*) FROM orders_orderstatuschange WHERE to_status = 'delivered'"
        " AND (extract(dow FROM created_at) = 0"
        " OR extract(hour FROM created_at) NOT BETWEEN 7 AND 18)"
    )
    assert sent == [(0,)]
    ((most, buyers),) = rows(
        "SELECT max(n), count(*) FROM (SELECT count(*) n FROM orders_order GROUP BY customer_id) x"
    )
    assert most >= 5 and ORDERS / 8 < buyers < ORDERS / 2


def test_categories_are_three_deep(shop: None) -> None:
    depths = rows(
        "WITH RECURSIVE tree AS ("
        "SELECT id, 1 AS depth FROM catalog_category WHERE parent_id IS NULL UNION ALL"
        " SELECT c.id, depth + 1 FROM catalog_category c JOIN tree ON parent_id = tree.id)"
        " SELECT depth, count(*) > 4 FROM tree GROUP BY depth ORDER BY depth"
    )
    assert depths == [(1, True), (2, True), (3, True)]
    assert rows("SELECT count(*) FROM catalog_product WHERE attributes ? 'colour'")[0][0] > 100


def test_the_next_order_goes_on_counting_and_the_clock_is_the_real_one(shop: None) -> None:
    assert rows("SELECT shop_next_order_number()") == [(f"SO-{ORDERS + 1:09d}",)]
    assert rows("SELECT shop_clock() > now() - interval '1 minute'") == [(True,)]
    assert rows("SELECT has_function_privilege('shop_clock_set(timestamptz)', 'EXECUTE')") == [
        (False,)
    ]


def test_rules_still_hold(shop: None) -> None:
    with pytest.raises(IntegrityError, match="cannot go"), transaction.atomic():
        execute("UPDATE orders_order SET status = 'pending' WHERE status = 'delivered'")


def test_a_shop_that_is_not_empty_is_refused(shop: None) -> None:
    before = rows("SELECT count(*) FROM orders_order")
    with pytest.raises(CommandError) as caught, transaction.atomic():
        call_command("seed_shop", orders=5, verbosity=0)
    assert caught.value.returncode == 2
    assert str(caught.value) == (
        "The shop is not empty: catalog_category has rows, and what happened to orders cannot be "
        "erased. Seed a new database (createdb, DATABASE_URL, migrate); the embedded one is new "
        "after `rm -r .data/postgres`."
    )
    assert rows("SELECT count(*) FROM orders_order") == before


@pytest.mark.django_db
@pytest.mark.parametrize("orders", [1, 7])
def test_a_handful_of_orders_is_a_shop_too(orders: int) -> None:
    call_command("seed_shop", orders=orders, verbosity=0)
    assert rows("SELECT count(*) FROM orders_order") == [(orders,)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"orders": 0}, "0 orders cannot be seeded. Choose 1 to 10000000: --orders 2000"),
        ({"orders": -1}, "-1 orders cannot be seeded. Choose 1 to 10000000: --orders 2000"),
        (
            {"until": date(9000, 1, 1)},
            "9000-01-01 is yet to come. Choose a day that was: --until 2026-01-01",
        ),
        (
            {"until": date(1970, 1, 1)},
            "1970-01-01 is too long ago. Choose a later day: --until 2026-01-01",
        ),
    ],
)
def test_wrong_numbers_are_told(options: dict[str, Any], says: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("seed_shop", **options)
    assert (caught.value.returncode, str(caught.value)) == (2, says)


@pytest.mark.django_db
@pytest.mark.parametrize("until", [date(2024, 2, 29), date(2025, 12, 31), date(2020, 3, 1)])
def test_the_story_ends_on_any_day(until: date) -> None:
    call_command("seed_shop", orders=40, until=until, verbosity=0)
    end = datetime(until.year, until.month, until.day, tzinfo=UTC)
    ((last,),) = rows("SELECT max(updated_at) FROM orders_order")
    assert last < end
