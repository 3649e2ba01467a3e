"""At what height every node of a column stands, so that edges are short.

The vertical length of all edges is a sum of absolute differences; for one column, with its
neighbours held, the best heights in the given order are an isotonic regression in that norm,
solved exactly by pooling adjacent violators (Barlow et al., 1972) with medians.
"""

from __future__ import annotations

from modeler.diagrams.layout.levels import Levels, distance

ROUNDS, MEANS = 8, 3  # means reach far, medians then draw edges straight


def heights(levels: Levels) -> list[float]:
    """Return the top of every node, from 0; lines have no height."""
    tops = [0.0] * len(levels.heights)
    offsets = []
    for column in levels.columns:
        offset: list[float] = []
        here = 0.0
        for index, node in enumerate(column):
            if index:
                here += distance(levels, column[index - 1], node)
            offset.append(here)
            here += levels.heights[node]
        offsets.append(offset)
        for node, start in zip(column, offset, strict=True):
            tops[node] = start - here / 2
    pulls = _pulls(levels)
    count = len(levels.columns)
    for turn in range(ROUNDS):
        for place in range(count) if turn % 2 == 0 else range(count - 1, -1, -1):
            _settle(levels.columns[place], offsets[place], pulls, tops, turn < MEANS)
    least = min(tops)
    return [round(top - least, 1) for top in tops]


def _pulls(levels: Levels) -> list[list[tuple[int, float]]]:
    """Return, by node: neighbour, and the difference of tops at which the edge is straight."""
    sizes = levels.heights
    return [
        [
            (other, far * sizes[other] - own * sizes[node])
            for side in (levels.left[node], levels.right[node])
            for other, own, far in side
        ]
        for node in range(len(sizes))
    ]


def _settle(
    column: list[int],
    offsets: list[float],
    pulls: list[list[tuple[int, float]]],
    tops: list[float],
    mean: bool,
) -> None:
    blocks: list[tuple[float, list[float], int]] = []  # level, wishes, nodes
    for node, offset in zip(column, offsets, strict=True):
        wishes = [tops[other] + shift - offset for other, shift in pulls[node]]
        if not wishes:
            wishes = [tops[node] - offset]
        size = 1
        level = _level(wishes, mean)
        while blocks and blocks[-1][0] > level:
            _, more, nodes = blocks.pop()
            wishes += more
            size += nodes
            level = _level(wishes, mean)
        blocks.append((level, wishes, size))
    index = 0
    for level, _, size in blocks:
        for _ in range(size):
            tops[column[index]] = level + offsets[index]
            index += 1


def _level(wishes: list[float], mean: bool) -> float:
    if mean:
        return sum(wishes) / len(wishes)
    wishes.sort()
    middle = len(wishes) // 2
    return wishes[middle] if len(wishes) % 2 else (wishes[middle - 1] + wishes[middle]) / 2
