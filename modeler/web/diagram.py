"""The page on which the diagram is browsed; its data comes from ``modeler.web.scenes``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.graph import ColumnMode
from modeler.diagrams.selection.kinds import hidden_kinds
from modeler.diagrams.selection.query import from_query, to_query
from modeler.diagrams.selection.selection import MOST_HOPS, Show
from modeler.errors import UnknownName
from modeler.schema.table import TableKind
from modeler.web.access import page
from modeler.web.project import project_schema
from modeler.web.render import render_page

# A key stands in an address that the browser completes.
PLACE = "__key__"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list: its value, its name for people, how many tables it is about."""

    value: str
    title: str
    count: int = 0


@page(permissions.READ)
def diagram(request: HttpRequest) -> HttpResponse:
    schema = project_schema()
    selection, said = from_query(request.META.get("QUERY_STRING", ""))
    known = {table.key.casefold() for table in schema.tables}
    for name in selection.focus:
        if name.casefold() not in known:
            keys = [table.key for table in schema.tables]
            return render_page(
                request,
                "unknown.html",
                title=_("Not found"),
                status=404,
                unknown=UnknownName("table", name, keys),
            )
    query = to_query(selection)
    asked = f"?{query}" if query else ""
    unread = len(schema.missing)
    notices = list(said)
    if unread:
        notices.append(
            _("%d things could not be read; the list of all tables names them.") % unread
        )
    return render_page(
        request,
        "diagram.html",
        title=_("ER diagram"),
        notices=notices,
        selection=selection,
        query=query,
        scene_url=reverse("modeler:scene") + asked,
        search_url=reverse("modeler:search"),
        arrange_url=reverse("modeler:arrange"),
        views_url=reverse("modeler:views"),
        apps=_apps(),
        kinds=_kinds(),
        columns=_columns(),
        hop_choices=range(MOST_HOPS + 1),
        place=PLACE,
    )


def _apps() -> list[Option]:
    schema = project_schema()
    titles = {app.label: app.title for app in schema.apps}
    counts = Counter(table.app for table in schema.tables if table.kind is not TableKind.SWAPPED)
    return [
        Option(label, titles.get(label, label) or _("Tables without a model"), counts[label])
        for label in sorted(counts)
    ]


def _kinds() -> list[Option]:
    counts = Counter(hidden_kinds(project_schema()).values())
    titles = {
        Show.JOINS: _("Automatic join tables"),
        Show.PROXIES: _("Proxies"),
        Show.HISTORY: _("History tables"),
        Show.SYSTEM: _("System tables of Django"),
    }
    return [Option(str(kind), title, counts[kind]) for kind, title in titles.items()]


def _columns() -> list[Option]:
    titles = {
        ColumnMode.NAMES: _("names only"),
        ColumnMode.KEYS: _("keys"),
        ColumnMode.INDEXED: _("keys and indexed"),
        ColumnMode.ALL: _("all"),
    }
    return [Option(str(mode), title) for mode, title in titles.items()]
