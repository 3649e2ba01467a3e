"""From a graph to a layout: parts in columns, apps in frames, frames in a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from modeler.collector import collector_paused
from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.apps import frames_of
from modeler.diagrams.layout.bundles import bundles_of
from modeler.diagrams.layout.crossing import Journey, book, homes_of, span_across, span_inner
from modeler.diagrams.layout.detour import straightened
from modeler.diagrams.layout.docks import Docked, docked_edges
from modeler.diagrams.layout.measure import Measure, TextWidth, measure
from modeler.diagrams.layout.picture import Picture, picture_of
from modeler.diagrams.layout.placement import AppFrame, Layout, Point, RoutedEdge, placed_box
from modeler.diagrams.layout.saved import arrange_saved
from modeler.diagrams.metrics import text_width


def arrange(
    graph: Graph,
    *,
    fixed: Mapping[str, Point] | None = None,
    width_of: TextWidth = text_width,
) -> Layout:
    """Return where everything of a graph is; the same for the same graph in any order.

    Args:
        graph: what is shown. An edge to a box that is not in it has no way.
        fixed: key of a box → its top left corner. Such a box stands exactly there, also over
            another one; each new box of its app comes beside its neighbours, apps without any
            such box come below. Keys that are not in the graph mean nothing.
        width_of: ``(text, size, bold=False)`` → width in points.
    """
    with collector_paused():
        return _arranged(graph, fixed, width_of)


def _arranged(graph: Graph, fixed: Mapping[str, Point] | None, width_of: TextWidth) -> Layout:
    graph = Graph(
        tuple(sorted(graph.boxes, key=lambda box: box.key)),
        tuple(sorted(graph.edges, key=lambda edge: (edge.source, edge.key))),
        graph.app_titles,
    )
    measures = [measure(box, width_of) for box in graph.boxes]
    edges = docked_edges(graph, measures)
    kept = {
        number: fixed[box.key]
        for number, box in enumerate(graph.boxes)
        if fixed and box.key in fixed
    }
    if kept:
        layout = arrange_saved(
            graph, measures, edges, kept, lambda part: _automatic(part, width_of)
        )
    else:
        layout = _automatic(graph, width_of, measures, edges)
    apps = {box.key: box.app for box in graph.boxes}
    return replace(layout, bundles=bundles_of(layout.frames, layout.edges, apps))


def _automatic(
    graph: Graph,
    width_of: TextWidth,
    measures: Sequence[Measure] | None = None,
    edges: Sequence[Docked] | None = None,
) -> Layout:
    """Lay out a sorted graph without saved positions; without bundles."""
    measures = measures or [measure(box, width_of) for box in graph.boxes]
    edges = docked_edges(graph, measures) if edges is None else edges
    apps = [box.app for box in graph.boxes]
    inside = [edge for edge in edges if apps[edge.source] == apps[edge.target]]
    between = [edge for edge in edges if apps[edge.source] != apps[edge.target]]
    choices = frames_of(graph, measures, inside)
    places = {frames[0].app: place for place, frames in enumerate(choices)}
    bonds: Counter[tuple[int, int]] = Counter()
    for edge in between:
        one, two = places[apps[edge.source]], places[apps[edge.target]]
        bonds[min(one, two), max(one, two)] += 1
    picture = picture_of(choices, bonds)
    return _layout(graph, measures, picture, _spread(picture, between))


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
    frames = sorted((f for shelf in picture.shelves for f in shelf), key=lambda f: f.app)
    corners: dict[int, Point] = {}
    ways: dict[int, list[Point]] = {}
    for frame in frames:
        for part, x, y in frame.placed():
            for node, number in enumerate(part.members):
                corners[number] = (x + part.lefts[node], y + part.tops[node])
            for way in part.ways:
                ways[way.edge] = [(x + px, y + py) for px, py in part.points(way)]
    between = {journey.edge for journey in journeys}
    ways.update((journey.edge, journey.points()) for journey in journeys)
    edges = [(graph.edges[number], ways[number], number in between) for number in sorted(ways)]
    routed = tuple(
        [
            RoutedEdge(edge.key, edge.source, edge.target, tuple(straightened(points)), away)
            for edge, points, away in edges
        ]
    )
    app_frames = tuple(
        AppFrame(frame.app, frame.title, frame.x, frame.y, frame.width, frame.height)
        for frame in frames
    )
    return Layout(
        tuple(
            placed_box(box.key, measures[number], *corners[number])
            for number, box in enumerate(graph.boxes)
        ),
        routed,
        app_frames,
        0.0,
        0.0,
        picture.width,
        picture.height,
    )
