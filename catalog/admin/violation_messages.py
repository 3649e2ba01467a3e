"""What the database refuses is told in the form, the list or on top of the page: never a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from catalog.acting import acting
from catalog.admin.refusal import (
    Refused,
    deferred_rules_check,
    refusal_errors,
    refusal_note,
    refusals_noted,
    refusals_of,
)

REASON = "change_reason"


class ViolationMessages(admin.ModelAdmin):
    """Writes with the actor and the reason noted, and gives refusals back to the forms."""

    def reason_of(self, request: HttpRequest) -> str:
        """Return why the user says to change this; the page has a field for it."""
        return request.POST.get(REASON, "").strip()[:500] or "changed in admin"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusals = refusals_noted(request)  # type: ignore[attr-defined]
        return form

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        form = super().get_changelist_form(request, **kwargs)
        form.refusals = refusals_noted(request)  # type: ignore[attr-defined]
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        view = super().changeform_view
        return self.tried(request, lambda: view(request, object_id, form_url, extra_context))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        view = super().changelist_view
        if "_save" not in request.POST:
            # An action writes row by row and tells what became of each.
            return view(request, extra_context)
        return self.tried(request, lambda: view(request, extra_context))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        view = super().delete_view
        return self.tried(request, lambda: view(request, object_id, extra_context))

    def response_action(self, request: HttpRequest, queryset: Any, *more: Any) -> Any:
        try:
            with acting(actor=request.user, reason=self.reason_of(request)):
                return super().response_action(request, queryset, *more)
        except (IntegrityError, ValidationError) as error:
            return self._told_on_top(request, Refused("", refusal_errors(error)))

    def tried(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Return what the view answers; after a refusal, what it answers when it knows of it."""
        if request.method != "POST":
            return view()
        try:
            return self._written(request, view)
        except Refused as refused:
            refusal_note(request, refused)
        try:
            return self._written(request, view)
        except Refused as refused:
            # No form took the refusal: say it on top, rather than try for ever.
            return self._told_on_top(request, refused)

    def _written(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        with (
            refusals_of(""),
            transaction.atomic(),
            acting(actor=request.user, reason=self.reason_of(request)),
        ):
            return view()

    def _told_on_top(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        self.message_user(request, str(refused), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with refusals_of(form.prefix):
            self.row_write(request, obj, form, change=change)

    def row_write(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> None:
        """Write a row: of one that was there only the columns that were changed."""
        if not change:
            obj.save()
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        if changed := [name for name in form.changed_data if name in columns]:
            obj.save(update_fields=changed)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Before the log is written and the user told that all went well.
        with refusals_of(form.prefix):
            deferred_rules_check()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        deferred_rules_check()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            deferred_rules_check()
