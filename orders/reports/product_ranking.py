"""What sells best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from catalog.reports.plot import Bar, bar_plot
from catalog.reports.report import Column, Report, register
from orders.reports.period import PeriodForm, midnight
from orders.selectors import product_ranking


class RankingForm(PeriodForm):
    """A period, and how many products."""

    limit = forms.IntegerField(label="Products", initial=25, min_value=1, max_value=1000)


@register
class ProductRanking(Report):
    """Products by revenue, with their place by units too."""

    slug = "product-ranking"
    title = "Product ranking"
    about = "Products by revenue and by units, in orders that earn."
    permission = "orders.view_order"
    form = RankingForm
    columns = (
        Column("Product"),
        Column("SKU"),
        Column("Units", number=True),
        Column("Revenue", number=True),
        Column("Place by units", number=True),
        Column("Place by revenue", number=True),
    )

    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        for product in product_ranking(
            start=midnight(parameters["start"]),
            end=midnight(parameters["end"]),
            limit=parameters["limit"],
        ):
            yield (
                product.name,
                product.sku,
                product.units,
                product.revenue,
                product.rank_by_units,
                product.rank_by_revenue,
            )

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        bars = [Bar(row[0], row[3], f"{row[3]:,}") for row in rows[:25]]
        return bar_plot(bars, title="Revenue by product", about="The best first, 25 at most.")
