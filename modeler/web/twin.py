"""The picture in words, for the same selection in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.selection.choose import choose
from modeler.diagrams.selection.query import from_query, to_query
from modeler.diagrams.twin import twin_of
from modeler.web.access import page
from modeler.web.project import project_hubs, project_schema
from modeler.web.render import render_page


@page(permissions.READ)
def twin(request: HttpRequest) -> HttpResponse:
    schema = project_schema()
    selection, said = from_query(request.META.get("QUERY_STRING", ""))
    chosen = choose(schema, selection, hubs=project_hubs())
    notices = [*said, *(str(error) for error in chosen.unknown)]
    if chosen.through_hubs:
        notices.append(_("There is no other way than through hubs."))
    if selection.is_path and not chosen.paths and not chosen.unknown:
        notices.append(
            _("No way leads from %(start)s to %(goal)s.")
            % {"start": selection.path_from, "goal": selection.path_to}
        )
    return render_page(
        request,
        "twin.html",
        title=_("ER diagram in words"),
        twin=twin_of(schema, selection, chosen),
        chosen=chosen,
        selection=selection,
        picture_url=f"{reverse('modeler:diagram')}?{to_query(selection)}",
        notices=notices,
    )
