"""Every node of a column moved to where it crosses least, the others held.

Source: Matuszewski, Schönfeld, Molitor, "Using sifting for k-layer straightline crossing
minimization" (1999). How often two nodes' edges cross, in either order, is counted once a column.
"""

from __future__ import annotations

from modeler.diagrams.layout.levels import Levels

ROUNDS = 3
WIDEST = 120  # columns with more nodes are left alone: the cost grows with the square


def sift(levels: Levels, position: list[float]) -> None:
    """Reorder ``levels.columns`` in place; crossings never become more.

    Args:
        levels: in the order to start from.
        position: by node, its place in its column.
    """
    columns = [column for column in levels.columns if 1 < len(column) <= WIDEST]
    for turn in range(2 * ROUNDS):
        moved = False
        for column in columns if turn % 2 == 0 else reversed(columns):
            moved |= _sift(column, levels, position)
        if not moved:
            return


def _sift(column: list[int], levels: Levels, position: list[float]) -> bool:
    gains = _gains(column, levels, position)
    if gains is None:
        return False
    order = list(range(len(column)))
    moved = False
    for node in range(len(column)):
        own = gains[node]
        here = order.index(node)
        # From its place upwards and downwards: what each step past another node changes.
        best = change = 0
        to = here
        for place in range(here - 1, -1, -1):
            change -= own[order[place]]
            if change < best:
                best, to = change, place
        change = 0
        for place in range(here + 1, len(order)):
            change += own[order[place]]
            if change < best:
                best, to = change, place
        if to != here:
            order.insert(to, order.pop(here))
            moved = True
    if moved:
        column[:] = [column[index] for index in order]
        for index, node in enumerate(column):
            position[node] = index
    return moved


def _gains(column: list[int], levels: Levels, position: list[float]) -> list[list[int]] | None:
    """Return by how much the crossings of two nodes grow when the first comes below the other.

    Returns:
        None where no two nodes cross at all.
    """
    count = len(column)
    gains = [[0] * count for _ in column]
    crossed = False
    for side in (levels.left, levels.right):
        ends = [[position[other] + far for other, _, far in side[node]] for node in column]
        for upper in range(count - 1):
            above, row = ends[upper], gains[upper]
            if not above:
                continue
            for lower in range(upper + 1, count):
                change = 0
                for b in ends[lower]:
                    for a in above:
                        if a > b:
                            change -= 1
                        elif a < b:
                            change += 1
                if change:
                    row[lower] += change
                    gains[lower][upper] -= change
                    crossed |= change < 0
    return gains if crossed else None
