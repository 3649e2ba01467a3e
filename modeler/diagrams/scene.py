"""What the page in the browser draws: a graph with its layout, as one JSON document.

Lists instead of objects where there are many, so that a thousand tables stay below a megabyte.
Lengths are points of the picture, y grows downwards, rounded to tenths. Version 1:

``bounds``    ``[x, y, width, height]`` of the whole picture
``head``, ``row``   heights of a box's heading and of each of its rows
``apps``      ``{label, title, x, y, w, h, tables}``, the frames, by label
``bundles``   ``{from, to, count, points}``: all edges of one app to another as one line; numbers
              of apps; points as ``[x, y, x, y, …]``
``tables``    ``{key, title, app, kind, x, y, w, h, rows, hidden}``, by key; ``app`` is a number.
              ``rows``: ``[name, type, flags]`` with flags of ``p`` primary, ``f`` foreign, ``u``
              unique alone, ``i`` leads an index, ``n`` takes NULL, ``g`` generated.
              ``hidden``: how many columns are not shown. Where they say something also:
              ``label`` (verbose name), ``generic`` (a generic foreign key leads anywhere),
              ``more`` (how many neighbours are not in the picture), ``hub`` (the focus stopped
              there), ``folded`` (kind ``app``: how many tables the box stands for), ``change``
              (``added``, ``removed``, ``altered``, ``renamed``), ``was`` (the old name),
              ``changes`` (column → ``[change, before → after in words]``)
``edges``     ``{key, from, to, kind, ends, points}``: numbers of tables; ``ends`` are how many
              rows stand at source and target (``0..n``, ``1..n``, ``1``, ``0..1`` or ``""``).
              Where they say something also: ``loose`` (the database does not enforce it),
              ``onDelete``, ``columns``, ``targets``, ``between`` (its tables belong to different
              apps), ``count`` (how many relations it stands for), ``change``
``onlyMap``   there are too many tables for a picture: apps and bundles are all there is
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modeler.diagrams.graph import Box, Edge, Graph, Row
from modeler.diagrams.layout.placement import Layout, PlacedBox, Point, RoutedEdge
from modeler.diagrams.layout.spacing import HEAD_HEIGHT, ROW_HEIGHT

FORMAT, VERSION = "modeler.scene", 1


@dataclass(frozen=True, slots=True)
class Marks:
    """What a selection or a comparison adds to a picture.

    Attributes:
        more: table → how many of its neighbours are not shown.
        hubs: tables at which the focus stopped.
        tables, edges: key → ``added``, ``removed``, ``altered`` or ``renamed``.
        columns: table → column → ``(change, before and after in words)``.
        notes: what people wrote on it (see ``modeler.canvas``); the page keeps its own.
        was: renamed table → its old name.
    """

    more: Mapping[str, int] = field(default_factory=dict)
    hubs: frozenset[str] = frozenset()
    tables: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    notes: tuple[Mapping[str, Any], ...] = ()
    was: Mapping[str, str] = field(default_factory=dict)


NO_MARKS = Marks()


def scene_of(graph: Graph, layout: Layout, *, marks: Marks = NO_MARKS) -> dict[str, Any]:
    """Return the document; its parts are described above.

    Args:
        graph: what is shown.
        layout: made of that graph.
        marks: what is added to it.
    """
    boxes = {box.key: box for box in graph.boxes}
    edges = {edge.key: edge for edge in graph.edges}
    apps = {frame.app: number for number, frame in enumerate(layout.frames)}
    tables = {placed.key: number for number, placed in enumerate(layout.boxes)}
    in_app = Counter(box.app for box in graph.boxes)
    return {
        "format": FORMAT,
        "version": VERSION,
        "bounds": _lengths(layout.x, layout.y, layout.width, layout.height),
        "head": HEAD_HEIGHT,
        "row": ROW_HEIGHT,
        "apps": [
            {
                "label": frame.app,
                "title": frame.title,
                "tables": in_app[frame.app],
                **_place(frame.x, frame.y, frame.width, frame.height),
            }
            for frame in layout.frames
        ],
        "bundles": _bundles(layout, apps),
        "tables": [_table(boxes[placed.key], placed, apps, marks) for placed in layout.boxes],
        "edges": [_edge(edges[way.key], way, tables, marks) for way in layout.edges],
    }


def _table(
    box: Box, placed: PlacedBox, apps: Mapping[str, int], marks: Marks
) -> dict[str, object]:
    changes = marks.columns.get(box.key)
    said = {
        "label": box.label if box.label.casefold() != box.title.casefold() else "",
        "generic": box.generic,
        "more": marks.more.get(box.key, 0),
        "hub": box.key in marks.hubs,
        "folded": box.folded,
        "change": marks.tables.get(box.key, ""),
        "was": marks.was.get(box.key, ""),
        "changes": {name: list(change) for name, change in changes.items()} if changes else None,
    }
    return {
        "key": box.key,
        "title": box.title,
        "app": apps[box.app],
        "kind": "app" if box.folded else str(box.kind),
        "rows": [[row.name, row.type, _flags(row)] for row in box.rows],
        "hidden": box.hidden,
        **_place(placed.x, placed.y, placed.width, placed.height),
        **_saying(said),
    }


def _flags(row: Row) -> str:
    return "".join(
        letter
        for letter, shown in (
            ("p", row.primary),
            ("f", row.foreign),
            ("u", row.unique),
            ("i", row.indexed),
            ("n", row.null),
            ("g", row.generated),
        )
        if shown
    )


def _edge(
    edge: Edge, way: RoutedEdge, tables: Mapping[str, int], marks: Marks
) -> dict[str, object]:
    said = {
        "loose": not edge.enforced,
        "onDelete": edge.on_delete,
        "columns": list(edge.columns),
        "targets": list(edge.target_columns),
        "between": way.between_apps,
        "count": edge.count if edge.count > 1 else 0,
        "change": marks.edges.get(edge.key, ""),
    }
    return {
        "key": edge.key,
        "from": tables[edge.source],
        "to": tables[edge.target],
        "kind": edge.kind,
        "ends": [str(edge.at_source or ""), str(edge.at_target or "")],
        "points": _flat(way.points),
        **_saying(said),
    }


def _bundles(layout: Layout, apps: Mapping[str, int]) -> list[dict[str, object]]:
    return [
        {
            "from": apps[bundle.source],
            "to": apps[bundle.target],
            "count": bundle.count,
            "points": _flat(bundle.points),
        }
        for bundle in layout.bundles
    ]


def _saying(said: Mapping[str, object]) -> dict[str, object]:
    """Leave out what says nothing."""
    return {name: value for name, value in said.items() if value}


def _place(x: float, y: float, width: float, height: float) -> dict[str, float]:
    return dict(zip("xywh", _lengths(x, y, width, height), strict=True))


def _flat(points: tuple[Point, ...]) -> list[float]:
    return _lengths(*(length for point in points for length in point))


def _lengths(*lengths: float) -> list[float]:
    return [round(length, 1) for length in lengths]
