"""An order with its items as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.reports.plot import Bar, bar_plot
from catalog.reports.report import Column, Report, register
from orders.models import Order
from orders.selectors import order_document


class OrderForm(forms.Form):
    """Which order."""

    order_number = forms.CharField(max_length=20, initial=lambda: _newest())

    def clean_order_number(self) -> Order:
        number = self.cleaned_data["order_number"].strip()
        order = Order.objects.filter(order_number=number).only("pk").first()
        if order is None:
            raise ValidationError("There is no order with this number.")
        return order


@register
class OrderDocument(Report):
    """What an order is made of, as services hand it on."""

    slug = "order-document"
    title = "Order as JSON"
    about = "An order, its customer and its items as one document, by one query."
    permission = "orders.view_order"
    form = OrderForm
    columns = (
        Column("SKU"),
        Column("Product"),
        Column("Quantity", number=True),
        Column("Unit price", number=True),
        Column("Price", number=True),
    )

    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        for item in _document(parameters)["items"]:
            unit_price, price = Decimal(item["unit_price"]), Decimal(item["total_price"])
            yield item["sku"], item["name"], item["quantity"], unit_price, price

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        bars = [Bar(row[1], row[4], f"{row[4]:,}") for row in rows[:40]]
        return bar_plot(bars, title="What the items cost", about="One bar an item.")

    def document(self, **parameters: Any) -> str:
        return json.dumps(_document(parameters), indent=2, ensure_ascii=False)


def _document(parameters: dict[str, Any]) -> dict[str, Any]:
    return order_document(order_id=parameters["order_number"].pk) or {"items": []}


def _newest() -> str | None:
    newest = Order.objects.in_order().values_list("order_number", flat=True)
    return newest.first()
