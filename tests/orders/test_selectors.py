"""Answers compared whole, on a shop of a few orders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.dateparse import parse_datetime

from catalog.clock import clock_set, seeding
from orders import selectors, services
from orders.models import Customer, Order
from orders.selectors import MonthOfRevenue, RankedProduct
from orders.services import OrderLine
from tests.orders.sample import Sample, make_sample

D = Decimal


@pytest.fixture
def year(db: None) -> Sample:
    """A sample whose orders are dated: two in January, one in March, one cancelled in April."""
    with seeding(datetime(2026, 1, 10, tzinfo=UTC)):
        sample = make_sample()
        for month, product, quantity in ((3, sample.other_product, 4), (4, sample.product, 5)):
            clock_set(datetime(2026, month, 31 if month == 3 else 1, tzinfo=UTC))
            services.order_place(
                customer_id=sample.stranger.pk,
                billing_address_id=sample.foreign_address.pk,
                shipping_address_id=sample.foreign_address.pk,
                lines=[OrderLine(product.pk, quantity)],
            )
        for order in Order.objects.all():
            if order.created_at.month == 4:
                services.order_cancel(order_id=order.pk)
            else:
                services.order_confirm(order_id=order.pk)
    return sample


def test_revenue_by_month_with_its_change(year: Sample) -> None:
    found = selectors.revenue_by_month(start=date(2026, 1, 1), end=date(2026, 5, 1))
    assert found == [
        MonthOfRevenue(date(2026, 1, 1), 2, D("69.50"), None, None),
        MonthOfRevenue(date(2026, 2, 1), 0, D(0), D("-69.50"), D("-100.0")),
        MonthOfRevenue(date(2026, 3, 1), 1, D("50.00"), D("50.00"), None),
        MonthOfRevenue(date(2026, 4, 1), 0, D(0), D("-50.00"), D("-100.0")),
    ]


def test_product_ranking(year: Sample) -> None:
    hammer, mallet = year.product, year.other_product
    assert selectors.product_ranking() == [
        RankedProduct(hammer.pk, "HAM-1", "Claw hammer", 3, D("59.70"), 2, 1),
        RankedProduct(mallet.pk, "HAM-2", "Mallet", 4, D("50.00"), 1, 2),
    ]
    assert selectors.product_ranking(start=datetime(2026, 2, 1, tzinfo=UTC), limit=1) == [
        RankedProduct(mallet.pk, "HAM-2", "Mallet", 4, D("50.00"), 1, 1)
    ]


def test_customers_over_a_threshold(year: Sample) -> None:
    def spent(threshold: str) -> list[tuple[str, Decimal]]:
        found = selectors.customers_over_threshold(threshold=D(threshold))
        return [(customer.first_name, customer.spent) for customer in found]  # type: ignore[attr-defined]

    assert spent("50") == [("Ada", D("69.50")), ("Bob", D("50.00"))]
    assert spent("50.01") == [("Ada", D("69.50"))]
    services.customer_archive(customer_id=year.customer.pk)
    assert spent("50.01") == []
    assert "HAVING" in str(selectors.customers_over_threshold(threshold=D(1)).query)


def test_an_order_as_one_document(year: Sample, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        document = selectors.order_document(order_id=year.order.pk)
    assert document is not None
    assert parse_datetime(document.pop("created_at")) == year.order.created_at
    assert document == {
        "id": str(year.order.pk),
        "order_number": year.order.order_number,
        "status": "confirmed",
        "customer": {
            "id": str(year.customer.pk),
            "first_name": "Ada",
            "last_name": "Smith",
            "email": "ada@example.org",
        },
        "subtotal": "39.80",
        "tax_amount": "0.00",
        "shipping_amount": "4.90",
        "total_amount": "44.70",
        "items": [
            {
                "product_id": str(year.product.pk),
                "sku": "HAM-1",
                "name": "Claw hammer",
                "quantity": 2,
                "unit_price": "19.90",
                "total_price": "39.80",
            }
        ],
    }
    assert selectors.order_document(order_id=year.customer.pk) is None


def test_customers_with_their_orders(year: Sample, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(2):
        found = [
            (customer.first_name, customer.order_count, customer.spent, len(customer.orders.all()))
            for customer in Customer.objects.with_orders().in_order()
        ]
    assert found == [("Ada", 2, D("69.50"), 2), ("Bob", 2, D("50.00"), 2)]


def test_open_and_earning_orders(year: Sample) -> None:
    assert Order.objects.active().count() == Order.objects.earning().count() == 3
    assert Order.objects.in_order().first().status == "cancelled"
    newest = Order.objects.keyset_page("-created_at", size=3)
    rest = Order.objects.keyset_page("-created_at", size=3, after=newest.following)
    assert [*newest.rows, *rest.rows] == list(Order.objects.in_order())


def test_status_changes_are_dated_when_they_happened(year: Sample) -> None:
    order = Order.objects.in_order().first()
    assert {c.created_at for c in order.status_changes.all()} == {datetime(2026, 4, 1, tzinfo=UTC)}
