"""The side panel of the picture: a fragment of HTML without a page around it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from modeler import permissions
from modeler.diagrams.comparison.marks import Entry, Overlay
from modeler.diagrams.drawing import chosen_of
from modeler.diagrams.sheet import sheet_of
from modeler.errors import ModelerError
from modeler.web.access import page, person
from modeler.web.admin_lists import admin_lists
from modeler.web.asked import read_address
from modeler.web.comparing import compared
from modeler.web.figures import figures_of
from modeler.web.project import project_hubs, project_schema


@page(permissions.READ)
def panel(request: HttpRequest, key: str) -> HttpResponse:
    try:
        asked = read_address(request.META.get("QUERY_STRING", ""), person(request))
        schema, overlay = (
            compared(asked.compare, fresh=False) if asked.compare else (project_schema(), None)
        )
        table = schema.table(key)
    except ModelerError as error:
        return render(request, "modeler/_no_table.html", {"unknown": error}, status=404)
    figures = figures_of(schema, {each.location.alias for each in schema.tables if each.location})
    sheet = sheet_of(schema, key, statistics=figures.statistics)
    return render(
        request,
        "modeler/panel.html",
        {
            "table": table,
            "sheet": sheet,
            "figures": figures,
            "stored": figures.of(sheet.holder),
            "lists": admin_lists(request, table),
            "shown": chosen_of(
                schema,
                asked.selection,
                hubs=project_hubs(),
                overlay=overlay,
                only_changed=asked.only_changed,
            ).tables,
            "has_page": key in {each.key for each in project_schema().tables},
            "changes": _changes(overlay, key),
        },
    )


def _changes(overlay: Overlay | None, key: str) -> tuple[Entry, ...]:
    """Return what changed at a table."""
    apps = overlay.apps if overlay else ()
    return next((t.entries for app in apps for t in app.tables if t.key == key), ())
