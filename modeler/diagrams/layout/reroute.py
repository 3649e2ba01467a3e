"""The edges around boxes that stay: the ways of the pattern where they are free, else new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.detour import Detours
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.newcomers import area_of
from modeler.diagrams.layout.nudge import nudged
from modeler.diagrams.layout.obstacles import Obstacles, Rectangle
from modeler.diagrams.layout.pattern import Pattern
from modeler.diagrams.layout.placement import AppFrame, Point
from modeler.diagrams.layout.terrain import Apps, Terrain


def saved_ways(
    graph: Graph,
    measures: Sequence[Measure],
    edges: Sequence[Docked],
    places: Mapping[int, Point],
    pattern: Pattern,
    frames: Sequence[AppFrame],
) -> list[list[Point]]:
    """Return the pattern's ways where they are still free, new ones elsewhere."""
    apps, keys = [box.app for box in graph.boxes], [box.key for box in graph.boxes]
    areas = [area_of(places[number], measures[number]) for number in range(len(keys))]
    shifts = [
        pattern.shift(key, places[number]) if key in pattern.boxes else None
        for number, key in enumerate(keys)
    ]
    everything = Obstacles(areas)
    strange = Obstacles(
        a for a, shift in zip(areas, shifts, strict=True) if shift != pattern.common
    )
    ways: list[list[Point] | None] = []
    for edge in edges:
        one, two = shifts[edge.source], shifts[edge.target]
        way = None
        if one is not None and two is not None:
            way = pattern.way(
                graph.edges[edge.edge].key,
                (keys[edge.source], one, places[edge.source][1] + edge.source_dock),
                (keys[edge.target], two, places[edge.target][1] + edge.target_dock),
            )
        if way:
            way[0] = _at_side(areas[edge.source], way[0]), way[0][1]
            way[-1] = _at_side(areas[edge.target], way[-1]), way[-1][1]
        if way and _hit(way, strange if one == two == pattern.common else everything):
            way = None
        ways.append(way)
    if all(ways):
        return [way for way in ways if way]
    terrain = Terrain(
        areas, apps, {f.app: (f.x, f.y, f.x + f.width, f.y + f.height) for f in frames}
    )
    return _routed(edges, places, measures, terrain, ways)


def _at_side(area: Rectangle, point: Point) -> float:
    """Return x of the box's side at which a point is, give or take a rounded position."""
    return min(area[0], area[2], key=lambda side: abs(side - point[0]))


def _hit(way: Sequence[Point], obstacles: Obstacles) -> bool:
    return any(
        obstacles.overlaps((min(x, u), min(y, v) - 0.02, max(x, u), max(y, v) + 0.02))
        if y == v
        else obstacles.overlaps((x - 0.02, min(y, v), x + 0.02, max(y, v)))
        for (x, y), (u, v) in pairwise(way)
    )


def _routed(
    edges: Sequence[Docked],
    places: Mapping[int, Point],
    measures: Sequence[Measure],
    terrain: Terrain,
    standing: Sequence[list[Point] | None],
) -> list[list[Point]]:
    detours = Detours(terrain)
    homes: list[Apps] = [terrain.homes(edge.source, edge.target) for edge in edges]
    ways: list[list[Point] | None] = [None] * len(edges)
    for index, edge in enumerate(edges):
        if standing[index]:
            continue
        docks = []
        ends = ((edge.source, edge.source_dock), (edge.target, edge.target_dock))
        for number, dock in ends:
            x, y = places[number]
            docks.append(((x, y + dock), (x + measures[number].width, y + dock)))
        way = detours.way(docks[0], docks[1], homes[index])
        # Where a person put one box over another's row, the line can only pass through.
        ways[index] = way or _straight(docks[0][1], docks[1][0])
    moved = nudged(ways, [way for way in standing if way], homes, terrain)
    return [way or other or [] for way, other in zip(moved, standing, strict=True)]


def _straight(start: Point, end: Point) -> list[Point]:
    middle = (start[0] + end[0]) / 2
    return [start, (middle, start[1]), (middle, end[1]), end]
