"""A layout around positions that a person saved: they stay, new tables come beside their kin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.apps import frames_of, title_of
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.newcomers import Newcomers, area_of
from modeler.diagrams.layout.obstacles import Rectangle
from modeler.diagrams.layout.pattern import Automatic, Pattern, pattern_of
from modeler.diagrams.layout.picture import picture_of
from modeler.diagrams.layout.placement import (
    AppFrame,
    Layout,
    Point,
    RoutedEdge,
    placed_box,
)
from modeler.diagrams.layout.reroute import saved_ways
from modeler.diagrams.metrics import text_width


def arrange_saved(
    graph: Graph,
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    kept: Mapping[int, Point],
    automatic: Automatic,
) -> Layout:
    """Return a layout in which the kept boxes stand where they stood.

    Args:
        graph: sorted.
        measures: of its boxes.
        edges: of its edges, those with both boxes.
        kept: number of a box → its top left corner; at least one.
        automatic: lays out a graph without saved positions.
    """
    saved = {graph.boxes[number].key: place for number, place in kept.items()}
    pattern = pattern_of(graph, saved, automatic)
    places = _places(graph, measures, edges, kept, pattern)
    whole = pattern.whole({box.key: places[number] for number, box in enumerate(graph.boxes)})
    if whole:
        return whole
    apps = [box.app for box in graph.boxes]
    areas = [area_of(places[number], measures[number]) for number in range(len(apps))]
    frames = _frames(graph, areas, pattern)
    ways = saved_ways(graph, measures, edges, places, pattern, frames)
    points = [point for way in ways for point in way]
    left = min([frame.x for frame in frames] + [x for x, _ in points])
    top = min([frame.y for frame in frames] + [y for _, y in points])
    right = max([frame.x + frame.width for frame in frames] + [x for x, _ in points])
    bottom = max([frame.y + frame.height for frame in frames] + [y for _, y in points])
    routed = tuple(
        [
            RoutedEdge(
                graph.edges[edge.edge].key,
                graph.edges[edge.edge].source,
                graph.edges[edge.edge].target,
                tuple(way),
                apps[edge.source] != apps[edge.target],
            )
            for edge, way in zip(edges, ways, strict=True)
        ]
    )
    return Layout(
        tuple(
            placed_box(box.key, measures[number], *places[number])
            for number, box in enumerate(graph.boxes)
        ),
        routed,
        frames,
        left,
        top,
        right - left,
        bottom - top,
    )


def _places(
    graph: Graph,
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    kept: Mapping[int, Point],
    pattern: Pattern,
) -> dict[int, Point]:
    """Return every box's corner: as in the pattern where that is free, else beside its kin."""
    keys, apps = [box.key for box in graph.boxes], [box.app for box in graph.boxes]
    known = {apps[number] for number in kept}
    room = Newcomers(kept, measures, apps, edges)
    waiting, foreign = [], []
    for number in range(len(keys)):
        if number in kept:
            continue
        near = room.near[number]
        kin = [
            keys[other] for other in sorted(near) if other in kept and apps[other] == apps[number]
        ]
        place = pattern.wished(keys[number], kin)
        if place and room.free(number, place):
            room.put(number, place)
        elif apps[number] in known:
            waiting.append(number)
        else:
            foreign.append(number)
    # An app of which nothing is saved stays together.
    lost = {apps[number] for number in foreign}
    if lost:
        foreign = [n for n in range(len(keys)) if apps[n] in lost]
        placed = {n: place for n, place in room.places.items() if apps[n] not in lost}
        room = Newcomers(placed, measures, apps, edges)
    room.beside(waiting)
    return {**room.places, **_below(graph, measures, edges, room.places)}


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


def _frames(graph: Graph, areas: Sequence[Rectangle], pattern: Pattern) -> tuple[AppFrame, ...]:
    """Return each app's frame, around its boxes with as much room as it has in the pattern."""
    own: dict[str, list[int]] = defaultdict(list)
    for number, box in enumerate(graph.boxes):
        own[box.app].append(number)
    frames = []
    for app in sorted(own):
        around = _around([areas[number] for number in own[app]])
        title = title_of(graph, app)
        padding = spacing.FRAME_PADDING
        rooms = (padding, padding + spacing.FRAME_TITLE, padding, padding)
        known = pattern.frames.get(app)
        if known:
            inner = _around(
                [
                    (old.x, old.y, old.x + old.width, old.y + old.height)
                    for number in own[app]
                    if (old := pattern.boxes.get(graph.boxes[number].key))
                ]
            )
            rooms = (
                inner[0] - known.x,
                inner[1] - known.y,
                known.x + known.width - inner[2],
                known.y + known.height - inner[3],
            )
        left, top = around[0] - rooms[0], around[1] - rooms[1]
        wide = text_width(title, spacing.FRAME_TITLE_SIZE, bold=True) + 2 * padding
        right = max(around[2] + rooms[2], left + wide)
        frames.append(AppFrame(app, title, left, top, right - left, around[3] + rooms[3] - top))
    return tuple(frames)


def _around(areas: Sequence[Rectangle]) -> Rectangle:
    return (
        min(area[0] for area in areas),
        min(area[1] for area in areas),
        max(area[2] for area in areas),
        max(area[3] for area in areas),
    )
