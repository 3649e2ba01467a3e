"""The stored migration preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import FormatError, ServerError
from modeler.models import StoredResult
from modeler.previews.encoding import from_document
from modeler.previews.text import headline
from modeler.results import newest
from modeler.web.access import page
from modeler.web.render import render_page


@page(permissions.READ)
def preview(request: HttpRequest) -> HttpResponse:
    stored, shown, notices = None, None, []
    try:
        stored = newest(StoredResult.Kind.PREVIEW)
        shown = from_document(stored.payload) if stored else None
    except (ServerError, FormatError) as error:
        notices.append(str(error))
    return render_page(
        request,
        "preview.html",
        title=_("Migration preview"),
        stored=stored,
        preview=shown,
        headline=headline(shown) if shown else "",
        command="manage.py migration_preview --store",
        notices=notices,
    )
