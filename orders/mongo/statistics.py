"""Figures of orders, as aggregation pipelines.

Each gives what SQL gives for the rows that the documents come from: see ``orders.selectors``.
Sources: MongoDB manual, "Aggregation Stages" and "$group".
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bson.decimal128 import Decimal128

from orders.status import EARNING, OrderStatus

Stage = dict[str, Any]
EARNS = {"status": {"$in": [status.value for status in EARNING]}}
# Of a joined document, what names a person; a customer that is gone has none of it.
NAMED = {
    "email": {"$first": "$found.email"},
    "first_name": {"$first": "$found.first_name"},
    "last_name": {"$first": "$found.last_name"},
}
CUSTOMER = {
    "$lookup": {
        "from": "customers",
        "localField": "_id",
        "foreignField": "_id",
        "as": "found",
    }
}


def customer_statistics(*, customer_id: UUID | None = None, limit: int = 100) -> list[Stage]:
    """Return a pipeline on orders: what each customer ordered, cancelled orders left out.

    A row has ``_id`` (the customer), ``orders``, ``sum``, ``average``, ``first`` and ``last``
    (moments), ``email``, ``first_name``, ``last_name``; the greatest sum comes first.

    Args:
        customer_id: of one customer alone.
        limit: at most so many rows.
    """
    wanted: Stage = {"status": {"$ne": OrderStatus.CANCELLED.value}}
    if customer_id is not None:
        wanted["customer_id"] = {"$eq": customer_id}
    return [
        {"$match": wanted},
        {
            "$group": {
                "_id": "$customer_id",
                "orders": {"$sum": 1},
                "sum": {"$sum": "$total_amount"},
                "average": {"$avg": "$total_amount"},
                "first": {"$min": "$created_at"},
                "last": {"$max": "$created_at"},
            }
        },
        {"$sort": {"sum": -1, "_id": 1}},
        {"$limit": limit},
        # After the limit: only customers that are shown are looked up.
        CUSTOMER,
        {"$set": NAMED},
        {"$unset": "found"},
    ]


def top_products(
    *, start: datetime | None = None, end: datetime | None = None, limit: int = 50
) -> list[Stage]:
    """Return a pipeline on orders: products by revenue in orders that earn, the best first.

    A row has ``_id`` (the product), ``units``, ``revenue``, ``sku`` and ``name`` (of today).

    Args:
        start, end: only orders born from ``start`` to before ``end`` (aware).
        limit: at most so many rows.
    """
    return [
        {"$match": {**EARNS, **_born(start, end)}},
        {"$unwind": "$items"},
        {
            "$group": {
                "_id": "$items.product_id",
                "units": {"$sum": "$items.quantity"},
                "revenue": {"$sum": "$items.total_price"},
            }
        },
        {"$sort": {"revenue": -1, "units": -1, "_id": 1}},
        {"$limit": limit},
        {
            "$lookup": {
                "from": "products",
                "localField": "_id",
                "foreignField": "_id",
                "as": "found",
            }
        },
        {"$set": {"sku": {"$first": "$found.sku"}, "name": {"$first": "$found.name"}}},
        {"$unset": "found"},
    ]


def revenue_by_month(*, start: datetime, end: datetime) -> list[Stage]:
    """Return a pipeline on orders: months (``_id``, their first moment, UTC) that earned.

    A row has ``orders`` and ``revenue``; months without orders have no row.
    """
    month = {"$dateTrunc": {"date": "$created_at", "unit": "month"}}
    return [
        {"$match": {**EARNS, **_born(start, end)}},
        {
            "$group": {
                "_id": month,
                "orders": {"$sum": 1},
                "revenue": {"$sum": "$total_amount"},
            }
        },
        {"$sort": {"_id": 1}},
    ]


def customers_over_threshold(*, threshold: Decimal) -> list[Stage]:
    """Return a pipeline on orders: living customers who spent so much or more, the best first.

    A row has ``_id`` (the customer), ``spent``, ``email``, ``first_name`` and ``last_name``.
    """
    return [
        {"$match": EARNS},
        {"$group": {"_id": "$customer_id", "spent": {"$sum": "$total_amount"}}},
        {"$match": {"spent": {"$gte": Decimal128(threshold)}}},
        CUSTOMER,
        {"$match": {"found.0.deleted_at": {"$type": "null"}}},
        {"$sort": {"spent": -1, "_id": 1}},
        {"$set": NAMED},
        {"$unset": "found"},
    ]


def _born(start: datetime | None, end: datetime | None) -> Stage:
    bounds = {name: bound for name, bound in (("$gte", start), ("$lt", end)) if bound is not None}
    return {"created_at": bounds} if bounds else {}
