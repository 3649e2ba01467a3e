"""A graph divided by app, and each app into what hangs together: the frames of a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.frames import Frame, frame_of
from modeler.diagrams.layout.layered import grid_part, layered_part
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.part import Part
from modeler.diagrams.packing import cost

HIGH, WIDE = (0.4, 0.9), (2.2, 4.0)
UNTITLED = "Tables without a model"


def title_of(graph: Graph, app: str) -> str:
    """Return the title of an app's frame."""
    return dict(graph.app_titles).get(app, app) or UNTITLED


def frames_of(
    graph: Graph, measures: Sequence[Measure], edges: Sequence[Docked]
) -> list[list[Frame]]:
    """Lay out every app's parts; return for each app the ways to fold its frame, best first.

    All frames of an app hold the same connected parts: only one of them may be used.
    """
    by_source: dict[int, list[Docked]] = defaultdict(list)
    for edge in edges:
        by_source[edge.source].append(edge)
    apps: dict[str, list[Part]] = defaultdict(list)
    alone: dict[str, list[int]] = defaultdict(list)
    for members in _connected(len(graph.boxes), edges):
        app = graph.boxes[members[0]].app
        if len(members) == 1:
            alone[app] += members
        else:
            apps[app].append(_part(members, measures, by_source))
    found = []
    for app in sorted(apps.keys() | alone.keys()):
        parts = apps[app]
        for part in parts:
            part.spread()
        grids = _grids(alone[app], parts, measures, by_source)
        found.append(_foldings(app, title_of(graph, app), parts, grids))
    return found


def _grids(
    alone: Sequence[int],
    parts: Sequence[Part],
    measures: Sequence[Measure],
    by_source: Mapping[int, list[Docked]],
) -> list[list[Part]]:
    """Return the grids of an app's isolated tables: by itself, below its parts, beside them."""
    if not alone:
        return [[]]
    lays: list[Callable[..., Part]] = [grid_part]
    if parts and len(alone) > 1:
        below = partial(grid_part, wide=max(part.width for part in parts))
        beside = partial(grid_part, high=max(part.height for part in parts))
        lays += [below, beside]
    grids = [_part(alone, measures, by_source, lay_out) for lay_out in lays]
    for grid in grids:
        grid.spread()
    return [[grid] for grid in grids]


def _foldings(
    app: str, title: str, parts: Sequence[Part], grids: Sequence[Sequence[Part]]
) -> list[Frame]:
    """Return frames of the usual shape, the best first, then those that are higher and wider."""
    frames = [frame_of(app, title, [*parts, *grid]) for grid in grids]
    frames.sort(key=lambda frame: cost((frame.width, frame.height)))
    if len(parts) + len(grids[0]) > 1:
        for shape in (HIGH, WIDE):
            folded = [frame_of(app, title, [*parts, *grid], shape) for grid in grids]
            frames.append(min(folded, key=lambda frame: cost((frame.width, frame.height), shape)))
    return frames


def _part(
    members: Sequence[int],
    measures: Sequence[Measure],
    by_source: Mapping[int, list[Docked]],
    lay_out: Callable[..., Part] = layered_part,
) -> Part:
    place = {number: index for index, number in enumerate(members)}
    links = [
        (edge.edge, place[edge.source], place[edge.target], edge.source_dock, edge.target_dock)
        for number in members
        for edge in by_source.get(number, ())
    ]
    return lay_out(members, [measures[number] for number in members], links)


def _connected(count: int, edges: Sequence[Docked]) -> list[list[int]]:
    """Return boxes that edges join, in order of their first (union–find)."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for edge in edges:
        first, second = sorted((root(edge.source), root(edge.target)))
        parent[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for node in range(count):
        groups[root(node)].append(node)
    return list(groups.values())
