"""What sells best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from orders.status import EARNING

_RANKING = """
WITH sales AS (
    SELECT i.product_id, sum(i.quantity) AS units, sum(i.total_price) AS revenue
    FROM orders_orderitem AS i
    JOIN orders_order AS o ON o.id = i.order_id
    WHERE o.status = ANY (%(earning)s)
      AND (%(start)s::timestamptz IS NULL OR o.created_at >= %(start)s)
      AND (%(end)s::timestamptz IS NULL OR o.created_at < %(end)s)
    GROUP BY i.product_id
)
SELECT p.id, p.sku, p.name, s.units, s.revenue,
       rank() OVER (ORDER BY s.units DESC),
       rank() OVER (ORDER BY s.revenue DESC)
FROM sales AS s JOIN catalog_product AS p ON p.id = s.product_id
ORDER BY s.revenue DESC, s.units DESC, p.id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RankedProduct:
    """What was sold of a product, and its places (1 is the best; equals share one)."""

    id: UUID
    sku: str
    name: str
    units: int
    revenue: Decimal
    rank_by_units: int
    rank_by_revenue: int


def product_ranking(
    *, start: datetime | None = None, end: datetime | None = None, limit: int = 50
) -> list[RankedProduct]:
    """Return the products with the most revenue in orders that earn, the best first.

    Args:
        start, end: only orders born from ``start`` to before ``end`` (aware).
        limit: at most so many.
    """
    values = {
        "earning": [status.value for status in EARNING],
        "start": start,
        "end": end,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKING, values)
        return [RankedProduct(*row) for row in cursor.fetchall()]
