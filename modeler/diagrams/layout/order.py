"""In which order the boxes of a column stand, so that few edges cross.

Barycentre sweeps, then exchanges of neighbours, then sifting, on the heights at which edges
dock. Sources: Sugiyama, Tagawa, Toda (1981); Gansner et al. (1993), section 3.
"""

from __future__ import annotations

from bisect import bisect_right, insort

from modeler.diagrams.layout.levels import Levels
from modeler.diagrams.layout.sifting import sift

SWEEPS = 8
EXCHANGES = 4


def reduce_crossings(levels: Levels) -> None:
    """Reorder ``levels.columns`` in place."""
    columns = levels.columns
    position = [0.0] * len(levels.heights)
    best, best_columns = -1, columns
    for start in (columns, _walked(levels)):
        for forward in (True, False):
            columns = [list(column) for column in start]
            _number(columns, position)
            for sweep in range(SWEEPS):
                towards = forward == (sweep % 2 == 0)
                for column in columns[1:] if towards else columns[-2::-1]:
                    _sort(column, levels.left if towards else levels.right, position)
                count = _count(levels, position)
                if count < best or best < 0:
                    best, best_columns = count, [list(column) for column in columns]
                if not best:
                    break
            for _ in range(EXCHANGES):
                if not best or not _exchange(columns, levels, position):
                    break
            count = _count(levels, position)
            if count < best:
                best, best_columns = count, [list(column) for column in columns]
    levels.columns[:] = best_columns
    if best:
        _number(best_columns, position)
        sift(levels, position)


def _walked(levels: Levels) -> list[list[int]]:
    """Return the columns in the order of a walk along the edges, the last column first."""
    columns: list[list[int]] = [[] for _ in levels.columns]
    home = {node: place for place, column in enumerate(levels.columns) for node in column}
    seen: set[int] = set()
    for column in reversed(levels.columns):
        for start in column:
            stack = [start]
            while stack:
                node = stack.pop()
                if node in seen:
                    continue
                seen.add(node)
                columns[home[node]].append(node)
                stack += [other for other, _, _ in reversed(levels.left[node])]
    return columns


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


def _exchange(columns: list[list[int]], levels: Levels, position: list[float]) -> bool:
    """Exchange neighbours where that removes crossings; return whether any was."""
    changed = False
    left, right = levels.left, levels.right
    for column in columns:
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
