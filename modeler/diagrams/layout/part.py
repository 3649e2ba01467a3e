"""A part of an app that is laid out alone: columns of boxes with channels between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.channels import Turn, tracks
from modeler.diagrams.layout.measure import Measure
from modeler.diagrams.layout.placement import Point

Slot = tuple[int, int]  # a channel, and which of its turns
LEFT, RIGHT = -1, 1


@dataclass(slots=True)
class Way:
    """An edge inside a part, from its source to its target.

    Attributes:
        edge: its number in the graph.
        ends: the two boxes, by number in the part.
        sides: LEFT or RIGHT, where it leaves and where it arrives.
        heights: of its horizontal pieces, from the part's top.
        slots: of its vertical pieces, each between two heights.
    """

    edge: int
    ends: tuple[int, int]
    sides: tuple[int, int]
    heights: list[float]
    slots: list[Slot]


@dataclass(slots=True)
class Part:
    """Boxes with their columns and heights; channel ``c`` lies left of column ``c``.

    Attributes:
        members: boxes of the whole graph, by number in this part.
        measures: their sizes.
        columns: numbers from top to bottom, by column.
        tops: by number, from the part's own top.
        height: of the part.
        turns: by channel; an edge that leaves the part has one end at plus or minus FAR.
        ways: the edges inside.
        pulls: by number, edges on the right less edges on the left.
        width: known when the part is spread, like all that follows.
        lefts: by number, from the part's own left.
        lines: x of each turn, by channel.
    """

    members: Sequence[int]
    measures: Sequence[Measure]
    columns: list[list[int]]
    tops: list[float]
    height: float = 0.0
    turns: list[list[Turn]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    pulls: list[int] = field(default_factory=list)
    width: float = 0.0
    lefts: list[float] = field(default_factory=list)
    lines: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.height = max(
            top + size.height for top, size in zip(self.tops, self.measures, strict=True)
        )
        self.turns = [[] for _ in range(len(self.columns) + 1)]
        self.pulls = [0] * len(self.members)

    def turn(self, channel: int, turn: Turn) -> Slot:
        """Book a vertical piece in a channel."""
        self.turns[channel].append(turn)
        return channel, len(self.turns[channel]) - 1

    def spread(self) -> None:
        """Give every channel the room that its turns need, and every column its place."""
        x, last = 0.0, len(self.columns)
        self.lefts = [0.0] * len(self.members)
        self.lines = []
        for channel, turns in enumerate(self.turns):
            found, count = tracks(turns)
            start = x + (spacing.STUB if channel else 0.0)
            self.lines.append([start + track * spacing.TRACK for track in found])
            if 0 < channel < last:
                x += spacing.BOX_GAP if not turns else 2 * spacing.STUB
            elif count:
                x += spacing.STUB
            x += max(count - 1, 0) * spacing.TRACK
            if channel < last:
                x = self._stand(channel, x)
        self.width = x

    def _stand(self, column: int, x: float) -> float:
        """Place a column's boxes, each at the side that most of its edges use."""
        wide = max(self.measures[node].width for node in self.columns[column])
        for node in self.columns[column]:
            pull = self.pulls[node]
            slack = wide - self.measures[node].width
            self.lefts[node] = x if pull < 0 else x + slack if pull else x + round(slack / 2)
        return x + wide

    def side(self, node: int, side: int) -> float:
        """Return x of a box's left or right side."""
        return self.lefts[node] + (self.measures[node].width if side == RIGHT else 0.0)

    def points(self, way: Way) -> list[Point]:
        """Return the corners of an edge inside the part."""
        first, *heights = way.heights
        points = [(self.side(way.ends[0], way.sides[0]), first)]
        for (channel, index), height in zip(way.slots, heights, strict=True):
            x = self.lines[channel][index]
            if height != first:
                points += [(x, first), (x, height)]
            first = height
        points.append((self.side(way.ends[1], way.sides[1]), first))
        return points
