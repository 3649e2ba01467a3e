"""The index of all tables and columns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.web.access import page
from modeler.web.render import render_page


@page(permissions.READ)
def tables(request: HttpRequest) -> HttpResponse:
    return render_page(request, "tables.html", title=_("Tables"), q=request.GET.get("q", ""))
