"""The page of an order: items through services, sums by the database, status by the table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from orders.models import Order, OrderItem, OrderStatusChange
from orders.services import order_cancel, order_confirm
from orders.transitions import TRANSITIONS
from tests.catalog.admin.people import fields_in, form_of
from tests.orders.sample import Sample, make_product

pytestmark = pytest.mark.django_db


def stock(product: Product) -> int:
    return Product.objects.get(pk=product.pk).inventory_count


def page(order: Order) -> str:
    return reverse("admin:orders_order_change", args=[order.pk])


def test_an_order_is_placed_with_its_items(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:orders_order_add")
    sent = form_of(analyst, url, "order_form")
    typed = {
        "customer": str(sample.customer.pk),
        "billing_address": str(sample.billing.pk),
        "shipping_address": str(sample.shipping.pk),
        "tax_amount": "3.00",
        "shipping_amount": "4.90",
        "items-0-product": str(sample.product.pk),
        "items-0-quantity": "2",
        "items-1-product": str(sample.other_product.pk),
        "items-1-quantity": "1",
        "change_reason": "by telephone",
    }
    before = stock(sample.product)
    response = analyst.post(url, {**sent, **typed})
    assert response.status_code == 302
    order = Order.objects.in_order().first()
    assert [order.subtotal, order.total_amount, order.status] == [
        Decimal("52.30"),
        Decimal("60.20"),
        "pending",
    ]
    assert [i.product_sku for i in order.items.order_by("product_sku")] == ["HAM-1", "HAM-2"]
    assert stock(sample.product) == before - 2
    (birth,) = OrderStatusChange.objects.filter(order=order)
    assert (birth.actor, birth.reason) == (analyst.session["_auth_user_id"], "by telephone")


def test_items_are_added_changed_and_removed(sample: Sample, analyst: Client) -> None:
    url, before = page(sample.order), stock(sample.product)
    sent = form_of(analyst, url, "order_form")
    typed = {"items-0-quantity": "5", "items-1-product": str(sample.other_product.pk)}
    assert analyst.post(url, {**sent, **typed}).status_code == 302
    sample.order.refresh_from_db()
    assert sample.order.subtotal == 5 * Decimal("19.90") + Decimal("12.50")
    assert sample.order.total_amount == sample.order.subtotal + Decimal("4.90")
    assert stock(sample.product) == before - 3

    sent = form_of(analyst, url, "order_form")
    assert analyst.post(url, {**sent, "items-0-DELETE": "on"}).status_code == 302
    sample.order.refresh_from_db()
    assert sample.order.subtotal == Decimal("12.50")
    assert stock(sample.product) == before + 2


def test_tax_moves_the_total(sample: Sample, analyst: Client) -> None:
    sent = form_of(analyst, page(sample.order), "order_form")
    assert analyst.post(page(sample.order), {**sent, "tax_amount": "7.00"}).status_code == 302
    sample.order.refresh_from_db()
    assert sample.order.total_amount == sample.order.subtotal + Decimal("11.90")


@pytest.mark.parametrize(
    ("typed", "row", "errors"),
    [
        (
            {"items-0-quantity": "99"},
            0,
            {"quantity": ["Of Claw hammer there are only 7 in stock."]},
        ),
        ({"items-0-quantity": "0"}, 0, {"quantity": ["At least one piece."]}),
        (
            {"items-1-product": "{other_product}", "items-1-quantity": "99"},
            1,
            {"quantity": ["Of Mallet there are only 10 in stock."]},
        ),
        (
            {"items-1-product": "{archived}", "items-1-quantity": "1"},
            1,
            {"product": ["This product is not on sale."]},
        ),
    ],
)
def test_a_refused_item_is_told_at_its_row(
    typed: dict[str, str], row: int, errors: Any, sample: Sample, analyst: Client
) -> None:
    away = {"is_active": False, "deleted_at": "2026-01-01T00:00Z"}
    archived = make_product(sample.below, sku="OLD", name="Old", base_price=1, **away)
    sent = form_of(analyst, page(sample.order), "order_form")
    filled = {k: v.format(**sample.keys(), archived=archived.pk) for k, v in typed.items()}
    response = analyst.post(page(sample.order), {**sent, **filled})
    assert response.status_code == 200
    items = response.context["inline_admin_formsets"][0].formset
    assert items.errors[row] == errors
    again = fields_in(response.content.decode(), "order_form")
    assert {key: again[key] for key in filled} == filled
    assert OrderItem.objects.filter(order=sample.order).get().quantity == 2


def test_the_same_product_twice_is_told(sample: Sample, analyst: Client) -> None:
    sent = form_of(analyst, page(sample.order), "order_form")
    typed = {"items-1-product": str(sample.product.pk), "items-1-quantity": "1"}
    response = analyst.post(page(sample.order), {**sent, **typed})
    assert response.status_code == 200
    items = response.context["inline_admin_formsets"][0].formset
    assert items.non_form_errors() or items.errors[1]


def test_what_is_not_pending_is_only_shown(sample: Sample, analyst: Client) -> None:
    order_confirm(order_id=sample.order.pk)
    sent = form_of(analyst, page(sample.order), "order_form")
    assert not {"tax_amount", "customer", "items-0-quantity"} & set(sent)
    forged = {**sent, "tax_amount": "7.00", "items-0-quantity": "1"}
    analyst.post(page(sample.order), forged)
    sample.order.refresh_from_db()
    assert (sample.order.tax_amount, sample.order.items.get().quantity) == (0, 2)


def test_a_form_opened_while_pending_does_not_change_a_confirmed_order(
    sample: Sample, analyst: Client
) -> None:
    sent = form_of(analyst, page(sample.order), "order_form")
    order_confirm(order_id=sample.order.pk)
    analyst.post(page(sample.order), {**sent, "items-0-quantity": "1", "tax_amount": "7.00"})
    sample.order.refresh_from_db()
    assert (sample.order.tax_amount, sample.order.items.get().quantity) == (0, 2)


def moves_on_page(client: Client, order: Order) -> list[str]:
    return [move.name for move in client.get(page(order)).context["moves"]]


def test_buttons_are_the_table_of_transitions(sample: Sample, analyst: Client) -> None:
    order, walked = sample.order, []
    while moves := moves_on_page(analyst, order):
        order.refresh_from_db()
        assert moves == [t.name for t in TRANSITIONS if t.source == order.status]
        url = reverse("admin:orders_order_transition", args=[order.pk, moves[0]])
        assert analyst.get(url).status_code == 405
        assert analyst.post(url, {"change_reason": moves[0]}).status_code == 302
        walked.append(moves[0])
    assert walked == ["confirm", "process", "ship", "deliver", "refund"]
    changes = OrderStatusChange.objects.filter(order=order).order_by("created_at", "id")
    user = analyst.session["_auth_user_id"]
    assert [(c.to_status, c.actor, c.reason) for c in changes[1:]] == [
        (status, user, name)
        for status, name in zip(
            ("confirmed", "processing", "shipped", "delivered", "refunded"), walked, strict=True
        )
    ]


def test_a_move_that_is_not_there_is_told(sample: Sample, analyst: Client) -> None:
    order_cancel(order_id=sample.order.pk)
    url = reverse("admin:orders_order_transition", args=[sample.order.pk, "ship"])
    response = analyst.post(url, follow=True)
    number = sample.order.order_number
    assert [str(m) for m in response.context["messages"]] == [
        f"Order {number} is Cancelled; it can become: nothing else."
    ]
    unknown = reverse("admin:orders_order_transition", args=[sample.order.pk, "sell"])
    assert analyst.post(unknown).status_code == 404


def test_actions_move_those_that_can(sample: Sample, analyst: Client) -> None:
    order_cancel(order_id=sample.other_order.pk)
    url = reverse("admin:orders_order_changelist")
    chosen = [str(sample.order.pk), str(sample.other_order.pk)]
    response = analyst.post(url, {"action": "confirm", "_selected_action": chosen}, follow=True)
    assert [str(m) for m in response.context["messages"]] == [
        "1 order is confirmed now.",
        f"Order {sample.other_order.order_number} is Cancelled; it can become: nothing else.",
    ]
    statuses = Order.objects.order_by("created_at", "id").values_list("status", flat=True)
    assert sorted(statuses) == ["cancelled", "confirmed"]


def test_orders_and_payments_cannot_be_deleted(sample: Sample, analyst: Client) -> None:
    for name, row in (("order", sample.order), ("payment", sample.payment)):
        url = reverse(f"admin:orders_{name}_delete", args=[row.pk])
        assert analyst.post(url, {"post": "yes"}).status_code == 403
        listed = analyst.get(reverse(f"admin:orders_{name}_changelist"))
        assert b"delete_selected" not in listed.content


def test_the_story_of_an_order_names_people(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:orders_order_transition", args=[sample.order.pk, "confirm"])
    analyst.post(url, {"change_reason": "paid"})
    html = analyst.get(page(sample.order)).content.decode()
    assert "<p>analyst</p>" in html
    assert "<p>paid</p>" in html
