"""How revenue moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from orders.status import EARNING

_REVENUE = """
WITH earned AS (
    SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month,
           count(*) AS orders,
           sum(total_amount) AS revenue
    FROM orders_order
    WHERE status = ANY (%(earning)s)
      AND created_at >= %(start)s::date::timestamp AT TIME ZONE 'UTC'
      AND created_at < %(end)s::date::timestamp AT TIME ZONE 'UTC'
    GROUP BY 1
), months AS (
    SELECT generate_series(
        date_trunc('month', %(start)s::date::timestamp),
        %(end)s::date::timestamp - interval '1 day',
        interval '1 month'
    )::date AS month
)
SELECT month,
       coalesce(orders, 0),
       coalesce(revenue, 0),
       coalesce(revenue, 0) - lag(coalesce(revenue, 0)) OVER by_month,
       round(
           100 * (coalesce(revenue, 0) / nullif(lag(coalesce(revenue, 0)) OVER by_month, 0) - 1),
           1
       )
FROM months LEFT JOIN earned USING (month)
WINDOW by_month AS (ORDER BY month)
ORDER BY month
"""


@dataclass(frozen=True, slots=True)
class MonthOfRevenue:
    """One month (its first day, UTC); the changes are None where there is nothing before."""

    month: date
    orders: int
    revenue: Decimal
    change: Decimal | None
    change_percent: Decimal | None


def revenue_by_month(*, start: date, end: date) -> list[MonthOfRevenue]:
    """Return every month from ``start`` to before ``end`` with the change to the month before.

    A common table expression sums, a window compares; months without orders are there too.
    """
    values: dict[str, Any] = {
        "earning": [status.value for status in EARNING],
        "start": start,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REVENUE, values)
        return [MonthOfRevenue(*row) for row in cursor.fetchall()]
