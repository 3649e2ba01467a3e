"""The history page of a row: who changed what, when and why, from the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from catalog.admin.events import event_model, steps_of

LIMIT = 200


class HistoryPage(admin.ModelAdmin):
    """Shows the audit trail of tracked models in place of admin's own log.

    The log knows only what was done in admin, and the names of fields without their values.
    """

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if event_model(self.model) is None:
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        steps, older = steps_of(row, limit=LIMIT)
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            "admin/shop/history.html",
            {
                **self.admin_site.each_context(request),
                "title": f"History of {row}",
                "subtitle": None,
                "steps": steps,
                "older": older,
                "limit": LIMIT,
                "module_name": capfirst(str(self.opts.verbose_name_plural)),
                "object": row,
                "opts": self.opts,
                **(extra_context or {}),
            },
        )
