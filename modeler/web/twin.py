"""The picture in words, for the same selection in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.drawing import about_ways, chosen_of
from modeler.diagrams.twin import twin_of
from modeler.errors import ModelerError, UnknownName
from modeler.web.access import page, person
from modeler.web.asked import gone, read_address
from modeler.web.comparing import compared
from modeler.web.project import project_hubs, project_schema
from modeler.web.render import render_page


@page(permissions.READ)
def twin(request: HttpRequest) -> HttpResponse:
    try:
        asked = read_address(request.META.get("QUERY_STRING", ""), person(request))
        schema, overlay = compared(asked.compare) if asked.compare else (project_schema(), None)
    except UnknownName as error:
        return render_page(
            request, "unknown.html", title=_("Not found"), status=404, unknown=error
        )
    except ModelerError as error:
        return render_page(
            request, "unknown.html", title=_("Cannot be compared"), status=400, unknown=error
        )
    chosen = chosen_of(
        schema,
        asked.selection,
        hubs=project_hubs(),
        overlay=overlay,
        only_changed=asked.only_changed,
    )
    known = {table.key for table in schema.tables}
    notices = [
        *asked.said,
        *(str(error) for error in chosen.unknown),
        *(gone(asked.view, known) if asked.view else ()),
        *about_ways(asked.selection, chosen),
    ]
    return render_page(
        request,
        "twin.html",
        title=_("ER diagram in words"),
        twin=twin_of(schema, asked.selection, chosen),
        chosen=chosen,
        selection=asked.selection,
        asked=asked,
        changes=overlay,
        picture_url=f"{reverse('modeler:diagram')}?{asked.query}",
        notices=notices,
    )
