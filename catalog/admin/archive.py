"""Rows that are put away and brought back, in place of deleting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from catalog.admin.exact_search import is_autocomplete
from catalog.admin.refusal import Refused, refusal_errors
from catalog.admin.violation_messages import ViolationMessages


class ArchiveFilter(admin.SimpleListFilter):
    """Living rows unless one asks for the others."""

    title = "put away"
    parameter_name = "away"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Put away"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        living, *others = super().choices(changelist)
        return [{**living, "display": "Not put away"}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.deleted() if self.value() == "yes" else queryset.living()


class Archive(ViolationMessages):
    """Deleting puts away; rows put away are read-only until they are restored."""

    # Services: keyword-only key, actor and reason.
    archive_row: ClassVar[Callable[..., Any]]
    restore_row: ClassVar[Callable[..., Any]]
    key_name: ClassVar[str]
    delete_confirmation_template = "admin/shop/put_away.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.restore_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        return [path("<path:object_id>/restore/", view, name=name), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_deleted)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.is_deleted)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Nothing else goes: what refers to a row that is put away still finds it.
        return [str(row) for row in objs], {}, set(), []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if is_autocomplete(request):
            queryset = queryset.living()  # type: ignore[attr-defined]
        return super().get_search_results(request, queryset, search_term)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        context = {"title": "Put away", **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> Any:
        if IS_POPUP_VAR in request.POST:
            return super().response_delete(request, obj_display, obj_id)
        told = f"“{obj_display}” was put away; the filter “put away” shows it."
        self.message_user(request, told, messages.SUCCESS)
        listed = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        filters: Any = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        return HttpResponseRedirect(add_preserved_filters(filters, listed))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        type(self).archive_row(**self._asked(request, obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for key in queryset.values_list("pk", flat=True):
            type(self).archive_row(**self._asked(request, key))

    @admin.action(description="Put selected away", permissions=["delete"])
    def put_away(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset.living(), type(self).archive_row, "put away")

    @admin.action(description="Restore selected", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset.deleted(), type(self).restore_row, "restored")

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Restore one row, by POST."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, unquote(object_id))
        if row is None or not super().has_change_permission(request, row):
            raise PermissionDenied
        self._each(request, [row], type(self).restore_row, "restored")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[quote(row.pk)]))

    def _each(
        self, request: HttpRequest, rows: Any, service: Callable[..., Any], done: str
    ) -> None:
        count = 0
        for row in rows:
            try:
                service(**self._asked(request, row.pk))
            except (IntegrityError, ValidationError) as error:
                told = Refused("", refusal_errors(error))
                self.message_user(request, f"{row}: {told}", messages.ERROR)
            else:
                count += 1
                self.log_change(request, row, f"{done.capitalize()}.")
        if count:
            noun = self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
            self.message_user(request, f"{count} {noun} {done}.", messages.SUCCESS)

    def _asked(self, request: HttpRequest, key: Any) -> dict[str, Any]:
        return {
            self.key_name: key,
            "actor": request.user,
            "reason": self.reason_of(request),
        }
