"""Edges between apps: out of a part, along the corridors between shelves, into the other part.

First every edge books its pieces (``Journeys.book``), so that channels and corridors know how
many run in them; then the picture is spread; then the pieces have coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modeler.diagrams.layout.channels import FAR, Turn
from modeler.diagrams.layout.corridor import Corridor
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.frames import Frame
from modeler.diagrams.layout.part import LEFT, RIGHT, Part, Slot
from modeler.diagrams.layout.picture import Picture
from modeler.diagrams.layout.placement import Point

# Off the middle of the row, so that they never run along an edge inside the app.
ASIDE = 2.5


@dataclass(frozen=True, slots=True)
class Home:
    """Where a box of the graph is.

    Attributes:
        shelf, place: of its frame in the picture.
        frame: its frame.
        row, column: of its part in the frame.
        part: its part.
        node: its number in the part.
        channel: left of its column.
    """

    shelf: int
    place: int
    frame: Frame
    row: int
    column: int
    part: Part
    node: int
    channel: int

    def height(self, dock: float) -> float:
        """Return a dock's height in the frame."""
        return self.frame.corners[self.row][self.column][1] + self.part.tops[self.node] + dock

    def corner(self) -> Point:
        """Return the part's corner in the picture."""
        x, y = self.frame.corners[self.row][self.column]
        return self.frame.x + x, self.frame.y + y


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an edge: its corridor, its number in it, and the frame that it is measured in."""

    corridor: Corridor
    number: int
    frame: Frame | None = None

    def at(self) -> float:
        """Return its height or its x."""
        at = self.corridor.at[self.number]
        return at + self.frame.y if self.frame else at


@dataclass(frozen=True, slots=True)
class Gate:
    """One end of an edge between apps: the box, and the piece in the channel beside it."""

    home: Home
    dock: float
    side: int
    slot: Slot

    def start(self) -> Point:
        """Return the point at the box."""
        (x, y), part, node = self.home.corner(), self.home.part, self.home.node
        return x + part.side(node, self.side), y + part.tops[node] + self.dock

    def line(self) -> float:
        """Return x of the piece in the channel."""
        return self.home.corner()[0] + self.home.part.lines[self.slot[0]][self.slot[1]]


@dataclass(frozen=True, slots=True)
class Journey:
    """An edge between apps: gates at both ends, pieces across and down between them in turn.

    The first and the last piece run across: in a frame, or between shelves.
    """

    edge: int
    source: Gate
    target: Gate
    pieces: list[Piece]

    def points(self) -> list[Point]:
        """Return its corners."""
        first, last = self.source.start(), self.target.start()
        points = [first, (self.source.line(), first[1])]
        for number, piece in enumerate(self.pieces):
            x, y = points[-1]
            points.append((piece.at(), y) if number % 2 else (x, piece.at()))
        line = self.target.line()
        return [*points, (line, points[-1][1]), (line, last[1]), last]


def homes_of(picture: Picture) -> dict[int, Home]:
    """Return where each box is, by its number in the graph."""
    return {
        part.members[node]: Home(shelf, place, frame, row, column, part, node, channel)
        for shelf, frames in enumerate(picture.shelves)
        for place, frame in enumerate(frames)
        for row, parts in enumerate(frame.shelves)
        for column, part in enumerate(parts)
        for channel, nodes in enumerate(part.columns)
        for node in nodes
    }


def book(picture: Picture, homes: Mapping[int, Home], edges: Sequence[Docked]) -> list[Journey]:
    """Choose a way for every edge and book its pieces; the picture is roughly spread."""
    return [_journey(picture, homes[edge.source], homes[edge.target], edge) for edge in edges]


def _journey(picture: Picture, source: Home, target: Home, edge: Docked) -> Journey:
    middle = [home.frame.x + home.frame.width / 2 for home in (source, target)]
    sides = (RIGHT, LEFT) if middle[0] <= middle[1] else (LEFT, RIGHT)
    if source.shelf == target.shelf and abs(source.place - target.place) == 1:
        below = source.height(edge.source_dock) < target.height(edge.target_dock)
        pieces = [
            _inner(source, below),
            _piece(_outer(picture, source, sides[0])),
            _inner(target, not below),
        ]
        gates = (
            _gate(source, edge.source_dock, sides[0], below),
            _gate(target, edge.target_dock, sides[1], not below),
        )
        return Journey(edge.edge, *gates, pieces)
    if source.shelf == target.shelf:
        lower = _nearer_below(source, edge.source_dock) + _nearer_below(target, edge.target_dock)
        across = [source.shelf + (lower > 0)]
    elif source.shelf < target.shelf:
        across = list(range(source.shelf + 1, target.shelf + 1))
    else:
        across = list(range(source.shelf, target.shelf, -1))
    leaves, arrives = across[0] > source.shelf, across[-1] > target.shelf
    pieces = _way_out(picture, source, sides[0], leaves)
    for step, row in enumerate(across):
        pieces.append(_piece(picture.across[row]))
        if step + 1 < len(across):
            shelf = min(row, across[step + 1])
            gap = _nearest_gap(picture.shelves[shelf], middle[1])
            pieces.append(_piece(picture.down[shelf][gap]))
    pieces += reversed(_way_out(picture, target, sides[1], arrives))
    gates = (
        _gate(source, edge.source_dock, sides[0], leaves),
        _gate(target, edge.target_dock, sides[1], arrives),
    )
    return Journey(edge.edge, *gates, pieces)


def _way_out(picture: Picture, home: Home, side: int, below: bool) -> list[Piece]:
    """Return the pieces between a channel and the corridor above or below the picture's shelf.

    A part on the frame's outermost shelf needs none: its channel leads out.
    """
    if home.row == (len(home.frame.shelves) - 1 if below else 0):
        return []
    return [_inner(home, below), _piece(_outer(picture, home, side))]


def _outer(picture: Picture, home: Home, side: int) -> Corridor:
    return picture.down[home.shelf][home.place + (side == RIGHT)]


def _inner(home: Home, below: bool) -> Piece:
    corridor = home.frame.corridors[home.row + below]
    return Piece(corridor, corridor.book(), home.frame)


def _piece(corridor: Corridor) -> Piece:
    return Piece(corridor, corridor.book())


def _gate(home: Home, dock: float, side: int, below: bool) -> Gate:
    part = home.part
    dock += ASIDE * side
    top = part.tops[home.node] + dock
    far = FAR if below else -FAR
    turn = Turn(top, far) if side == RIGHT else Turn(far, top)
    part.pulls[home.node] += side
    return Gate(home, dock, side, part.turn(home.channel + (side == RIGHT), turn))


def _nearer_below(home: Home, dock: float) -> float:
    """Return how much nearer the frame's lower edge is than its upper one."""
    return home.height(dock) - home.frame.height / 2


def _nearest_gap(frames: Sequence[Frame], x: float) -> int:
    edges = [frames[0].x, *(frame.x + frame.width for frame in frames)]
    return min(range(len(edges)), key=lambda place: abs(edges[place] - x))


def span_inner(journeys: Sequence[Journey]) -> None:
    """Tell the corridors in frames from where to where each edge runs; parts have their x."""
    for journey in journeys:
        ends = ((journey.source, journey.pieces[0]), (journey.target, journey.pieces[-1]))
        for gate, piece in ends:
            if piece.frame:
                x = gate.home.frame.corners[gate.home.row][gate.home.column][0]
                x += gate.home.part.lines[gate.slot[0]][gate.slot[1]]
                span = (x, FAR) if gate.side == RIGHT else (-FAR, x)
                piece.corridor.spans[piece.number] = span


def span_across(journeys: Sequence[Journey]) -> None:
    """Tell the corridors between shelves the same; vertical corridors have their x."""
    for journey in journeys:
        lines = [piece.at() for piece in journey.pieces[1::2]]
        lines = [journey.source.line(), *lines, journey.target.line()]
        for piece, ends in zip(journey.pieces[::2], pairwise(lines), strict=True):
            if not piece.frame:
                piece.corridor.spans[piece.number] = (min(ends), max(ends))
