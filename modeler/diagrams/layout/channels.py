"""Tracks for the vertical pieces of edges in the channel between two columns.

Two edges that need not cross do not cross when those that go down turn in the order of their
left ends from below, and those that go up from above; pieces that overlap get tracks of their
own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def tracks(turns: Iterable[Turn]) -> tuple[list[int], int]:
    """Return each turn's track, from 0 at the left, and the number of tracks.

    Straight ones (``left == right``) get track 0 and take no room.
    """
    turns = list(turns)
    found = [0] * len(turns)
    taken: list[list[tuple[float, float]]] = []
    for index in sorted(range(len(turns)), key=lambda index: _rank(turns[index])):
        turn = turns[index]
        if turn.left == turn.right:
            continue
        low, high = min(turn.left, turn.right) - CLEARANCE, max(turn.left, turn.right)
        track = len(taken)
        while track and all(high < start or end < low for start, end in taken[track - 1]):
            track -= 1
        if track == len(taken):
            taken.append([])
        taken[track].append((low, high + CLEARANCE))
        found[index] = track
    return found, len(taken)


def _rank(turn: Turn) -> tuple[float, ...]:
    if turn.back:
        size = abs(turn.left - turn.right)
        return (0.0, size, turn.left) if turn.back > 0 else (2.0, -size, turn.left)
    if turn.right > turn.left:
        return (1.0, -turn.left, -turn.right)
    return (1.0, turn.left, turn.right)
