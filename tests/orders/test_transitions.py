"""The status of an order moves along one table, whoever moves it, and each step is logged."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from catalog.acting import acting
from orders import services
from orders.models import Order, OrderStatusChange
from orders.status import OrderStatus
from orders.transitions import BIRTH, LEGAL_MOVES, TRANSITIONS, transitions_from
from tests.orders.installed import execute
from tests.orders.sample import Sample


def route(to: OrderStatus) -> list[OrderStatus]:
    """Return the shortest legal way from birth."""
    ways = [[BIRTH]]
    while ways:
        way = ways.pop(0)
        if way[-1] == to:
            return way
        ways += [[*way, t.target] for t in transitions_from(way[-1])]
    raise AssertionError(f"{to} cannot be reached")


@pytest.mark.parametrize("source", OrderStatus)
def test_raw_sql_moves_only_along_the_table(sample: Sample, source: OrderStatus) -> None:
    orders = Order.objects.filter(pk=sample.order.pk)
    for step in route(source)[1:]:
        orders.update(status=step)
    for target in OrderStatus:
        try:
            with transaction.atomic():
                orders.update(status=target)
                moved = True
                transaction.set_rollback(True)
        except IntegrityError as error:
            assert error.__cause__.diag.constraint_name == "order_status_transition"  # type: ignore[union-attr]
            moved = False
        assert moved == (source == target or (source, target) in LEGAL_MOVES), (source, target)


def test_each_move_is_there_once_and_every_status_can_be_reached() -> None:
    assert len(LEGAL_MOVES) == len(TRANSITIONS)
    assert all(route(status) for status in OrderStatus)
    assert [s for s in OrderStatus if not transitions_from(s)] == ["cancelled", "refunded"]


def test_every_step_is_logged_with_who_and_why(sample: Sample) -> None:
    with acting(actor="ada", reason="paid"):
        execute(f"UPDATE orders_order SET status = 'confirmed' WHERE id = '{sample.order.pk}'")
    services.order_process(order_id=sample.order.pk, actor=17, reason="packed")
    execute(f"UPDATE orders_order SET status = 'shipped' WHERE id = '{sample.order.pk}'")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        role = cursor.fetchone()[0]
    log = OrderStatusChange.objects.filter(order=sample.order).order_by("created_at")
    assert list(log.values_list("from_status", "to_status", "actor", "reason")) == [
        ("", "pending", role, ""),
        ("pending", "confirmed", "ada", "paid"),
        ("confirmed", "processing", "17", "packed"),
        # The setting lives to the end of its transaction, and a test is but one.
        ("processing", "shipped", "17", "packed"),
    ]
    times = list(log.values_list("created_at", flat=True))
    assert all(a < b for a, b in pairwise(times))


def test_a_change_of_nothing_is_not_logged(sample: Sample) -> None:
    before = OrderStatusChange.objects.count()
    execute("UPDATE orders_order SET status = status")
    assert OrderStatusChange.objects.count() == before == 2


def test_services_refuse_what_the_table_does_not_have(sample: Sample) -> None:
    named = {
        OrderStatus.CONFIRMED: services.order_confirm,
        OrderStatus.PROCESSING: services.order_process,
        OrderStatus.SHIPPED: services.order_ship,
        OrderStatus.DELIVERED: services.order_deliver,
        OrderStatus.CANCELLED: services.order_cancel,
        OrderStatus.REFUNDED: services.order_refund,
    }
    order_id, allowed = sample.order.pk, {t.target for t in transitions_from(BIRTH)}
    for target, service in named.items():
        if target not in allowed:
            with pytest.raises(ValidationError) as caught:
                service(order_id=order_id)
            assert caught.value.message_dict == {
                "status": [
                    f"Order {sample.order.order_number} is Pending; "
                    "it can become: Confirmed, Cancelled."
                ]
            }
    for target in ("confirmed", "processing", "shipped", "delivered", "refunded"):
        assert named[OrderStatus(target)](order_id=order_id).status == target
    with pytest.raises(ValidationError, match="nothing else"):
        services.order_cancel(order_id=order_id)


def test_the_log_knows_the_same_moves_as_the_table(sample: Sample) -> None:
    for source, target in product(["", *OrderStatus.values], OrderStatus.values):
        try:
            with transaction.atomic():
                OrderStatusChange.objects.create(
                    order=sample.order, from_status=source, to_status=target, actor="x"
                )
                legal = True
        except IntegrityError:
            legal = False
        assert legal == ((source, target) in LEGAL_MOVES | {("", BIRTH)}), (source, target)
