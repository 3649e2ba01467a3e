"""Where the edges of a graph dock: boxes by number, heights from their tops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.measure import Measure

SPREAD, ROOM = 4.0, 12.0


@dataclass(frozen=True, slots=True)
class Docked:
    """An edge whose boxes are both in the graph.

    Attributes:
        edge: its number in the graph.
        source, target: numbers of its boxes.
        source_dock, target_dock: heights from the boxes' tops.
    """

    edge: int
    source: int
    target: int
    source_dock: float
    target_dock: float


def docked_edges(graph: Graph, measures: Sequence[Measure]) -> list[Docked]:
    """Return the edges whose boxes are both here, in the graph's order.

    An edge docks at its first column's row, at the heading where that is not shown. Edges that
    leave one row or heading stand SPREAD apart, so that none hides another. Edges that arrive at
    one column meet there, except those that come from one box: these stay apart as well.
    """
    place = {box.key: number for number, box in enumerate(graph.boxes)}
    found: list[tuple[int, int, int, float, float]] = []
    groups: dict[tuple[object, ...], list[int]] = {}  # of starts (2 n) and ends (2 n + 1)
    for number, edge in enumerate(graph.edges):
        source, target = place.get(edge.source), place.get(edge.target)
        if source is None or target is None:
            continue
        start = measures[source].dock(edge.columns)
        end = measures[target].dock(edge.target_columns)
        here = 2 * len(found)
        groups.setdefault((source, start), []).append(here)
        # Both ends of a loop are on one side of the box.
        to = (target, end) if source == target else (source, target, end)
        groups.setdefault(to, []).append(here + 1)
        found.append((number, source, target, start, end))
    shift = _spread(groups.values(), 2 * len(found))
    return [
        Docked(number, source, target, start + shift[2 * index], end + shift[2 * index + 1])
        for index, (number, source, target, start, end) in enumerate(found)
    ]


def _spread(groups: Iterable[Sequence[int]], count: int) -> list[float]:
    """Return how far each end stands from the middle; the first of a group stays there."""
    shift = [0.0] * count
    for group in groups:
        if len(group) > 1:
            step = min(SPREAD, ROOM / len(group))
            for index, which in enumerate(group):
                # 0, +1, -1, +2, -2 …
                shift[which] = step * ((index + 1) // 2) * (1 if index % 2 else -1)
    return shift
