"""How revenue moves, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from catalog.reports.plot import Bar, column_plot
from catalog.reports.report import Column, Report, register
from orders.reports.period import PeriodForm
from orders.selectors import revenue_by_month


@register
class RevenueByMonth(Report):
    """Orders and revenue of every month, with the change to the one before."""

    slug = "revenue-by-month"
    title = "Revenue by month"
    about = "Orders that earn, month by month, and the change to the month before."
    permission = "orders.view_order"
    form = PeriodForm
    columns = (
        Column("Month"),
        Column("Orders", number=True),
        Column("Revenue", number=True),
        Column("Change", number=True),
        Column("Change in %", number=True),
    )
    shown = 250

    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        for month in revenue_by_month(start=parameters["start"], end=parameters["end"]):
            name = month.month.strftime("%Y-%m")
            yield name, month.orders, month.revenue, month.change, month.change_percent

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        bars = [Bar(row[0], row[2], f"{row[2]:,}", less=(row[3] or 0) < 0) for row in rows]
        return column_plot(
            bars,
            title="Revenue by month",
            about="One bar a month; another colour where it is less than the month before.",
        )
