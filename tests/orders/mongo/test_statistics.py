"""Every pipeline says what SQL says of the rows that the documents come from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Avg, Count, Max, Min, Sum

from orders import selectors
from orders.models import Customer, Order
from orders.mongo import statistics
from orders.status import EARNING, OrderStatus

D = Decimal
YEAR = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)


def found(database: Any, pipeline: Any) -> list[dict[str, Any]]:
    return list(database["orders"].aggregate(pipeline))


def milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_what_customers_ordered_without_cancelled_orders(seeded: Any) -> None:
    rows = (
        Order.objects.exclude(status=OrderStatus.CANCELLED)
        .order_by()
        .values("customer", "customer__email", "customer__first_name", "customer__last_name")
        .annotate(
            orders=Count("id"),
            sum=Sum("total_amount"),
            average=Avg("total_amount"),
            first=Min("created_at"),
            last=Max("created_at"),
        )
        .order_by("-sum", "customer")
    )
    wanted = [
        {
            "_id": row["customer"],
            "orders": row["orders"],
            "sum": row["sum"],
            "average": round(row["average"], 10),
            "first": milliseconds(row["first"]),
            "last": milliseconds(row["last"]),
            "email": row["customer__email"],
            "first_name": row["customer__first_name"],
            "last_name": row["customer__last_name"],
        }
        for row in rows
    ]
    assert Order.objects.filter(status=OrderStatus.CANCELLED).exists()
    assert len(wanted) > 20
    assert any(row["orders"] > 1 for row in wanted)
    got = [
        {
            **row,
            "sum": row["sum"].to_decimal(),
            "average": round(row["average"].to_decimal(), 10),
        }
        for row in found(seeded, statistics.customer_statistics(limit=10_000))
    ]
    assert got == wanted
    one = wanted[3]["_id"]
    (alone,) = found(seeded, statistics.customer_statistics(customer_id=one))
    assert alone["orders"] == wanted[3]["orders"]
    assert len(found(seeded, statistics.customer_statistics(limit=2))) == 2


@pytest.mark.parametrize(("start", "end"), [(None, None), YEAR, (YEAR[1], None)])
def test_top_products_by_revenue(seeded: Any, start: Any, end: Any) -> None:
    wanted = [
        (one.id, one.units, one.revenue, one.sku, one.name)
        for one in selectors.product_ranking(start=start, end=end, limit=30)
    ]
    assert len(wanted) == 30
    rows = found(seeded, statistics.top_products(start=start, end=end, limit=30))
    assert [
        (one["_id"], one["units"], one["revenue"].to_decimal(), one["sku"], one["name"])
        for one in rows
    ] == wanted


def test_revenue_by_month(seeded: Any) -> None:
    wanted = [
        (one.month, one.orders, one.revenue)
        for one in selectors.revenue_by_month(start=date(2024, 1, 1), end=date(2025, 1, 1))
        if one.orders
    ]
    assert len(wanted) > 6
    rows = found(seeded, statistics.revenue_by_month(start=YEAR[0], end=YEAR[1]))
    assert [(r["_id"].date(), r["orders"], r["revenue"].to_decimal()) for r in rows] == wanted


def test_customers_over_a_threshold(seeded: Any) -> None:
    spent = Order.objects.filter(status__in=EARNING).order_by().values_list("customer")
    sums = sorted(total for _, total in spent.annotate(sum=Sum("total_amount")))
    threshold = sums[len(sums) // 2]
    # One of them is put away: it must not be found, in either place.
    best = selectors.customers_over_threshold(threshold=threshold).first()
    assert best is not None
    away = datetime(2025, 6, 1, tzinfo=UTC)
    Customer.objects.filter(pk=best.pk).update(deleted_at=away, is_active=False)
    seeded["customers"].update_one({"_id": best.pk}, {"$set": {"deleted_at": away}})
    wanted = [
        (one.pk, one.spent, one.email, one.first_name, one.last_name)
        for one in selectors.customers_over_threshold(threshold=threshold)
    ]
    assert len(wanted) > 10
    rows = found(seeded, statistics.customers_over_threshold(threshold=threshold))
    assert [
        (one["_id"], one["spent"].to_decimal(), one["email"], one["first_name"], one["last_name"])
        for one in rows
    ] == wanted
