"""The first page: what there is, and how fresh what was stored is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler import permissions
from modeler.errors import ServerError
from modeler.models import StoredResult
from modeler.previews.steps import pending_migrations
from modeler.results import newest
from modeler.schema.table import TableKind
from modeler.web.access import page
from modeler.web.project import project_schema, specs_or_notice
from modeler.web.render import render_page


@dataclass(frozen=True, slots=True)
class Card:
    """A room with its figure."""

    title: str
    figure: str
    text: str
    url: str
    stored_at: datetime | None = None


@page(permissions.READ)
def cockpit(request: HttpRequest) -> HttpResponse:
    notices: list[str] = []
    return render_page(
        request, "cockpit.html", title=_("Data model"), cards=_cards(notices), notices=notices
    )


def _cards(notices: list[str]) -> list[Card]:
    schema = project_schema()
    tables = [table for table in schema.tables if table.kind is not TableKind.SWAPPED]
    relations = len(schema.relations)
    known = specs_or_notice()
    notices += known.notices
    open_points = sum(len(spec.findings) for spec in known.specs)
    previewed = None
    try:
        previewed = newest(StoredResult.Kind.PREVIEW)
    except ServerError as error:
        notices.append(str(error))
    return [
        Card(
            _("ER diagram"),
            str(len(tables)),
            _("tables") + ", " + ngettext("%d relation", "%d relations", relations) % relations,
            reverse("modeler:diagram"),
        ),
        _migrations(notices, previewed),
        Card(
            _("Collection specs"),
            str(len(known.specs)),
            _("collections") + ", " + ngettext("%d note", "%d notes", open_points) % open_points,
            reverse("modeler:collections"),
        ),
    ]


def _migrations(notices: list[str], previewed: StoredResult | None) -> Card:
    figure, text = "–", _("migrations could not be read")
    try:
        pending = pending_migrations()
        figure = str(len(pending))
        text = ngettext("pending migration", "pending migrations", len(pending))
    except ServerError as error:
        notices.append(str(error))
    return Card(
        _("Migration preview"),
        figure,
        text,
        reverse("modeler:preview"),
        previewed.created_at if previewed else None,
    )
