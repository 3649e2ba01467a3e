"""Tags."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.shop_admin import ShopAdmin
from catalog.models import Tag


@admin.register(Tag)
class TagAdmin(ShopAdmin):
    """Words that can be put on products."""

    list_display = ("name", "slug", "updated_at")
    search_fields = ("name", "slug")
    exact_fields = ("slug",)
    ordering = ("name", "id")
    date_hierarchy = "created_at"
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug")}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )
