"""Which product carries which tag."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.shop_admin import ShopAdmin, ShopInline
from catalog.models import ProductTag


@admin.register(ProductTag)
class ProductTagAdmin(ShopAdmin):
    """Tags on products, one by one."""

    list_display = ("product", "tag", "created_at")
    list_select_related = ("product", "tag")
    search_fields = ("product__name__istartswith", "product__sku__istartswith", "tag__name")
    exact_fields = ("product__sku", "tag__slug")
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("product", "tag")
    fieldsets = (
        (None, {"fields": ("product", "tag")}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )


class ProductTagInline(ShopInline, admin.TabularInline):
    """The tags of a product, on its page."""

    model = ProductTag
    fields = ("tag",)
    autocomplete_fields = ("tag",)
    related = ("product", "tag")
    classes = ("shop-plain",)
    extra = 1
    ordering = ("tag__name", "id")
