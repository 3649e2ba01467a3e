"""The stored migration preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import ServerError
from modeler.models import StoredResult
from modeler.results import newest
from modeler.web.access import page
from modeler.web.render import render_page


@page(permissions.READ)
def preview(request: HttpRequest) -> HttpResponse:
    stored, notices = None, []
    try:
        stored = newest(StoredResult.Kind.PREVIEW)
    except ServerError as error:
        notices.append(str(error))
    return render_page(
        request,
        "preview.html",
        title=_("Migration preview"),
        stored=stored,
        preview=stored.payload if stored else None,
        command=stored.command if stored else "manage.py migration_preview --store",
        notices=notices,
    )
