"""Rectangles packed on shelves, to a picture that is neither a tower nor a ribbon."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from modeler.diagrams.bonds import nearer

T = TypeVar("T")
Size = tuple[float, float]
Bonds = Mapping[tuple[int, int], float]
SHAPE = (1.1, 1.8)  # a picture between 1:1 and 2:1 once lines have taken their room
FEW = 5  # that are also tried on one shelf
FACTORS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 2.0)


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


def pack(
    items: list[tuple[T, float, float]],
    *,
    gap: float,
    shape: tuple[float, float] = SHAPE,
    bonds: Bonds | None = None,
) -> Packing[T]:
    """Pack rectangles without overlap.

    The highest come first, each on the first shelf that has room, alone on it where it is wider
    than a shelf; of some shelf widths the one
    whose picture is nearest to the shape (and then the smallest) is taken.

    Args:
        items: ``(item, width, height)``.
        gap: least distance between two rectangles.
        shape: least and most width : height to aim at.
        bonds: places of two items in the list → how strongly they want to be near each other.
    """
    if not items:
        return Packing((), 0, 0)
    sizes = [(width, height) for _, width, height in items]
    order = sorted(range(len(items)), key=lambda i: (-sizes[i][1], -sizes[i][0], i))
    area = sum((width + gap) * (height + gap) for width, height in sizes)
    widest = max(width for width, _ in sizes)
    aim = math.sqrt(area * shape[0] * shape[1])
    limits = {aim * factor for factor in FACTORS} | {widest}
    if len(items) < FEW:
        limits.add(sum(width + gap for width, _ in sizes))
    best = min(
        (_shelves(sizes, order, limit, gap) for limit in sorted(limits)),
        key=lambda shelves: cost(_size(shelves, sizes, gap), shape),
    )
    if bonds:
        best = nearer(best, sizes, bonds, gap)
    return _placed(items, best, gap)


def cost(size: Size, shape: tuple[float, float] = SHAPE) -> tuple[float, float]:
    """Return how far a size is from a shape, and its area: the least is the best."""
    ratio = size[0] / size[1]
    away = max(math.log(shape[0] / ratio), math.log(ratio / shape[1]), 0.0)
    return round(away, 2), size[0] * size[1]


def _shelves(
    sizes: Sequence[Size], order: Sequence[int], limit: float, gap: float
) -> list[list[int]]:
    shelves: list[list[int]] = []
    ends: list[float] = []
    for index in order:
        width = sizes[index][0]
        shelf = next((n for n, end in enumerate(ends) if end + gap + width <= limit), len(ends))
        if shelf == len(ends):
            shelves.append([])
            ends.append(-gap)
        shelves[shelf].append(index)
        ends[shelf] += gap + width
    return shelves


def _size(shelves: Sequence[Sequence[int]], sizes: Sequence[Size], gap: float) -> Size:
    width = max(sum(sizes[i][0] + gap for i in shelf) - gap for shelf in shelves)
    height = sum(max(sizes[i][1] for i in shelf) + gap for shelf in shelves) - gap
    return width, height


def _placed(
    items: list[tuple[T, float, float]], shelves: Sequence[Sequence[int]], gap: float
) -> Packing[T]:
    places: dict[int, Placed[T]] = {}
    y = right = 0.0
    for shelf in shelves:
        x = 0.0
        for index in shelf:
            item, width, height = items[index]
            places[index] = Placed(item, x, y, width, height)
            right = max(right, x + width)
            x += width + gap
        y += max(items[index][2] for index in shelf) + gap
    return Packing(tuple(places[i] for i in range(len(items))), right, y - gap)
