"""A connected part in columns: boxes, and lines that pass a column between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from modeler.diagrams.layout import spacing

# An edge of a part: its number, its boxes, and the heights at which it docks from their tops.
Link = tuple[int, int, int, float, float]
Ends = list[list[tuple[int, float, float]]]


TRUNK = 3


@dataclass(slots=True)
class Levels:
    """The working state of a layered layout; nodes 0 to ``boxes - 1`` are boxes, the rest lines.

    Attributes:
        boxes: how many nodes are boxes.
        heights: by node; a line has none.
        columns: nodes from top to bottom, by column.
        left, right: by node, its neighbours in the column beside it:
            ``(neighbour, own dock, its dock)``, docks as fractions of the heights.
        gaps: between a column and the next: ``(node, node, dock, dock)``.
        chains: by link, the nodes on its way from the left end to the right one.
    """

    boxes: int
    heights: list[float]
    columns: list[list[int]]
    left: Ends
    right: Ends
    gaps: list[list[tuple[int, int, float, float]]]
    chains: list[list[int]]


def levels_of(heights: Sequence[float], rank: Sequence[int], links: Sequence[Link]) -> Levels:
    """Put boxes into their columns, and a line into every column that an edge passes.

    TRUNK or more edges that run to the right to one dock share their lines: a hub gets one trunk,
    not fifty lines side by side. Links inside one column get the chain of their two boxes and take
    no part in the order.
    """
    boxes = len(heights)
    sizes = list(heights)
    columns: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for node, column in enumerate(rank):
        columns[column].append(node)
    left: Ends = [[] for _ in heights]
    right: Ends = [[] for _ in heights]
    gaps: list[list[tuple[int, int, float, float]]] = [[] for _ in columns[1:]]
    chains = []
    arriving = Counter(
        (target, dock) for _, source, target, _, dock in links if rank[target] - rank[source] > 1
    )
    trunks: dict[tuple[int, float, int], int] = {}
    for _, source, target, source_dock, target_dock in links:
        turned = rank[source] > rank[target]
        if turned:
            source, target, source_dock, target_dock = target, source, target_dock, source_dock
        chain = [source]
        chains.append(chain)
        if rank[source] == rank[target]:
            chain.append(target)
            continue
        here, dock = source, source_dock / heights[source]
        for column in range(rank[source] + 1, rank[target]):
            trunk = (target, target_dock, column)
            line = len(sizes)
            if not turned and arriving[target, target_dock] >= TRUNK:
                line = trunks.setdefault(trunk, line)
            if line == len(sizes):
                sizes.append(0.0)
                columns[column].append(line)
                left.append([])
                right.append([])
            # An edge counts as often as it is there, also where others run in the same line.
            left[line].append((here, 0.0, dock))
            right[here].append((line, dock, 0.0))
            gaps[column - 1].append((here, line, dock, 0.0))
            chain.append(line)
            here, dock = line, 0.0
        end = target_dock / heights[target]
        left[target].append((here, end, dock))
        right[here].append((target, dock, end))
        gaps[rank[target] - 1].append((here, target, dock, end))
        chain.append(target)
    return Levels(boxes, sizes, columns, left, right, gaps, chains)


def distance(levels: Levels, upper: int, lower: int) -> float:
    """Return the least distance between two nodes of a column, one above the other."""
    lines = (upper >= levels.boxes) + (lower >= levels.boxes)
    return (spacing.BOX_GAP, spacing.BOX_LINE_GAP, spacing.LINE_GAP)[lines]
