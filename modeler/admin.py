"""Stored results in admin: to find modeler's pages, and to remove what is old."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from modeler.models import StoredResult


@admin.register(StoredResult)
class StoredResultAdmin(admin.ModelAdmin):
    list_display = ("__str__", "created_at", "command", "page")
    list_filter = ("kind",)
    date_hierarchy = "created_at"
    fields = ("kind", "subject", "command", "created_at", "fingerprint", "page")
    readonly_fields = fields

    @admin.display(description=_("page"))
    def page(self, result: StoredResult) -> str:
        """Link to the page that shows the newest of the kind."""
        try:
            address = reverse(f"modeler:{result.kind}")
        except NoReverseMatch:
            return ""  # the project has the commands alone
        return format_html('<a href="{}">{}</a>', address, result.get_kind_display())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredResult | None = None) -> bool:
        return False
