"""What orders are made of; changed on the page of the order, by its services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.utils.html import format_html

from catalog.admin.refusal import RefusableFormSet
from catalog.admin.shop_admin import InlineForm, ReadOnly, ShopAdmin, ShopInline
from orders.models import Order, OrderItem
from orders.services import order_item_add, order_item_change, order_item_remove
from orders.status import OrderStatus


class Label(forms.Widget):
    """The words of a value that stays as it is."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return format_html('<span class="shop-fixed">{}</span>', self.words)


class ItemForm(InlineForm):
    """Pieces of a product: the product is chosen once, the quantity may change."""

    # Too few in stock: it is the quantity that asks for too many.
    concerns = {"inventory_count": "quantity", "order": NON_FIELD_ERRORS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.instance
        if not item._state.adding and "product" in self.fields:
            self.fields["product"].disabled = True
            self.fields["product"].widget = Label(f"{item.product_name} ({item.product_sku})")


class ItemFormSet(RefusableFormSet):
    """Writes through the services, which move the stock and the sums of the order too."""

    def row_add(self, form: Any) -> OrderItem:
        return order_item_add(
            order_id=self.instance.pk,
            product_id=form.cleaned_data["product"].pk,
            quantity=form.cleaned_data["quantity"],
        )

    def row_change(self, form: Any, obj: OrderItem) -> OrderItem:
        return order_item_change(item_id=obj.pk, quantity=form.cleaned_data["quantity"])

    def row_remove(self, obj: OrderItem) -> None:
        order_item_remove(item_id=obj.pk)


class OrderItemInline(ShopInline, admin.TabularInline):
    """The items on the page of their order, to be changed while it is pending."""

    model = OrderItem
    form = ItemForm
    formset = ItemFormSet
    fields = ("product", "quantity", "unit_price", "total_price")
    readonly_fields = ("unit_price", "total_price")
    autocomplete_fields = ("product",)
    related = ("product",)
    classes = ("shop-plain",)
    ordering = ("created_at", "id")

    def get_extra(self, request: HttpRequest, obj: Order | None = None, **kwargs: Any) -> int:
        return 1 if obj is not None else 3

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return _open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return _open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return _open(obj) and super().has_delete_permission(request, obj)


@admin.register(OrderItem)
class OrderItemAdmin(ReadOnly, ShopAdmin):
    """Items across all orders, to look something up."""

    list_display = (
        "order",
        "product_sku",
        "product_name",
        "quantity",
        "unit_price",
        "total_price",
        "created_at",
    )
    list_select_related = ("order",)
    search_fields = ("product_sku__startswith", "=order__order_number")
    exact_fields = ("order__order_number", "product__sku")
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("order", "product", ("product_name", "product_sku"))}),
        ("Price", {"fields": (("quantity", "unit_price", "total_price"),)}),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )


def _open(order: Order | None) -> bool:
    return order is None or order.status == OrderStatus.PENDING
