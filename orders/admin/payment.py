"""Payments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.admin.shop_admin import ShopAdmin
from catalog.keys import uuid7
from orders.models import Payment


@admin.register(Payment)
class PaymentAdmin(ShopAdmin):
    """Attempts to be paid: their course is written down, what they were made for stays."""

    list_display = ("order", "amount", "status", "provider_reference", "created_at")
    list_filter = ("status",)
    list_select_related = ("order",)
    search_fields = ("provider_reference__startswith", "=order__order_number")
    search_help_text = "A whole order number, idempotency key or key; beginning of a reference."
    exact_fields = ("idempotency_key", "provider_reference", "order__order_number")
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("order",)
    fieldsets = (
        (None, {"fields": ("order", "amount", "status")}),
        ("Provider", {"fields": ("provider_reference", "idempotency_key")}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = ("order", "amount", "idempotency_key") if obj is not None else ("status",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"idempotency_key": uuid7().hex, **super().get_changeform_initial_data(request)}
