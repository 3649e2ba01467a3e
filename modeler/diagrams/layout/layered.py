"""Lay out what hangs together in columns, and what stands alone in a grid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.channels import Turn
from modeler.diagrams.layout.heights import heights
from modeler.diagrams.layout.levels import Link, levels_of
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.order import reduce_crossings
from modeler.diagrams.layout.part import LEFT, RIGHT, Part, Way
from modeler.diagrams.layout.ranks import ranks

GRID_ASPECT = 1.4
NUDGE, PARTS = 3.0, (1.0, 0.5, 0.75, 0.25)


def layered_part(
    members: Sequence[int], measures: Sequence[Measure], links: Sequence[Link]
) -> Part:
    """Lay out boxes that hang together.

    Args:
        members: their numbers in the graph.
        measures: their sizes.
        links: the edges between them, boxes by place in ``members``.
    """
    rank = ranks(len(members), [(source, target) for _, source, target, _, _ in links])
    levels = levels_of([measure.height for measure in measures], rank, links)
    reduce_crossings(levels)
    tops = heights(levels)
    columns = [[node for node in column if node < levels.boxes] for column in levels.columns]
    part = Part(members, measures, columns, tops[: levels.boxes])
    ways = [
        _heights(rank, tops, link, chain) for link, chain in zip(links, levels.chains, strict=True)
    ]
    # Loops have both ends at the left of their channel: nothing there runs along them.
    _separate(
        [way for link, way in zip(links, ways, strict=True) if rank[link[1]] != rank[link[2]]]
    )
    for link, (channel, stops) in zip(links, ways, strict=True):
        _book(part, link, rank, channel, stops)
    return part


def grid_part(
    members: Sequence[int],
    measures: Sequence[Measure],
    links: Sequence[Link],
    wide: float | None = None,
    high: float | None = None,
) -> Part:
    """Lay out boxes that hang together with no other; links are loops.

    Args:
        members, measures, links: as for a layered part.
        wide, high: about how wide, or at most how high; else a little wider than high.
    """
    area = sum(
        (measure.width + spacing.BOX_GAP) * (measure.height + spacing.BOX_GAP)
        for measure in measures
    )
    most = high or (area / wide if wide else math.sqrt(area / GRID_ASPECT))
    most = max(most, max(measure.height for measure in measures))
    columns: list[list[int]] = [[]]
    tops = []
    y = 0.0
    for node, measure in enumerate(measures):
        if columns[-1] and y + measure.height > most:
            columns.append([])
            y = 0.0
        columns[-1].append(node)
        tops.append(y)
        y += measure.height + spacing.BOX_GAP
    part = Part(members, measures, columns, tops)
    rank = {node: place for place, column in enumerate(columns) for node in column}
    for link in links:
        channel, stops = _heights(rank, tops, link, [link[1], link[2]])
        _book(part, link, rank, channel, stops)
    return part


Rank = Sequence[int] | Mapping[int, int]


def _heights(
    rank: Rank, tops: Sequence[float], link: Link, chain: Sequence[int]
) -> tuple[int, list[float]]:
    """Return an edge's first channel and its heights in each column, from left to right."""
    _, source, target, source_dock, target_dock = link
    first, last = tops[source] + source_dock, tops[target] + target_dock
    start, end = rank[source], rank[target]
    if start == end:
        return start + 1, [first, last]
    inner = [tops[line] for line in chain[1:-1]]
    if start < end:
        return start + 1, [first, *inner, last]
    return end + 1, [last, *inner, first]


def _separate(ways: Sequence[tuple[int, list[float]]]) -> None:
    """Move lines apart that would run along each other in a channel.

    One goes up from a height at the left, another down to the same height at the right: the
    order of turns puts the second first. Every other pair at one height comes out apart, or
    belongs to one dock. Where others already leave as far up, it moves by less.
    """
    down: set[tuple[int, float]] = set()
    leaving: set[tuple[int, float]] = set()
    for channel, stops in ways:
        for step, (left, right) in enumerate(pairwise(stops)):
            leaving.add((channel + step, round(left, 6)))
            if right > left:
                down.add((channel + step, right))
    if not down:
        return
    for channel, stops in ways:
        for step in range(len(stops) - 1):
            if stops[step + 1] < stops[step] and (channel + step, stops[step]) in down:
                places = (stops[step] - NUDGE * part for part in PARTS)
                free = (at for at in places if (channel + step, round(at, 6)) not in leaving)
                stops[step] = next(free, stops[step] - NUDGE)
                leaving.add((channel + step, round(stops[step], 6)))


def _book(part: Part, link: Link, rank: Rank, channel: int, stops: list[float]) -> None:
    edge, source, target, _, _ = link
    loop = rank[source] == rank[target]
    slots = [
        part.turn(channel + step, Turn(left, right, back=int(loop)))
        for step, (left, right) in enumerate(pairwise(stops))
    ]
    sides = (RIGHT, RIGHT) if loop else (RIGHT, LEFT)
    if rank[source] > rank[target]:
        sides, stops, slots = (LEFT, RIGHT), stops[::-1], slots[::-1]
    part.pulls[source] += sides[0]
    part.pulls[target] += sides[1]
    part.ways.append(Way(edge, (source, target), sides, stops, slots))
