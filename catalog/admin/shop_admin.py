"""What every admin page of the shop shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import connection, models
from django.http import HttpRequest

from catalog.admin.autocomplete import LabelledAutocomplete, LabelledRows
from catalog.admin.capped import CappedChangeList, CappedPaginator
from catalog.admin.csv_export import CsvExport
from catalog.admin.exact_search import ExactSearch
from catalog.admin.history_page import HistoryPage
from catalog.admin.refusal import RefusableFormSet, refusals_noted
from catalog.admin.shown_cells import ShownCells
from catalog.admin.versioned_form import VERSION, VersionedForm, VersionedRow
from catalog.admin.violation_messages import ViolationMessages


class LabelledBoxes(admin.options.BaseModelAdmin):
    """Select boxes for foreign keys that know the label of what was fetched with the row."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            kwargs["widget"] = LabelledAutocomplete(db_field, self.admin_site, using=using)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ShopAdmin(LabelledBoxes, CsvExport, HistoryPage, ExactSearch, ViolationMessages):
    """Lists that stay quick, forms that notice each other, refusals in words, CSV and history."""

    form = VersionedForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    actions: tuple[str, ...] = ("export_csv",)
    change_form_template = "admin/shop/change_form.html"
    change_list_template = "admin/shop/change_list.html"
    readonly_fields: ClassVar[tuple[str, ...]] = ("created_at", "updated_at")

    class Media:
        css = {"all": ["catalog/shop.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CappedChangeList]:
        return CappedChangeList

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": ShownCells, **kwargs})

    def _get_list_editable_queryset(self, request: HttpRequest, prefix: str) -> Any:
        # Locked until they are written, so that nobody changes them after they were compared.
        rows = super()._get_list_editable_queryset(request, prefix)
        return rows.select_for_update(of=("self",), no_key=True)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            # What the database will set has no value yet that could be shown.
            return _without(fieldsets, set(self.get_readonly_fields(request)))
        if not self.has_change_permission(request, obj):
            return fieldsets
        name, options = fieldsets[0]
        return [(name, {**options, "fields": [*options["fields"], VERSION]}), *fieldsets[1:]]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        # Locked first and read again after, so that the form is compared with what is there.
        locked: Any = self.model._base_manager.select_for_update(no_key=True)
        locked.filter(pk=row.pk).values_list("pk").first()
        return super().get_object(request, object_id, from_field)

    def response_action(self, request: HttpRequest, queryset: Any, *more: Any) -> Any:
        if request.POST.get("select_across") == "1":
            paginator: Any = self.get_paginator(request, queryset, self.list_per_page)
            if paginator.capped:
                self.message_user(
                    request,
                    f"More than {CappedChangeList.cap:,} rows at once are too many. Filter first.",
                    messages.ERROR,
                )
                return None
        return super().response_action(request, queryset, *more)


def _without(fieldsets: Any, names: set[str]) -> list[Any]:
    """Return the fieldsets without some fields, and without lines and sets that are then empty."""
    kept = []
    for title, options in fieldsets:
        lines = [
            line if isinstance(line, str) else tuple(name for name in line if name not in names)
            for line in options["fields"]
            if line not in names
        ]
        if lines := [line for line in lines if line]:
            kept.append((title, {**options, "fields": lines}))
    return kept


class ReadOnly(admin.options.BaseModelAdmin):
    """Rows that are shown and not changed here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InlineForm(LabelledRows, VersionedRow):
    """A row of an inline."""


class ShopInline(LabelledBoxes, admin.options.InlineModelAdmin):
    """Rows below their parent, fetched with all that they show, each with its version."""

    form = InlineForm
    formset = RefusableFormSet
    extra = 0
    related: Sequence[str] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return fieldsets
        name, options = fieldsets[0]
        return [(name, {**options, "fields": [*options["fields"], VERSION]}), *fieldsets[1:]]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # Rows name their version beside the fields that the caller lists.
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.refusals = refusals_noted(request)  # type: ignore[attr-defined]
        return formset
