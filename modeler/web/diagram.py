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
from modeler.diagrams.selection.selection import MOST_HOPS, Show
from modeler.errors import UnknownName
from modeler.schema.table import TableKind
from modeler.web.access import page, person
from modeler.web.asked import read_address
from modeler.web.export import OFFERED
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
    try:
        asked = read_address(request.META.get("QUERY_STRING", ""), person(request))
    except UnknownName as error:
        return render_page(
            request, "unknown.html", title=_("Not found"), status=404, unknown=error
        )
    selection = asked.selection
    known = {table.key.casefold() for table in schema.tables}
    for name in selection.focus if asked.view is None else ():
        if name.casefold() not in known:
            keys = [table.key for table in schema.tables]
            return render_page(
                request,
                "unknown.html",
                title=_("Not found"),
                status=404,
                unknown=UnknownName("table", name, keys),
            )
    query = asked.query
    after = f"?{query}" if query else ""
    unread = len(schema.missing)
    notices = list(asked.said)
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
        scene_url=reverse("modeler:scene") + after,
        search_url=reverse("modeler:search"),
        arrange_url=reverse("modeler:arrange"),
        panel_url=reverse("modeler:panel", args=[PLACE]),
        table_url=reverse("modeler:table", args=[PLACE]),
        twin_url=reverse("modeler:twin") + after,
        export_urls=[
            (str(each), reverse("modeler:export", args=[str(each)]) + after) for each in OFFERED
        ],
        views_url=reverse("modeler:views"),
        sources_url=reverse("modeler:sources"),
        steps_url=reverse("modeler:steps", args=[PLACE]),
        snapshots_url=reverse("modeler:snapshots"),
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
