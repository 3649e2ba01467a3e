"""An app's frame: its parts on shelves, with a corridor above, between and below the shelves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TypeVar

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.corridor import Corridor
from modeler.diagrams.layout.part import Part
from modeler.diagrams.metrics import text_width
from modeler.diagrams.packing import SHAPE, pack

T = TypeVar("T")
OFF_SHELF = 3.25


@dataclass(slots=True)
class Frame:
    """A frame and what is in it.

    Attributes:
        app, title: of the app.
        shelves: its parts from left to right, from the top shelf down.
        odd: it stands at an odd place on its shelf of the picture.
        corridors: one more than shelves; corridor ``n`` lies above shelf ``n``.
        x, y, width, height: of the frame; known at the end.
        corners: of each part, from the frame's corner, by shelf.
    """

    app: str
    title: str
    shelves: list[list[Part]]
    odd: bool = False
    corridors: list[Corridor] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    corners: list[list[tuple[float, float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.corridors = [Corridor() for _ in range(len(self.shelves) + 1)]

    def spread_across(self) -> None:
        """Give the parts their x, and the frame its width."""
        title = ceil(text_width(self.title, spacing.FRAME_TITLE_SIZE, bold=True))
        widest = float(title)
        self.corners = []
        for row, shelf in enumerate(self.shelves):
            # Channels of one shelf never stand over those of the next.
            x, corners = spacing.FRAME_PADDING + OFF_SHELF * (row % 2), []
            for part in shelf:
                corners.append((x, 0.0))
                x += part.width + spacing.PART_GAP
            self.corners.append(corners)
            widest = max(widest, ceil(x - spacing.PART_GAP - spacing.FRAME_PADDING))
        self.width = widest + 2 * spacing.FRAME_PADDING

    def placed(self) -> Iterator[tuple[Part, float, float]]:
        """Return each part with its corner in the picture."""
        for shelf, corners in zip(self.shelves, self.corners, strict=True):
            for part, (x, y) in zip(shelf, corners, strict=True):
                yield part, self.x + x, self.y + y

    def spread_down(self) -> None:
        """Give the parts their y, the corridors theirs, and the frame its height."""
        y = spacing.FRAME_TITLE
        last = len(self.shelves)
        for place, corridor in enumerate(self.corridors):
            least = spacing.PART_GAP if 0 < place < last else spacing.FRAME_PADDING
            y = corridor.place(y, least, odd=self.odd)
            if place < last:
                self.corners[place] = [(x, y) for x, _ in self.corners[place]]
                y += max(part.height for part in self.shelves[place])
        self.height = y


def shelves_of(
    items: Sequence[T],
    sizes: Sequence[tuple[float, float]],
    *,
    gap: float,
    shape: tuple[float, float] = SHAPE,
    bonds: Mapping[tuple[int, int], float] | None = None,
) -> list[list[T]]:
    """Return the items on shelves, from the top down and from left to right."""
    packing = pack(
        [(number, width, height) for number, (width, height) in enumerate(sizes)],
        gap=gap,
        shape=shape,
        bonds=bonds,
    )
    shelves: dict[float, list[tuple[float, int]]] = {}
    for placed in packing.placed:
        shelves.setdefault(placed.y, []).append((placed.x, placed.item))
    return [[items[number] for _, number in sorted(shelves[y])] for y in sorted(shelves)]


def frame_of(
    app: str, title: str, parts: Sequence[Part], shape: tuple[float, float] = SHAPE
) -> Frame:
    """Put parts that are spread on shelves; the frame has its size as if no edge left it."""
    sizes = [(part.width, part.height) for part in parts]
    frame = Frame(app, title, shelves_of(parts, sizes, gap=spacing.PART_GAP, shape=shape))
    frame.spread_across()
    frame.spread_down()
    return frame
