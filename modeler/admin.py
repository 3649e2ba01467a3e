"""Stored results and snapshots in admin: to find modeler's pages, and to remove what is old."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from modeler.models import SchemaSnapshot, StoredResult


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


@admin.register(SchemaSnapshot)
class SchemaSnapshotAdmin(admin.ModelAdmin):
    list_display = ("__str__", "source", "fingerprint", "taken_at", "taken_by")
    list_filter = ("source",)
    search_fields = ("name", "source", "fingerprint")
    date_hierarchy = "taken_at"
    fields = ("name", "source", "fingerprint", "taken_at", "taken_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchemaSnapshot]:
        # A document of a large project takes megabytes.
        return super().get_queryset(request).defer("document").select_related("taken_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: SchemaSnapshot | None = None
    ) -> bool:
        return False
