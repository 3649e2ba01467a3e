"""Tracks for the vertical pieces of edges in the channel between two columns.

Two edges that need not cross do not cross when those that go down turn in the order of their
right ends from below, and those that go up from above; of two that must cross, either order
costs one crossing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

FAR = 1e9
CLEARANCE = 4.0


@dataclass(frozen=True, slots=True)
class Turn:
    """An edge's vertical piece in a channel.

    Attributes:
        left: height where it comes in from the left, or plus or minus FAR from outside.
        right: height where it goes out to the right, likewise.
        back: both ends are on the left (a loop), or with ``-1`` both on the right.
    """

    left: float
    right: float
    back: int = 0


def tracks(turns: Sequence[Turn]) -> tuple[list[int], int]:
    """Return each turn's track, from 0 at the left, and the number of tracks.

    Straight ones (``left == right``) get track 0 and take no room. Those that come from one side
    to the same height at the right share a track: they lead to one dock.
    """
    found = [0] * len(turns)
    taken: list[list[tuple[float, float]]] = []
    for _, same in groupby(sorted(range(len(turns)), key=lambda i: _rank(turns[i])), _bus(turns)):
        numbers = list(same)
        ends = [turns[number].left for number in numbers] + [turns[numbers[0]].right]
        low, high = min(ends), max(ends)
        if low == high:
            continue
        track = len(taken)
        while track and all(
            high + CLEARANCE < start or end + CLEARANCE < low for start, end in taken[track - 1]
        ):
            track -= 1
        if track == len(taken):
            taken.append([])
        taken[track].append((low, high))
        for number in numbers:
            found[number] = track
    return found, len(taken)


def _bus(turns: Sequence[Turn]) -> Callable[[int], object]:
    """Return what tells turns apart that may not share a track."""

    def key(number: int) -> object:
        turn = turns[number]
        if turn.back or abs(turn.right) == FAR or turn.left == turn.right:
            return number
        return (turn.right, turn.right > turn.left)

    return key


def _rank(turn: Turn) -> tuple[float, ...]:
    if turn.back:
        size = abs(turn.left - turn.right)
        return (0.0, size, turn.left) if turn.back > 0 else (2.0, -size, turn.left)
    if turn.right > turn.left:
        return (1.0, -turn.right, -turn.left)
    return (1.0, turn.right, turn.left)
