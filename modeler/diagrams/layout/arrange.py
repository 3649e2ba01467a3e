"""From a graph to a layout: parts in columns, apps in frames, frames in a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.crossing import Journey, book, homes_of, span_across, span_inner
from modeler.diagrams.layout.docks import Docked, docked_edges
from modeler.diagrams.layout.frames import Frame, frame_of
from modeler.diagrams.layout.layered import grid_part, layered_part
from modeler.diagrams.layout.measure import Measure, TextWidth, measure
from modeler.diagrams.layout.part import Part
from modeler.diagrams.layout.picture import Picture, picture_of
from modeler.diagrams.layout.placement import AppFrame, Layout, PlacedBox, Point, RoutedEdge
from modeler.diagrams.metrics import text_width

UNTITLED = "Tables without a model"


def arrange(graph: Graph, *, width_of: TextWidth = text_width) -> Layout:
    """Return where everything of a graph is; the same for the same graph in any order.

    Args:
        graph: what is shown.
        width_of: ``(text, size, bold=False)`` → width in points.
    """
    graph = Graph(
        tuple(sorted(graph.boxes, key=lambda box: box.key)),
        tuple(sorted(graph.edges, key=lambda edge: (edge.source, edge.key))),
        graph.app_titles,
    )
    measures = [measure(box, width_of) for box in graph.boxes]
    edges = docked_edges(graph, measures)
    apps = [box.app for box in graph.boxes]
    inside = [edge for edge in edges if apps[edge.source] == apps[edge.target]]
    between = [edge for edge in edges if apps[edge.source] != apps[edge.target]]
    frames = _frames(graph, measures, inside)
    picture = picture_of(frames)
    journeys = _spread(picture, between)
    return _layout(graph, measures, picture, journeys)


def _frames(graph: Graph, measures: Sequence[Measure], edges: Sequence[Docked]) -> list[Frame]:
    """Lay out every app's parts; the frames have their sizes as if no edge left them."""
    titles = dict(graph.app_titles)
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
        frame = frame_of(app, titles.get(app, app) or UNTITLED, apps[app])
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


def _spread(picture: Picture, edges: Sequence[Docked]) -> list[Journey]:
    """Book the edges between apps, then give everything its room."""
    frames = [frame for shelf in picture.shelves for frame in shelf]
    picture.spread_across()
    picture.spread_down()
    journeys = book(picture, homes_of(picture) if edges else {}, edges)
    if journeys:
        for frame in frames:
            for shelf in frame.shelves:
                for part in shelf:
                    part.spread()
            frame.spread_across()
        span_inner(journeys)
        for frame in frames:
            frame.spread_down()
        picture.spread_across()
        span_across(journeys)
        picture.spread_down()
    return journeys


def _layout(
    graph: Graph, measures: Sequence[Measure], picture: Picture, journeys: Sequence[Journey]
) -> Layout:
    boxes: list[tuple[int, PlacedBox]] = []
    ways: list[tuple[int, list[Point], bool]] = []
    frames = sorted((f for shelf in picture.shelves for f in shelf), key=lambda f: f.app)
    for frame in frames:
        for shelf, corners in zip(frame.shelves, frame.corners, strict=True):
            for part, (left, top) in zip(shelf, corners, strict=True):
                x, y = frame.x + left, frame.y + top
                for node, number in enumerate(part.members):
                    boxes.append(
                        (
                            number,
                            placed(
                                graph.boxes[number].key,
                                measures[number],
                                x + part.lefts[node],
                                y + part.tops[node],
                            ),
                        )
                    )
                for way in part.ways:
                    points = [(x + px, y + py) for px, py in part.points(way)]
                    ways.append((way.edge, points, False))
    ways += [(journey.edge, journey.points(), True) for journey in journeys]
    routed = [
        RoutedEdge(
            graph.edges[number].key,
            graph.edges[number].source,
            graph.edges[number].target,
            tuple(points),
            between,
        )
        for number, points, between in sorted(ways, key=lambda way: way[0])
    ]
    return Layout(
        tuple(box for _, box in sorted(boxes, key=lambda pair: pair[0])),
        tuple(routed),
        tuple(
            AppFrame(frame.app, frame.title, frame.x, frame.y, frame.width, frame.height)
            for frame in frames
        ),
        picture.width,
        picture.height,
    )


def placed(key: str, size: Measure, x: float, y: float) -> PlacedBox:
    """Return a box with its corner at a place."""
    rows = tuple(y + row for row in size.rows.values())
    return PlacedBox(key, x, y, size.width, size.height, y + size.head, rows)
