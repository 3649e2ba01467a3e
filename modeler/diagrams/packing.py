"""Rectangles packed on shelves, to a picture that is about as wide as asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something with its place; all lengths in one unit, y grows downwards."""

    item: T
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Packing(Generic[T]):
    """Placed rectangles in the order given, and the size of all together."""

    placed: tuple[Placed[T], ...]
    width: float
    height: float


def pack(items: list[tuple[T, float, float]], *, gap: float, aspect: float = 1.6) -> Packing[T]:
    """Pack rectangles without overlap.

    The highest come first, shelf by shelf; of a few shelf widths the one whose picture is
    nearest to ``aspect`` (and then the smallest) is taken.

    Args:
        items: ``(item, width, height)``.
        gap: least distance between two rectangles.
        aspect: width : height to aim at.
    """
    if not items:
        return Packing((), 0, 0)
    order = sorted(range(len(items)), key=lambda i: (-items[i][2], -items[i][1], i))
    area = sum((width + gap) * (height + gap) for _, width, height in items)
    widest = max(width for _, width, _ in items)
    candidates = [
        _shelves(items, order, max(widest, math.sqrt(area * aspect) * factor), gap)
        for factor in (0.8, 0.9, 1.0, 1.1, 1.25, 1.4)
    ]
    return min(candidates, key=lambda packing: _cost(packing, aspect))


def _cost(packing: Packing[T], aspect: float) -> tuple[float, float]:
    shape = abs(math.log(packing.width / packing.height / aspect))
    return (round(shape, 1), packing.width * packing.height)


def _shelves(
    items: list[tuple[T, float, float]], order: list[int], limit: float, gap: float
) -> Packing[T]:
    places: dict[int, Placed[T]] = {}
    x = y = shelf = right = 0.0
    for index in order:
        item, width, height = items[index]
        if x and x + width > limit:
            x, y, shelf = 0.0, y + shelf + gap, 0.0
        places[index] = Placed(item, x, y, width, height)
        right = max(right, x + width)
        x += width + gap
        shelf = max(shelf, height)
    return Packing(tuple(places[i] for i in range(len(items))), right, y + shelf)
