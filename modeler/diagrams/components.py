"""The connected parts of an app's graph: each is laid out alone, then all are packed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from modeler.diagrams.graph import Edge, Graph


@dataclass(frozen=True, slots=True)
class AppParts:
    """An app's connected parts, the one with the most boxes first.

    A part keeps the edges that lead out of the app; their far ends become stubs.
    """

    app: str
    title: str
    parts: tuple[Graph, ...]


def apps_of(graph: Graph) -> tuple[AppParts, ...]:
    """Divide a graph by app (in order of label), and each app by what hangs together."""
    titles = dict(graph.app_titles)
    by_source: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        by_source[edge.source].append(edge)
    result = []
    for app in sorted({box.app for box in graph.boxes}):
        keys = [box.key for box in graph.boxes if box.app == app]
        groups = _connected(keys, [e for key in keys for e in by_source[key]])
        parts = []
        for group in groups:
            boxes = tuple(box for box in graph.boxes if box.key in group)
            edges = tuple(edge for box in boxes for edge in by_source[box.key])
            parts.append(Graph(boxes, edges))
        result.append(AppParts(app, titles.get(app, app), tuple(parts)))
    return tuple(result)


def _connected(keys: list[str], edges: list[Edge]) -> list[set[str]]:
    """Return sets of keys that edges join, largest first, then by first key (union–find)."""
    parent = {key: key for key in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for edge in edges:
        if edge.source in parent and edge.target in parent:
            first, second = sorted((root(edge.source), root(edge.target)))
            parent[second] = first
    groups: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        groups[root(key)].add(key)
    return sorted(groups.values(), key=lambda group: (-len(group), min(group)))
