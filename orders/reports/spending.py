"""Customers who spend much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from catalog.reports.plot import Bar, bar_plot
from catalog.reports.report import Column, Report, register
from orders.selectors import customers_over_threshold


class ThresholdForm(forms.Form):
    """From how much on."""

    threshold = forms.DecimalField(
        label="Spent at least",
        initial=Decimal(1000),
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )


@register
class CustomersOverThreshold(Report):
    """Living customers who spent at least so much."""

    slug = "customers-over-threshold"
    title = "Customers over a threshold"
    about = "Who spent at least so much in orders that earn, the best first."
    permission = "orders.view_customer"
    form = ThresholdForm
    columns = (Column("Customer"), Column("E-mail"), Column("Spent", number=True))

    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        best: Any = customers_over_threshold(threshold=parameters["threshold"])
        for customer in best.iterator(chunk_size=1000):
            yield str(customer), customer.email, customer.spent

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        bars = [Bar(row[0], row[2], f"{row[2]:,}") for row in rows[:25]]
        return bar_plot(bars, title="Spent by customer", about="The best first, 25 at most.")
