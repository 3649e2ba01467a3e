"""A project too large for one picture of tables: its apps as boxes, with the edges between."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from modeler.diagrams.graph import Box, Edge, Graph, Row
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.spacing import HEAD_HEIGHT, ROW_HEIGHT
from modeler.diagrams.scene import FORMAT, VERSION
from modeler.schema.table import TableKind

LARGEST = 24  # rows; how high the box of the largest app is


def app_map(apps: Mapping[str, tuple[str, int]], between: Mapping[tuple[str, str], int]) -> Graph:
    """Return a graph of apps; boxes of larger apps are larger.

    Args:
        apps: label → title, and how many tables it has.
        between: pair of labels → how many edges lead from the first to the second.
    """
    most = max((count for _, count in apps.values()), default=1)
    boxes = tuple(
        Box(
            label, title, "", "", TableKind.MODEL,
            tuple(Row(str(n), "") for n in range(1 + round(LARGEST * math.sqrt(count / most)))),
        )
        for label, (title, count) in sorted(apps.items())
    )  # fmt: skip
    edges = tuple(
        Edge(f"{source} {target}", source, target, "bundle") for source, target in sorted(between)
    )
    return Graph(boxes, edges)


def map_scene(
    apps: Mapping[str, tuple[str, int]], between: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Return a scene (see ``modeler.diagrams.scene``) that has apps and bundles alone."""
    layout = arrange(app_map(apps, between))
    numbers = {box.key: number for number, box in enumerate(layout.boxes)}
    ways = {(way.source, way.target): way.points for way in layout.edges}
    lengths = [round(value, 1) for value in (layout.x, layout.y, layout.width, layout.height)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "bounds": lengths,
        "head": HEAD_HEIGHT,
        "row": ROW_HEIGHT,
        "apps": [
            {
                "label": box.key,
                "title": apps[box.key][0],
                "tables": apps[box.key][1],
                "x": round(box.x, 1),
                "y": round(box.y, 1),
                "w": round(box.width, 1),
                "h": round(box.height, 1),
            }
            for box in layout.boxes
        ],
        "bundles": [
            {
                "from": numbers[source],
                "to": numbers[target],
                "count": count,
                "points": [round(at, 1) for point in ways[source, target] for at in point],
            }
            for (source, target), count in sorted(between.items())
        ],
        "tables": [],
        "edges": [],
        "onlyMap": True,
    }


def between_apps(graph: Graph) -> Counter[tuple[str, str]]:
    """Count the edges that lead from one app to another."""
    home = {box.key: box.app for box in graph.boxes}
    return Counter(
        (home[edge.source], home[edge.target])
        for edge in graph.edges
        if edge.target in home and edge.source in home and home[edge.source] != home[edge.target]
    )
