"""A graph divided by app, and each app into what hangs together: the frames of a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.frames import Frame, frame_of
from modeler.diagrams.layout.layered import grid_part, layered_part
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.part import Part

UNTITLED = "Tables without a model"


def title_of(graph: Graph, app: str) -> str:
    """Return the title of an app's frame."""
    return dict(graph.app_titles).get(app, app) or UNTITLED


def frames_of(graph: Graph, measures: Sequence[Measure], edges: Sequence[Docked]) -> list[Frame]:
    """Lay out every app's parts; the frames have their sizes as if no edge left them."""
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
    for app, members in alone.items():
        apps[app].append(_part(members, measures, by_source, grid=True))
    frames = []
    for app in sorted(apps):
        for part in apps[app]:
            part.spread()
        frame = frame_of(app, title_of(graph, app), apps[app])
        frame.spread_across()
        frame.spread_down()
        frames.append(frame)
    return frames


def _part(
    members: Sequence[int],
    measures: Sequence[Measure],
    by_source: dict[int, list[Docked]],
    *,
    grid: bool = False,
) -> Part:
    place = {number: index for index, number in enumerate(members)}
    links = [
        (edge.edge, place[edge.source], place[edge.target], edge.source_dock, edge.target_dock)
        for number in members
        for edge in by_source.get(number, ())
    ]
    lay_out = grid_part if grid else layered_part
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
