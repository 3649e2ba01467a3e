"""The whole picture: frames on shelves, and the corridors between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.corridor import Corridor
from modeler.diagrams.layout.frames import Frame, shelves_of
from modeler.diagrams.packing import cost, pack

REFOLDED = 12  # frames that are tried in other shapes, the widest
OFF_SHELF = 0.6


@dataclass(slots=True)
class Picture:
    """Frames on shelves.

    Attributes:
        shelves: frames from left to right, from the top shelf down.
        across: horizontal corridors; ``n`` lies above shelf ``n``, the last below all.
        down: by shelf, vertical corridors; ``n`` lies left of frame ``n``, the last at the end.
        width, height: known when it is spread.
    """

    shelves: list[list[Frame]]
    across: list[Corridor] = field(default_factory=list)
    down: list[list[Corridor]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        self.across = [Corridor() for _ in range(len(self.shelves) + 1)]
        for shelf in self.shelves:
            for place, frame in enumerate(shelf):
                frame.odd = place % 2 == 1
        self.down = [[Corridor() for _ in range(len(shelf) + 1)] for shelf in self.shelves]

    def spread_across(self) -> None:
        """Give the frames their x, and the vertical corridors theirs."""
        for row, (shelf, corridors) in enumerate(zip(self.shelves, self.down, strict=True)):
            # All lengths are whole: so no channel stands exactly over one of the next shelf.
            x = OFF_SHELF * (row % 2)
            for place, corridor in enumerate(corridors):
                inner = 0 < place < len(shelf)
                x = corridor.place(x, spacing.FRAME_GAP if inner else 0.0, odd=row % 2 == 1)
                if place < len(shelf):
                    shelf[place].x = x
                    x += shelf[place].width
            self.width = max(self.width, x)

    def spread_down(self) -> None:
        """Give the frames their y, and the horizontal corridors theirs."""
        y = 0.0
        for place, corridor in enumerate(self.across):
            inner = 0 < place < len(self.shelves)
            y = corridor.place(y, spacing.FRAME_GAP if inner else 0.0)
            if place < len(self.shelves):
                for frame in self.shelves[place]:
                    frame.y = y
                y += max(frame.height for frame in self.shelves[place])
        self.height = y


def picture_of(
    choices: Sequence[Sequence[Frame]], bonds: Mapping[tuple[int, int], float] | None = None
) -> Picture:
    """Put frames whose sizes are known on shelves.

    Args:
        choices: for each app, the frames of which one is taken; the first where the picture
            gets its shape with it.
        bonds: places of two apps in the choices → how many edges lead from one to the other.
    """
    chosen = [0] * len(choices)
    best = _cost(choices, chosen) if choices else (0.0, 0.0)
    for place in sorted(range(len(choices)), key=lambda n: -choices[n][0].width)[:REFOLDED]:
        for other in range(1, len(choices[place])):
            if not best[0]:
                break
            tried = [*chosen[:place], other, *chosen[place + 1 :]]
            found = _cost(choices, tried)
            if found < best:
                best, chosen = found, tried
    frames = [choices[place][choice] for place, choice in enumerate(chosen)]
    sizes = [(frame.width, frame.height) for frame in frames]
    return Picture(shelves_of(frames, sizes, gap=spacing.FRAME_GAP, bonds=bonds))


def _cost(choices: Sequence[Sequence[Frame]], chosen: Sequence[int]) -> tuple[float, float]:
    frames = [choices[place][choice] for place, choice in enumerate(chosen)]
    packing = pack([(None, f.width, f.height) for f in frames], gap=spacing.FRAME_GAP)
    return cost((packing.width, packing.height))
