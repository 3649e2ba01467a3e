"""What the page shows as a file in one of the formats."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from modeler import permissions
from modeler.diagrams.drawing import drawing_of
from modeler.diagrams.export import DOCUMENTS, KINDS, RASTER, Format, exported, selection_for
from modeler.errors import ConfigurationError, UnknownName
from modeler.saved_views import notes_of, positions_of
from modeler.web.access import page, person
from modeler.web.answers import in_sentences
from modeler.web.asked import read_address
from modeler.web.comparing import compared
from modeler.web.project import project_hubs, project_schema

# Pictures of dots are made by the browser itself, or by the command: Graphviz may take seconds.
OFFERED = tuple(format for format in Format if format not in RASTER)


@page(permissions.READ)
@require_GET
@in_sentences
def export(request: HttpRequest, format: str) -> HttpResponse:
    """Send the picture that the address asks for as a file."""
    if format not in set(OFFERED):
        raise UnknownName("format", format, OFFERED, hint=f"There are {', '.join(OFFERED)}.")
    wanted = Format(format)
    asked = read_address(request.META.get("QUERY_STRING", ""), person(request))
    schema, overlay = project_schema(), None
    if asked.compare:
        schema, overlay = compared(asked.compare)
    drawing = drawing_of(
        schema,
        selection_for(wanted, asked.selection),
        hubs=project_hubs(),
        fixed=positions_of(asked.view) if asked.view else None,
        notes=notes_of(asked.view) if asked.view else (),
        overlay=overlay,
        only_changed=asked.only_changed,
        **({"most": 0} if wanted in DOCUMENTS else {}),
    )
    if wanted not in DOCUMENTS and len(drawing.graph.boxes) > len(drawing.layout.boxes):
        raise ConfigurationError(f"{drawing.notices[-1]} The command er_diagram draws them all.")
    if not drawing.chosen.tables:
        return JsonResponse(
            {"error": "The selection is empty: there is nothing to write."}, status=404
        )
    content = exported(wanted, schema, drawing, columns=asked.selection.columns)
    kind = KINDS[wanted]
    response = HttpResponse(content, content_type=f"{kind.content_type}; charset=utf-8")
    name = slugify(asked.view.name) if asked.view else ""
    response["Content-Disposition"] = f'attachment; filename="{name or "model"}.{kind.ending}"'
    return response
