"""A layout around positions that a person saved: they stay, new tables come beside their kin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.apps import frames_of, title_of
from modeler.diagrams.layout.detour import Detours
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.newcomers import area_of, newcomers
from modeler.diagrams.layout.nudge import nudged
from modeler.diagrams.layout.obstacles import Obstacles
from modeler.diagrams.layout.picture import picture_of
from modeler.diagrams.layout.placement import AppFrame, Layout, Point, RoutedEdge, placed_box
from modeler.diagrams.metrics import text_width


def arrange_saved(
    graph: Graph,
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    kept: Mapping[int, Point],
) -> Layout:
    """Return a layout in which the kept boxes stand where they stood.

    Args:
        graph: sorted.
        measures: of its boxes.
        edges: of its edges, those with both boxes.
        kept: number of a box → its top left corner; at least one.
    """
    apps = [box.app for box in graph.boxes]
    known = {apps[number] for number in kept}
    places = dict(kept)
    new = [number for number in range(len(apps)) if number not in kept and apps[number] in known]
    places.update(newcomers(new, places, measures, edges, apps))
    places.update(_below(graph, measures, edges, places))
    obstacles = Obstacles(area_of(places[number], measures[number]) for number in sorted(places))
    ways = nudged(_ways(edges, places, measures, obstacles), obstacles)
    frames = _frames(graph, places, measures)
    points = [point for way in ways for point in way]
    left = min([frame.x for frame in frames] + [x for x, _ in points])
    top = min([frame.y for frame in frames] + [y for _, y in points])
    right = max([frame.x + frame.width for frame in frames] + [x for x, _ in points])
    bottom = max([frame.y + frame.height for frame in frames] + [y for _, y in points])
    return Layout(
        tuple(
            placed_box(box.key, measures[number], *places[number])
            for number, box in enumerate(graph.boxes)
        ),
        tuple(
            RoutedEdge(
                graph.edges[edge.edge].key,
                graph.edges[edge.edge].source,
                graph.edges[edge.edge].target,
                tuple(way),
                apps[edge.source] != apps[edge.target],
            )
            for edge, way in zip(edges, ways, strict=True)
        ),
        frames,
        left,
        top,
        right - left,
        bottom - top,
    )


def _below(
    graph: Graph,
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    places: Mapping[int, Point],
) -> dict[int, Point]:
    """Lay out the apps of which nothing is placed, below all that is."""
    rest = [number for number in range(len(graph.boxes)) if number not in places]
    if not rest:
        return {}
    here = {number: index for index, number in enumerate(rest)}
    part = Graph(tuple(graph.boxes[number] for number in rest), (), graph.app_titles)
    own = [
        Docked(e.edge, here[e.source], here[e.target], e.source_dock, e.target_dock)
        for e in edges
        if e.source in here
        and e.target in here
        and graph.boxes[e.source].app == graph.boxes[e.target].app
    ]
    picture = picture_of(frames_of(part, [measures[number] for number in rest], own))
    picture.spread_across()
    picture.spread_down()
    left = min(x for x, _ in places.values()) - spacing.FRAME_PADDING
    bottom = max(y + measures[number].height for number, (_, y) in places.items())
    bottom += spacing.FRAME_PADDING + 2 * spacing.FRAME_GAP
    return {
        rest[member]: (left + x + inner.lefts[node], bottom + y + inner.tops[node])
        for shelf in picture.shelves
        for frame in shelf
        for inner, x, y in frame.placed()
        for node, member in enumerate(inner.members)
    }


def _ways(
    edges: Sequence[Docked],
    places: Mapping[int, Point],
    measures: Sequence[Measure],
    obstacles: Obstacles,
) -> list[list[Point]]:
    detours = Detours(obstacles)
    ways = []
    for edge in edges:
        docks = []
        ends = ((edge.source, edge.source_dock), (edge.target, edge.target_dock))
        for number, dock in ends:
            x, y = places[number]
            docks.append(((x, y + dock), (x + measures[number].width, y + dock)))
        way = detours.way(docks[0], docks[1])
        # Where a person put one box over another's row, the line can only pass through.
        ways.append(way or _straight(docks[0][1], docks[1][0]))
    return ways


def _straight(start: Point, end: Point) -> list[Point]:
    middle = (start[0] + end[0]) / 2
    return [start, (middle, start[1]), (middle, end[1]), end]


def _frames(
    graph: Graph, places: Mapping[int, Point], measures: Sequence[Measure]
) -> tuple[AppFrame, ...]:
    frames = []
    for app in sorted({box.app for box in graph.boxes}):
        areas = [
            area_of(places[number], measures[number])
            for number, box in enumerate(graph.boxes)
            if box.app == app
        ]
        title = title_of(graph, app)
        padding = spacing.FRAME_PADDING
        left = min(area[0] for area in areas) - padding
        top = min(area[1] for area in areas) - padding - spacing.FRAME_TITLE
        wide = text_width(title, spacing.FRAME_TITLE_SIZE, bold=True) + 2 * padding
        right = max(max(area[2] for area in areas) + padding, left + wide)
        bottom = max(area[3] for area in areas) + padding
        frames.append(AppFrame(app, title, left, top, right - left, bottom - top))
    return tuple(frames)
