"""Customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from catalog.admin.archive import Archive, ArchiveFilter
from catalog.admin.shop_admin import ShopAdmin
from orders.admin.address import AddressInline
from orders.models import Customer
from orders.services import customer_archive, customer_restore


@admin.register(Customer)
class CustomerAdmin(Archive, ShopAdmin):
    """People who buy."""

    archive_row = customer_archive
    restore_row = customer_restore
    key_name = "customer_id"

    list_display = ("last_name", "first_name", "email", "phone", "is_active", "created_at")
    list_display_links = ("last_name", "first_name")
    list_filter = (ArchiveFilter, "is_active")
    search_fields = ("last_name__istartswith", "first_name__istartswith")
    search_help_text = "Beginning of a name; a whole e-mail address, phone number or key."
    exact_fields = ("phone",)
    ordering = ("last_name", "first_name", "id")
    date_hierarchy = "created_at"
    actions = ("export_csv", "put_away", "restore")
    inlines = (AddressInline,)
    readonly_fields = ("created_at", "updated_at", "deleted_at")
    fieldsets = (
        (None, {"fields": (("first_name", "last_name"), "email", "phone", "is_active")}),
        ("Dates", {"fields": (("created_at", "updated_at", "deleted_at"),)}),
    )

    def search_words(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str
    ) -> tuple[QuerySet[Any], bool]:
        if "@" in words:
            # As the unique index writes it.
            found = queryset.annotate(address=Lower("email")).filter(address=words.lower())
            return found, False
        return super().search_words(request, queryset, words)
