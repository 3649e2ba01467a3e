"""Whole apps drawn as one box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from modeler.diagrams.graph import BUNDLE, Box, Edge, Graph, Row
from modeler.schema.table import TableKind

JOINS = " → "  # in the key of a bundle


def folded(graph: Graph, apps: Collection[str]) -> Graph:
    """Return the graph with one box for each of the apps that has tables in it.

    The box has the app's label as its key; all edges between it and another box are one, with
    their number. Edges inside the app are not drawn.
    """
    counts = Counter(box.app for box in graph.boxes if box.app in apps and box.app)
    if not counts:
        return graph
    titles = dict(graph.app_titles)
    home = {box.key: box.app for box in graph.boxes if box.app in counts}
    boxes = [box for box in graph.boxes if box.key not in home]
    boxes += [_box(app, titles.get(app, app), count) for app, count in counts.items()]
    return replace(
        graph,
        boxes=tuple(sorted(boxes, key=lambda box: box.key)),
        edges=tuple(sorted(_edges(graph, home), key=lambda edge: (edge.source, edge.key))),
    )


def _box(app: str, title: str, count: int) -> Box:
    said = f"{count} table" if count == 1 else f"{count} tables"
    return Box(app, title, app, "", TableKind.MODEL, (Row(said, ""),), folded=count)


def _edges(graph: Graph, home: Mapping[str, str]) -> list[Edge]:
    kept = []
    bundles: Counter[tuple[str, str]] = Counter()
    for edge in graph.edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if (source, target) == (edge.source, edge.target):
            kept.append(edge)
        elif source != target:
            bundles[source, target] += edge.count
    kept += [
        Edge(f"{source}{JOINS}{target}", source, target, BUNDLE, count=count)
        for (source, target), count in bundles.items()
    ]
    return kept
