"""The picture's data for the browser: scenes of a selection, and what the palette searches."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from modeler import permissions
from modeler.canvas import read_positions
from modeler.collector import collector_paused
from modeler.diagrams.app_map import between_apps, map_scene
from modeler.diagrams.comparison.marks import Overlay, to_document
from modeler.diagrams.comparison.sources import read_comparison_name
from modeler.diagrams.drawing import Drawing, drawing_of
from modeler.diagrams.layout.apps import UNTITLED
from modeler.diagrams.paths.join import sql_join
from modeler.diagrams.paths.lookup import lookup, no_lookup
from modeler.diagrams.scene import scene_of
from modeler.diagrams.search import search_document
from modeler.errors import FormatError
from modeler.models import SavedView
from modeler.saved_views import positions_of
from modeler.schema.encoding import encode
from modeler.schema.schema import Schema
from modeler.schema.states import NOT_IN_STATES
from modeler.web.access import page, person
from modeler.web.answers import Packed, answer, in_sentences, packed
from modeler.web.asked import Asked, gone, read_address
from modeler.web.comparing import compared
from modeler.web.project import project_hubs, project_schema

MAP_FROM = 80  # tables; above that a picture is first read app by app
Positions = dict[str, tuple[float, float]]


@page(permissions.READ)
@require_GET
@in_sentences
def scene(request: HttpRequest) -> HttpResponse:
    """Return the scene that the address asks for."""
    asked = read_address(request.META.get("QUERY_STRING", ""), person(request))
    if asked.compare:
        return answer(request, packed(scene_document(asked)))
    view = asked.view
    # The same picture for everybody who asks for it: worked out once.
    return answer(request, _scene(asked.query, asked, (view.pk, view.version) if view else None))


@page(permissions.READ)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Return the names and texts that the palette searches."""
    return answer(request, _search())


@page(permissions.READ)
@require_POST
@in_sentences
def arrange(request: HttpRequest) -> HttpResponse:
    """Return the scene of an address around given positions.

    The body is ``{"query": "app=…", "positions": {"catalog.Product": [x, y]}}``.
    """
    given = json.loads(request.body)
    if not isinstance(given, dict) or not isinstance(given.get("query", ""), str):
        raise FormatError("The body must be a JSON object with query and positions.")
    positions = read_positions(given.get("positions"))
    asked = read_address(given.get("query", ""), person(request))
    return JsonResponse(scene_document(asked, positions))


class _Remembered:
    """An address as the key of a cache: equal where query and view's version are."""

    __slots__ = ("asked", "key")

    def __init__(self, key: object, asked: Asked) -> None:
        self.key, self.asked = key, asked

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Remembered) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _scene(query: str, asked: Asked, version: tuple[int, int] | None) -> Packed:
    return _remembered(_Remembered((query, asked.said, version), asked))


@lru_cache(maxsize=16)
def _remembered(key: _Remembered) -> Packed:
    return packed(scene_document(key.asked))


@lru_cache(maxsize=1)
def _search() -> Packed:
    return packed(search_document(project_schema()))


def scene_document(asked: Asked, positions: Positions | None = None) -> dict[str, Any]:
    """Return a scene with what the page says around it.

    Args:
        asked: what to show.
        positions: where tables stand; those of the saved view if not given.
    """
    with collector_paused():
        return _document(asked, positions)


def _document(asked: Asked, positions: Positions | None) -> dict[str, Any]:
    schema, changes = project_schema(), None
    if asked.compare:
        schema, changes = compared(asked.compare)
    if positions is None:
        positions = positions_of(asked.view) if asked.view else {}
    drawing = drawing_of(
        schema, asked.selection, hubs=project_hubs(), fixed=positions,
        overlay=changes, only_changed=asked.only_changed,
    )  # fmt: skip
    return {
        **_pictured(schema, drawing),
        "query": asked.query,
        "spelled": asked.spelled,
        "selection": encode(asked.selection),
        "notices": _notices(asked, schema, drawing, asked.view),
        "stopped": [[key, degree] for key, degree in drawing.chosen.hubs.items()],
        "paths": _paths(schema, drawing),
        "total": drawing.chosen.total,
        "map": len(drawing.chosen.tables) > MAP_FROM,
        "view": asked.view.pk if asked.view else None,
        **({"compared": _compared(asked, changes)} if changes else {}),
    }


def _pictured(schema: Schema, drawing: Drawing) -> dict[str, Any]:
    if drawing.layout.boxes or not drawing.graph.boxes:
        return scene_of(drawing.graph, drawing.layout, marks=drawing.marks)
    titles = {app.label: app.title for app in schema.apps}
    counts = Counter(box.app for box in drawing.graph.boxes)
    apps = {label: (titles.get(label, label) or UNTITLED, n) for label, n in counts.items()}
    return map_scene(apps, between_apps(drawing.graph))


def _notices(asked: Asked, schema: Schema, drawing: Drawing, view: SavedView | None) -> list[str]:
    known = {table.key for table in schema.tables}
    return [
        *asked.said,
        *(str(unknown) for unknown in drawing.chosen.unknown),
        *(gone(view, known) if view else ()),
        *drawing.notices,
        *(
            f"{subject}: {reason}"
            for subject, reason in schema.missing
            if asked.compare and (subject, reason) not in NOT_IN_STATES
        ),
    ]


def _paths(schema: Schema, drawing: Drawing) -> list[dict[str, Any]]:
    return [
        {
            "tables": list(path.tables),
            "relations": [step.relation.key for step in path.steps],
            "lookup": lookup(path),
            "noLookup": no_lookup(path),
            "sql": sql_join(schema, path),
            "length": len(path.steps),
        }
        for path in drawing.chosen.paths
    ]


def _compared(asked: Asked, changes: Overlay) -> dict[str, Any]:
    """Return both sides' names, the list of changes, and what could not be compared; the marks
    are in the scene."""
    comparison = read_comparison_name(asked.compare)
    listed = to_document(changes)["apps"]
    return {
        "old": str(comparison.old),
        "new": str(comparison.new),
        "apps": listed,
        "unseen": [
            reason
            for subject, reason in changes.schema.missing
            if (subject, reason) in NOT_IN_STATES
        ],
        "count": sum(len(table.entries) for app in changes.apps for table in app.tables),
    }
