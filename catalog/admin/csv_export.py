"""Any list as CSV: what is shown, filtered, searched and sorted, to the last row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from catalog.csv_lines import csv_response

_CHUNK = 2000


class CsvExport(admin.ModelAdmin):
    """Adds a link for the whole list and an action for the rows that are ticked."""

    # Names as in ``list_display``; empty for the columns of the list itself.
    csv_columns: ClassVar[Sequence[str]] = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.csv_view)
        own = path("csv/", view, name=f"{self.opts.app_label}_{self.opts.model_name}_csv")
        return [own, *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """Stream the list that the query string describes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist: Any = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return self.csv_of(request, changelist.queryset)

    @admin.action(description="Download selected as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        return self.csv_of(request, queryset)

    def csv_of(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        """Return rows as a download, read by a cursor on the server as they are sent."""
        names = [*(self.csv_columns or self.get_list_display(request))]
        if self.list_select_related:
            related: Any = self.list_select_related
            queryset = queryset.select_related(*related)
        header = [label_for_field(name, self.model, model_admin=self) for name in names]
        return csv_response(
            str(self.opts.verbose_name_plural).replace(" ", "-"),
            ["id", *header],
            self._csv_rows(names, queryset),
        )

    def _csv_rows(
        self, names: Sequence[Any], queryset: QuerySet[Any]
    ) -> Iterator[tuple[Any, ...]]:
        for row in queryset.iterator(chunk_size=_CHUNK):
            yield (row.pk, *(self._csv_value(name, row) for name in names))

    def _csv_value(self, name: Any, row: Any) -> Any:
        field, _, value = lookup_field(name, row, self)
        choices = dict(getattr(field, "flatchoices", None) or ())
        return choices.get(value, value)
