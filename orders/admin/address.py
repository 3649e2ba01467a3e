"""Addresses."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin.shop_admin import ShopAdmin, ShopInline
from orders.models import Address

_PLACE = (
    "street_line1",
    "street_line2",
    ("postal_code", "city"),
    ("state_or_province", "country_code"),
)


@admin.register(Address)
class AddressAdmin(ShopAdmin):
    """Where bills and goods go."""

    list_display = (
        "customer",
        "address_type",
        "street_line1",
        "postal_code",
        "city",
        "country_code",
        "is_default",
    )
    list_display_links = ("customer", "street_line1")
    list_filter = ("address_type", "is_default")
    list_select_related = ("customer",)
    search_fields = (
        "customer__last_name__istartswith",
        "street_line1__istartswith",
        "city__istartswith",
        "postal_code__startswith",
    )
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("customer",)
    fieldsets = (
        (None, {"fields": ("customer", ("address_type", "is_default"), *_PLACE)}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )


class AddressInline(ShopInline, admin.StackedInline):
    """The addresses of a customer, on the customer's page."""

    model = Address
    fields = (("address_type", "is_default"), *_PLACE)
    ordering = ("address_type", "id")
