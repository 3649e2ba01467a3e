"""The picture's data for the browser: scenes of a selection, and what the palette searches."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from modeler import permissions
from modeler.canvas import read_positions
from modeler.diagrams.drawing import Drawing, drawing_of
from modeler.diagrams.paths.join import sql_join
from modeler.diagrams.paths.lookup import lookup, no_lookup
from modeler.diagrams.scene import scene_of
from modeler.diagrams.search import search_document
from modeler.diagrams.selection.query import from_query, to_query
from modeler.diagrams.selection.selection import Selection
from modeler.errors import FormatError
from modeler.schema.encoding import encode
from modeler.schema.schema import Schema
from modeler.web.access import page
from modeler.web.project import project_hubs, project_schema

MAP_FROM = 80  # tables; above that a picture is first read app by app


@page(permissions.READ)
def scene(request: HttpRequest) -> HttpResponse:
    """Return the scene of the selection in the address."""
    return _answer(request, _scene_bytes(request.META.get("QUERY_STRING", "")))


@page(permissions.READ)
def search(request: HttpRequest) -> HttpResponse:
    """Return the names and texts that the palette searches."""
    return _answer(request, _search_bytes())


@page(permissions.READ)
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Return the scene of a selection around given positions.

    The body is ``{"query": "app=…", "positions": {"catalog.Product": [x, y]}}``.
    """
    try:
        asked = json.loads(request.body)
        if not isinstance(asked, dict):
            raise FormatError("The body must be a JSON object with query and positions.")
        positions = read_positions(asked.get("positions"))
        query = str(asked.get("query", ""))
    except (ValueError, RecursionError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    selection, said = from_query(query)
    drawing = drawing_of(project_schema(), selection, hubs=project_hubs(), fixed=positions)
    return JsonResponse(scene_document(project_schema(), selection, drawing, said))


def scene_document(
    schema: Schema, selection: Selection, drawing: Drawing, said: tuple[str, ...]
) -> dict[str, Any]:
    """Return a scene with what the page says around it."""
    chosen = drawing.chosen
    notices = [*said, *(str(unknown) for unknown in chosen.unknown), *drawing.notices]
    return {
        **scene_of(drawing.graph, drawing.layout, marks=drawing.marks),
        "query": to_query(selection),
        "selection": encode(selection),
        "notices": notices,
        "stopped": [[key, degree] for key, degree in chosen.hubs.items()],
        "paths": [
            {
                "tables": list(path.tables),
                "relations": [step.relation.key for step in path.steps],
                "lookup": lookup(path),
                "noLookup": no_lookup(path),
                "sql": sql_join(schema, path),
                "length": len(path.steps),
            }
            for path in chosen.paths
        ],
        "total": chosen.total,
        "map": len(chosen.tables) > MAP_FROM,
    }


@dataclass(frozen=True, slots=True)
class _Packed:
    """JSON, as it is and compressed: worked out once for all who ask."""

    plain: bytes
    small: bytes
    tag: str


def _packed(document: Mapping[str, Any]) -> _Packed:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    return _Packed(text, gzip.compress(text, 5, mtime=0), hashlib.sha256(text).hexdigest()[:20])


@lru_cache(maxsize=16)
def _scene_bytes(query: str) -> _Packed:
    selection, said = from_query(query)
    drawing = drawing_of(project_schema(), selection, hubs=project_hubs())
    return _packed(scene_document(project_schema(), selection, drawing, said))


@lru_cache(maxsize=1)
def _search_bytes() -> _Packed:
    return _packed(search_document(project_schema()))


def _answer(request: HttpRequest, packed: _Packed) -> HttpResponse:
    """Answer with JSON that the browser keeps and asks for again by its tag."""
    tag = f'"{packed.tag}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed.small, content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(packed.plain, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
