"""The side panel of the picture: a fragment of HTML without a page around it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from modeler import permissions
from modeler.diagrams.selection.choose import choose
from modeler.diagrams.selection.query import from_query
from modeler.diagrams.sheet import sheet_of
from modeler.errors import UnknownName
from modeler.web.access import page
from modeler.web.admin_lists import admin_lists
from modeler.web.figures import figures_of
from modeler.web.project import project_hubs, project_schema


@page(permissions.READ)
def panel(request: HttpRequest, key: str) -> HttpResponse:
    schema = project_schema()
    try:
        table = schema.table(key)
    except UnknownName as error:
        return render(request, "modeler/_no_table.html", {"unknown": error}, status=404)
    selection, _said = from_query(request.META.get("QUERY_STRING", ""))
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
            "shown": choose(schema, selection, hubs=project_hubs()).tables,
        },
    )
