"""Categories."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.shop_admin import ShopAdmin
from catalog.models import Category


@admin.register(Category)
class CategoryAdmin(ShopAdmin):
    """The tree; its order among siblings is edited in the list."""

    list_display = ("name", "parent", "slug", "sort_order", "is_active", "updated_at")
    list_editable = ("sort_order", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    exact_fields = ("slug",)
    ordering = ("sort_order", "name", "id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "parent", "description")}),
        ("Display", {"fields": ("is_active", "sort_order")}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )
