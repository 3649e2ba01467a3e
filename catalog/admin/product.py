"""Products."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.search import SearchQuery
from django.db.models import JSONField, QuerySet
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest

from catalog.admin.archive import Archive, ArchiveFilter
from catalog.admin.exact_search import is_autocomplete
from catalog.admin.product_tag import ProductTagInline
from catalog.admin.shop_admin import ShopAdmin
from catalog.models import Product
from catalog.services import product_archive, product_restore


class IndentedJson(forms.JSONField):
    """JSON with a line for each part, as people write it."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False, cls=self.encoder)


class StockFilter(admin.SimpleListFilter):
    """Products by what is left of them."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "Sold out"), ("few", "Fewer than ten"), ("some", "In stock")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        limits: dict[str | None, dict[str, int]] = {
            "none": {"inventory_count": 0},
            "few": {"inventory_count__lt": 10},
            "some": {"inventory_count__gt": 0},
        }
        return queryset.filter(**limits.get(self.value(), {}))


@admin.register(Product)
class ProductAdmin(Archive, ShopAdmin):
    """What is sold; price, stock and sale are edited in the list."""

    archive_row = product_archive
    restore_row = product_restore
    key_name = "product_id"

    list_display = (
        "name",
        "sku",
        "category",
        "base_price",
        "inventory_count",
        "is_active",
        "updated_at",
    )
    list_editable = ("base_price", "inventory_count", "is_active")
    list_filter = (ArchiveFilter, "is_active", StockFilter, "category")
    list_select_related = ("category",)
    search_fields = ("name", "sku", "description")
    search_help_text = "Words, “phrases”, -without, or; a SKU or a key finds its product alone."
    exact_fields = ("sku",)
    ordering = ("name", "id")
    date_hierarchy = "created_at"
    actions = ("export_csv", "put_away", "restore")
    autocomplete_fields = ("category",)
    inlines = (ProductTagInline,)
    formfield_overrides = {JSONField: {"form_class": IndentedJson}}
    readonly_fields = ("created_at", "updated_at", "deleted_at")
    fieldsets = (
        (None, {"fields": ("name", "sku", "category", "description")}),
        ("Sale", {"fields": (("base_price", "inventory_count"), "is_active")}),
        ("Attributes", {"fields": ("attributes",)}),
        ("Dates", {"fields": (("created_at", "updated_at", "deleted_at"),)}),
    )

    def search_words(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str
    ) -> tuple[QuerySet[Any], bool]:
        if not is_autocomplete(request):
            ordered = "o" in request.GET
            found = queryset.search(words)  # type: ignore[attr-defined]
            return (found.order_by(*queryset.query.order_by) if ordered else found), False
        # While one types, the last word is a beginning; the same index answers.
        parts = re.findall(r"\w+", words)
        if not parts:
            return queryset.none(), False
        typed = " & ".join(f"{part}:*" for part in parts)
        query = SearchQuery(typed, search_type="raw", config="english")
        return queryset.filter(search_vector=query), False
