"""Two connections seed one shop: the same rows as one makes, and all of them or none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from orders.seed import Plan, run
from orders.seed.load import Loader
from orders.seed.side_by_side import side_by_side
from orders.seed.tidy import shop_tables
from tests.orders.installed import rows

PLAN = Plan(60, 7)


def contents() -> dict[str, list[str]]:
    """Return all rows as text, the numbers of events left out: they tell who wrote first."""
    return {
        table: sorted(
            row for (row,) in rows(f"SELECT (to_jsonb(t) - 'pgh_id')::text FROM {table} AS t")
        )
        for table in shop_tables()
    }


def counts() -> dict[str, int]:
    """Return how many rows each table has that has any."""
    found = {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in shop_tables()}
    return {table: count for table, count in found.items() if count}


class Killed(Exception):
    """Stands for whatever ends a seeding."""


def killed_in(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    """Seed, and break off when the orders of one part have been written."""
    check, number = Loader.check, {"SO-000000001": 0, "SO-000000002": 1}

    def broken(self: Loader) -> None:
        check(self)
        orders = "SELECT order_number FROM orders_order WHERE order_number = ANY (%s)"
        self._cursor.execute(orders, [list(number)])
        if any(number[name] == part for (name,) in self._cursor.fetchall()):
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Loader, "check", broken)
        run.seed(PLAN)


@pytest.mark.parametrize("part", PLAN.parts)
def test_what_was_cut_short_is_completed_with_the_same_rows(
    part: int, empty_copy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        run.seed(PLAN)
        wanted = contents()
        transaction.set_rollback(True)
    assert counts() == {}
    killed_in(monkeypatch, part)
    # What there is to buy stands; of customers and orders there is nothing.
    assert {table.partition("_")[0] for table in counts()} == {"catalog"}
    goods = counts()
    with pytest.raises(CommandError, match="The shop is not empty: catalog_category has rows"):
        call_command("seed_shop", orders=61, seed=7, verbosity=0)
    assert counts() == goods
    call_command("seed_shop", orders=60, seed=7, verbosity=0)
    assert contents() == wanted
    with pytest.raises(CommandError, match="The shop is not empty"):
        call_command("seed_shop", orders=60, seed=7, verbosity=0)
    assert rows("SELECT shop_next_order_number()") == [("SO-000000061",)]
    assert (
        rows(
            "SELECT proname, proacl::text FROM pg_proc WHERE proname LIKE 'shop\\_clock\\_set%'"
            " AND has_function_privilege(oid, 'EXECUTE')"
        )
        == []
    )


def test_a_part_that_was_committed_alone_is_kept(
    empty_copy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # As if the machine stopped between the two commits.
        patch.setattr(run, "side_by_side", lambda using, works: side_by_side(using, works[:1]))
        run.seed(PLAN)
    ((first_part,),) = rows("SELECT array_agg(id::text ORDER BY id::text) FROM orders_order")
    assert len(first_part) == 30
    run.seed(PLAN)
    assert counts()["orders_order"] == 60
    # Neighbours in time are of different parts, and share no customer.
    assert rows(
        "SELECT count(DISTINCT customer_id) FROM orders_order WHERE id::text = ANY"
        f" (ARRAY{first_part}) AND customer_id IN (SELECT customer_id FROM orders_order"
        f" WHERE id::text <> ALL (ARRAY{first_part}))"
    ) == [(0,)]


def test_the_first_to_fail_is_told_and_the_others_stop(empty_copy: None) -> None:
    def fails(meeting: Any) -> None:
        raise Killed

    def waits(meeting: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half_a_shop ()")
            meeting.wait()

    with pytest.raises(Killed):
        side_by_side("default", [waits, fails])
    assert rows("SELECT to_regclass('half_a_shop')") == [(None,)]
