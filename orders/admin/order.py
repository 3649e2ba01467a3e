"""Orders."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.admin.shop_admin import ShopAdmin
from orders.admin.order_item import OrderItemInline
from orders.admin.status_change import StatusChangeInline
from orders.admin.transition_actions import TransitionActions
from orders.models import Order
from orders.status import OrderStatus

_TOTALS = ("order_number", "status", "subtotal", "total_amount", "created_at", "updated_at")
_TYPED = ("customer", "billing_address", "shipping_address", "tax_amount", "shipping_amount")


@admin.register(Order)
class OrderAdmin(TransitionActions, ShopAdmin):
    """What customers want to have: edited while pending, moved by what the table allows."""

    list_display = ("order_number", "customer", "status", "total_amount", "created_at")
    list_filter = ("status",)
    list_select_related = ("customer",)
    search_fields = (
        "order_number__startswith",
        "customer__last_name__istartswith",
        "customer__first_name__istartswith",
    )
    search_help_text = "An order number, a key, or the beginning of the customer's name."
    exact_fields = ("order_number",)
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("customer", "billing_address", "shipping_address")
    readonly_fields = _TOTALS
    inlines = (OrderItemInline, StatusChangeInline)
    fieldsets = (
        (None, {"fields": (("order_number", "status"), "customer")}),
        ("Addresses", {"fields": ("billing_address", "shipping_address")}),
        (
            "Amounts",
            {
                "fields": (
                    ("tax_amount", "shipping_amount"),
                    ("subtotal", "total_amount"),
                ),
                "description": "Subtotal and total follow from the items when you save.",
            },
        ),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        pending = obj is None or obj.status == OrderStatus.PENDING
        return _TOTALS if pending else (*_TOTALS, *_TYPED)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        # A new order has no story yet.
        return self.inlines if obj is not None else self.inlines[:1]

    def row_write(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> None:
        changed = [name for name in form.changed_data if name in _TYPED]
        if change and not changed:
            return
        # Items are written after the order, by services that then bring the sums up to date.
        obj.total_amount = obj.subtotal + obj.tax_amount + obj.shipping_amount
        obj.save(update_fields=[*changed, "total_amount"] if change else None)
