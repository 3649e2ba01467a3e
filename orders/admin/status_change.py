"""What happened to orders: read, never written here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest

from catalog.admin.shop_admin import ReadOnly, ShopAdmin
from orders.models import OrderStatusChange


class NamedActors(admin.options.BaseModelAdmin):
    """Steps with the name of the user who took them; the log has the user's key."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        model: Any = get_user_model()
        text: CharField = CharField()
        users = model.objects.annotate(key=Cast("pk", text)).filter(key=OuterRef("actor"))
        name = Subquery(users.values(model.USERNAME_FIELD)[:1], output_field=text)
        return super().get_queryset(request).annotate(who=Coalesce(name, "actor"))

    @admin.display(description="who")
    def who(self, step: Any) -> str:
        return str(step.who)


class StatusChangeInline(ReadOnly, NamedActors, admin.TabularInline):
    """The story of an order, on its page."""

    model = OrderStatusChange
    fields = ("created_at", "from_status", "to_status", "who", "reason")
    readonly_fields = fields
    verbose_name_plural = "what happened"
    classes = ("shop-plain",)
    ordering = ("created_at", "id")
    extra = 0


@admin.register(OrderStatusChange)
class OrderStatusChangeAdmin(ReadOnly, NamedActors, ShopAdmin):
    """Every step of every order."""

    list_display = ("created_at", "order", "from_status", "to_status", "who", "reason")
    list_filter = ("to_status",)
    list_select_related = ("order",)
    search_fields = ("=order__order_number",)
    exact_fields = ("order__order_number",)
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    readonly_fields = ("who",)
    fieldsets = (
        (None, {"fields": ("order", ("from_status", "to_status"), "created_at", "who", "reason")}),
    )
