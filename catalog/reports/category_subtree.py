"""What lies below a category."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from catalog.models import Category
from catalog.reports.plot import Bar, bar_plot
from catalog.reports.report import Column, Report, register
from catalog.selectors import category_subtree


class CategoryForm(forms.Form):
    """Which category."""

    category = forms.ModelChoiceField(
        Category.objects.in_order(), empty_label=None, initial=lambda: _first()
    )


@register
class CategorySubtree(Report):
    """Categories below one, at any depth, with the products on sale in each."""

    slug = "category-subtree"
    title = "Category and all below"
    about = "The tree below a category and the products on sale in each branch."
    permission = "catalog.view_category"
    form = CategoryForm
    columns = (
        Column("Category"),
        Column("Slug"),
        Column("Depth", number=True),
        Column("Products on sale", number=True),
    )

    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        for branch in category_subtree(category_id=parameters["category"].pk):
            name = " › ".join(branch.path)
            yield name, branch.slug, branch.depth, branch.products

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        bars = [
            Bar(str(row[0]).rpartition(" › ")[2], row[3], f"{row[3]:,}")
            for row in rows[:40]
            if row[3]
        ]
        return bar_plot(bars, title="Products on sale", about="One bar a category.")


def _first() -> Any:
    return Category.objects.filter(parent=None).in_order().values_list("pk", flat=True).first()
