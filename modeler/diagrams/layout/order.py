"""In which order the boxes of a column stand, so that few edges cross.

Barycentre sweeps, then exchanges of neighbours, on the heights at which edges dock. Sources:
Sugiyama, Tagawa, Toda (1981); Gansner et al. (1993), section 3.
"""

from __future__ import annotations

from bisect import bisect_right, insort

from modeler.diagrams.layout.levels import Levels

SWEEPS = 8
EXCHANGES = 4


def reduce_crossings(levels: Levels) -> None:
    """Reorder ``levels.columns`` in place."""
    columns = levels.columns
    position = [0.0] * len(levels.heights)
    _number(columns, position)
    best, best_columns = _count(levels, position), [list(column) for column in columns]
    for sweep in range(SWEEPS):
        if not best:
            break
        forward = sweep % 2 == 0
        for column in columns[1:] if forward else columns[-2::-1]:
            _sort(column, levels.left if forward else levels.right, position)
        count = _count(levels, position)
        if count < best:
            best, best_columns = count, [list(column) for column in columns]
    levels.columns[:] = best_columns
    _number(levels.columns, position)
    for _ in range(EXCHANGES):
        if not best or not _exchange(levels, position):
            break


def _number(columns: list[list[int]], position: list[float]) -> None:
    for column in columns:
        for index, node in enumerate(column):
            position[node] = index


def _sort(
    column: list[int], neighbours: list[list[tuple[int, float, float]]], position: list[float]
) -> None:
    keys = {}
    for node in column:
        ends = neighbours[node]
        if ends:
            total = 0.0
            for other, own, far in ends:
                total += position[other] + far - own
            keys[node] = total / len(ends)
        else:
            keys[node] = position[node]
    column.sort(key=keys.__getitem__)
    for index, node in enumerate(column):
        position[node] = index


def _count(levels: Levels, position: list[float]) -> int:
    total = 0
    for pairs in levels.gaps:
        ends = sorted([(position[a] + p, position[b] + q) for a, b, p, q in pairs])
        seen: list[float] = []
        for index, (_, right) in enumerate(ends):
            total += index - bisect_right(seen, right)
            insort(seen, right)
    return total


def _exchange(levels: Levels, position: list[float]) -> bool:
    """Exchange neighbours where that removes crossings; return whether any was."""
    changed = False
    left, right = levels.left, levels.right
    for column in levels.columns:
        upper_ends: list[list[float]] | None = None
        for index in range(len(column) - 1):
            upper, lower = column[index], column[index + 1]
            if upper_ends is None:
                upper_ends = [
                    [position[other] + far for other, _, far in side[upper]]
                    for side in (left, right)
                ]
            lower_ends = [
                [position[other] + far for other, _, far in side[lower]] for side in (left, right)
            ]
            gain = 0
            for over, under in zip(upper_ends, lower_ends, strict=True):
                for a in over:
                    for b in under:
                        if a > b:
                            gain += 1
                        elif a < b:
                            gain -= 1
            if gain > 0:
                column[index], column[index + 1] = lower, upper
                position[lower], position[upper] = index, index + 1
                changed = True
            else:
                upper_ends = lower_ends
    return changed
