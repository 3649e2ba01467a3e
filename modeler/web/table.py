"""The page of one table."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.examples.example import Examples, examples_of
from modeler.diagrams.graph import ColumnMode, graph_of
from modeler.diagrams.selection.choose import Chosen, choose
from modeler.diagrams.selection.query import to_query
from modeler.diagrams.selection.selection import Selection, Show
from modeler.diagrams.sheet import sheet_of
from modeler.errors import UnknownName
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from modeler.web.access import page
from modeler.web.admin_lists import admin_lists
from modeler.web.figures import figures_of
from modeler.web.linked_picture import linked_picture
from modeler.web.project import project_schema
from modeler.web.render import render_page

MOST_NEIGHBOURS = 40  # a picture with more boxes says nothing at the width of a page


@page(permissions.READ)
def table(request: HttpRequest, key: str) -> HttpResponse:
    schema = project_schema()
    try:
        shown = schema.table(key)
    except UnknownName as error:
        return no_table(request, error)
    notices: list[str] = []
    figures = figures_of(schema, {each.location.alias for each in schema.tables if each.location})
    notices += figures.notices
    sheet = sheet_of(schema, key, statistics=figures.statistics)
    examples = _examples(schema, shown)
    picture, picture_note = _picture(schema, shown)
    return render_page(
        request,
        "table.html",
        title=key,
        sheet=sheet,
        examples=examples,
        numbered=[(str(number), each) for number, each in enumerate(examples.examples, 1)],
        table=shown,
        stored=figures.of(sheet.holder),
        figures=figures,
        lists=admin_lists(request, shown),
        picture=picture,
        picture_note=picture_note,
        picture_url=f"{reverse('modeler:diagram')}?{to_query(Selection(focus=(key,)))}",
        notices=notices,
    )


def no_table(
    request: HttpRequest, error: UnknownName, template: str = "no_table.html"
) -> HttpResponse:
    """Return 404 with links to the nearest names."""
    return render_page(request, template, title=_("Not found"), status=404, unknown=error)


def _examples(schema: Schema, table: Table) -> Examples:
    """Return examples with the model's own manager, whatever it is called."""
    try:
        manager = apps.get_model(table.app, table.name)._default_manager.name
    except (LookupError, AttributeError, ValueError):
        return examples_of(schema, table.key)  # no model, or one that has no manager
    return examples_of(schema, table.key, manager=manager)


def _picture(schema: Schema, table: Table) -> tuple[str, str]:
    """Return the table and its neighbours as SVG, or why there is no picture."""
    if table.kind is TableKind.SWAPPED:
        return "", _("It is replaced by a setting and has no table.")
    chosen = _one_hop(schema, table.key)
    if len(chosen.tables) > MOST_NEIGHBOURS + 1:
        number = len(chosen.tables) - 1
        return "", _("It has %(number)d neighbours, too many for a picture here.") % {
            "number": number
        }
    graph = graph_of(schema, columns=ColumnMode.KEYS, shown=chosen.tables)
    title = _("%(table)s and its neighbours") % {"table": table.key}
    return linked_picture(graph, title=title, here=table.key), ""


def _one_hop(schema: Schema, key: str) -> Chosen:
    """Return the neighbours; join tables and histories stay hidden, as in the diagram."""
    return choose(schema, Selection(focus=(key,), show=(Show.PROXIES, Show.SYSTEM)))
