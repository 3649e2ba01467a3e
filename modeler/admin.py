"""What modeler keeps, in admin: to find its pages, and to remove what is old."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from modeler.models import CollectionDesign, SavedView, SchemaSnapshot, StoredResult


class KeptAdmin(admin.ModelAdmin):
    """Rows that pages and commands write: here they are read and deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(StoredResult)
class StoredResultAdmin(KeptAdmin):
    list_display = ("__str__", "created_at", "command", "page")
    list_filter = ("kind",)
    date_hierarchy = "created_at"
    fields = ("kind", "subject", "command", "created_at", "fingerprint", "page")
    readonly_fields = fields

    @admin.display(description=_("page"))
    def page(self, result: StoredResult) -> str:
        """Link to the page that shows it, at its permanent address."""
        try:
            address = reverse(f"modeler:{result.kind}")
        except NoReverseMatch:
            return ""  # the project has the commands alone
        kind = result.get_kind_display()
        return format_html('<a href="{}?stored={}">{}</a>', address, result.pk, kind)


@admin.register(SchemaSnapshot)
class SchemaSnapshotAdmin(KeptAdmin):
    list_display = ("__str__", "source", "fingerprint", "taken_at", "taken_by")
    list_filter = ("source",)
    search_fields = ("name", "source", "fingerprint")
    date_hierarchy = "taken_at"
    fields = ("name", "source", "fingerprint", "taken_at", "taken_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchemaSnapshot]:
        # A document of a large project takes megabytes.
        return super().get_queryset(request).defer("document").select_related("taken_by")


@admin.register(SavedView)
class SavedViewAdmin(KeptAdmin):
    """Views are changed where they are seen: on the diagram's page, which knows their version."""

    list_display = ("name", "owner", "shared", "default_for", "updated_at", "updated_by", "page")
    list_filter = ("shared",)
    search_fields = ("name",)
    fields = (
        "name", "owner", "shared", "default_for", "selection", "version", "created_at",
        "updated_at", "updated_by", "page",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        rows = super().get_queryset(request).defer("positions", "notes")
        return rows.select_related("owner", "updated_by")

    @admin.display(description=_("page"))
    def page(self, view: SavedView) -> str:
        """Link to the diagram as the view shows it."""
        try:
            address = reverse("modeler:diagram")
        except NoReverseMatch:
            return ""  # the project has the commands alone
        return format_html('<a href="{}?view={}">{}</a>', address, view.pk, view.name)


@admin.register(CollectionDesign)
class CollectionDesignAdmin(KeptAdmin):
    """Decisions are made where their numbers are seen; here they are read and taken back."""

    list_display = ("relation", "verdict", "note", "decided_by", "decided_at")
    list_filter = ("verdict", "alias")
    search_fields = ("relation", "note")
    fields = ("alias", "relation", "verdict", "note", "measures", "decided_by", "decided_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[CollectionDesign]:
        return super().get_queryset(request).select_related("decided_by")
