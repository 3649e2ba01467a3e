"""Saved views for the browser, as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from modeler import permissions
from modeler.errors import FormatError
from modeler.models import SavedView
from modeler.saved_views import (
    may_change,
    view_change,
    view_delete,
    view_of,
    view_save,
    views_of,
)
from modeler.web.access import page, person
from modeler.web.answers import in_sentences


@page(permissions.READ)
@require_http_methods(["GET", "POST"])
@in_sentences
def views(request: HttpRequest) -> HttpResponse:
    """List the views that the person may see, or keep a new one."""
    user = person(request)
    if request.method == "POST":
        return JsonResponse(as_json(view_save(user=user, given=_body(request)), user), status=201)
    listed = views_of(user).select_related("owner", "updated_by").defer("positions", "notes")
    return JsonResponse(
        {
            "views": [as_json(view, user, whole=False) for view in listed],
            "mayShare": user.has_perm(permissions.SHARE),
        }
    )


@page(permissions.READ)
@require_http_methods(["GET", "PATCH", "DELETE"])
@in_sentences
def saved_view(request: HttpRequest, number: int) -> HttpResponse:
    """Give, change or delete a view; a change names the ``version`` that it is made to."""
    user = person(request)
    view = view_of(user, number)
    if request.method == "DELETE":
        view_delete(user=user, view=view)
        return JsonResponse({})
    if request.method == "PATCH":
        given = _body(request)
        version = given.pop("version", None)
        if not isinstance(version, int) or isinstance(version, bool):
            raise FormatError("A change must name the version that it is made to.")
        view = view_change(user=user, view=view, version=version, given=given)
    return JsonResponse(as_json(view, user))


def as_json(view: SavedView, user: Any, *, whole: bool = True) -> dict[str, Any]:
    """Return a view as the browser knows it; without positions and notes unless ``whole``."""
    listed = {
        "id": view.pk,
        "name": view.name,
        "selection": view.selection,
        "owner": str(view.owner) if view.owner else "",
        "shared": view.shared,
        "defaultFor": view.default_for,
        "version": view.version,
        "updatedAt": view.updated_at.isoformat(),
        "updatedBy": str(view.updated_by) if view.updated_by else "",
        "mayChange": may_change(user, view),
    }
    return {**listed, "positions": view.positions, "notes": view.notes} if whole else listed


def _body(request: HttpRequest) -> dict[str, Any]:
    given = json.loads(request.body)
    if not isinstance(given, dict):
        raise FormatError("The body must be a JSON object.")
    return given
