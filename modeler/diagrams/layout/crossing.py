"""Edges between apps: out of a part, along the corridors between shelves, into the other part.

First every edge books its pieces (``Journeys.book``), so that channels and corridors know how
many run in them; then the picture is spread; then the pieces have coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modeler.diagrams.layout.channels import FAR, Turn
from modeler.diagrams.layout.corridor import Corridor
from modeler.diagrams.layout.docks import Docked
from modeler.diagrams.layout.frames import Frame
from modeler.diagrams.layout.part import LEFT, RIGHT, Part, Slot
from modeler.diagrams.layout.picture import Picture
from modeler.diagrams.layout.placement import Point

Piece = tuple[Corridor, int]
# Off the middle of the row, so that they never run along an edge inside the app.
ASIDE = 3.0


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
class Gate:
    """One end of an edge between apps: from the box to the corridor beside its frame."""

    home: Home
    dock: float
    side: int
    slot: Slot
    inner: Piece
    outer: Corridor

    def start(self) -> tuple[Point, float]:
        """Return the point at the box, and x of the piece in the channel."""
        x, y = self.home.corner()
        part, node = self.home.part, self.home.node
        point = (x + part.side(node, self.side), y + part.tops[node] + self.dock)
        return point, x + part.lines[self.slot[0]][self.slot[1]]

    def height(self) -> float:
        """Return the height of the piece in the frame's corridor."""
        corridor, index = self.inner
        return self.home.frame.y + corridor.at[index]


@dataclass(frozen=True, slots=True)
class Journey:
    """An edge between apps: gates at both ends, pieces down and across between them in turn."""

    edge: int
    source: Gate
    target: Gate
    pieces: list[Piece]

    def points(self) -> list[Point]:
        """Return its corners."""
        first, x = self.source.start()
        last, end = self.target.start()
        height = self.source.height()
        points = [first, (x, first[1]), (x, height)]
        for number, (corridor, index) in enumerate(self.pieces):
            at = corridor.at[index]
            if number % 2 == 0:
                points.append((at, height))
                x = at
            else:
                points.append((x, at))
                height = at
        height = self.target.height()
        return [*points, (x, height), (end, height), (end, last[1]), last]


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
    down = picture.down
    if source.shelf == target.shelf and abs(source.place - target.place) == 1:
        height = source.frame.y + source.height(edge.source_dock)
        other = target.frame.y + target.height(edge.target_dock)
        corridor = _outer(picture, source, sides[0])
        return Journey(
            edge.edge,
            _gate(picture, source, edge.source_dock, sides[0], other > height),
            _gate(picture, target, edge.target_dock, sides[1], height > other),
            [(corridor, corridor.book())],
        )
    if source.shelf == target.shelf:
        below = _nearer_below(source, edge.source_dock) + _nearer_below(target, edge.target_dock)
        row = source.shelf + (below > 0)
        across = [row]
    elif source.shelf < target.shelf:
        across = list(range(source.shelf + 1, target.shelf + 1))
    else:
        across = list(range(source.shelf, target.shelf, -1))
    gates = (
        _gate(picture, source, edge.source_dock, sides[0], across[0] > source.shelf),
        _gate(picture, target, edge.target_dock, sides[1], across[-1] > target.shelf),
    )
    pieces = [(gates[0].outer, gates[0].outer.book())]
    for step, row in enumerate(across):
        pieces.append((picture.across[row], picture.across[row].book()))
        if step + 1 < len(across):
            shelf = min(row, across[step + 1])
            gap = _nearest_gap(picture.shelves[shelf], middle[1])
            pieces.append((down[shelf][gap], down[shelf][gap].book()))
    pieces.append((gates[1].outer, gates[1].outer.book()))
    return Journey(edge.edge, *gates, pieces)


def _outer(picture: Picture, home: Home, side: int) -> Corridor:
    return picture.down[home.shelf][home.place + (side == RIGHT)]


def _gate(picture: Picture, home: Home, dock: float, side: int, below: bool) -> Gate:
    part = home.part
    dock += ASIDE * side
    top = part.tops[home.node] + dock
    far = FAR if below else -FAR
    turn = Turn(top, far) if side == RIGHT else Turn(far, top)
    slot = part.turn(home.channel + (side == RIGHT), turn)
    part.pulls[home.node] += side
    inner = home.frame.corridors[home.row + below]
    outer = _outer(picture, home, side)
    return Gate(home, dock, side, slot, (inner, inner.book()), outer)


def _nearer_below(home: Home, dock: float) -> float:
    """Return how much nearer the frame's lower edge is than its upper one."""
    return home.height(dock) - home.frame.height / 2


def _nearest_gap(frames: Sequence[Frame], x: float) -> int:
    edges = [frames[0].x, *(frame.x + frame.width for frame in frames)]
    return min(range(len(edges)), key=lambda place: abs(edges[place] - x))


def span_inner(journeys: Sequence[Journey]) -> None:
    """Tell the corridors in frames from where to where each edge runs; parts have their x."""
    for journey in journeys:
        for gate in (journey.source, journey.target):
            home = gate.home
            x = home.frame.corners[home.row][home.column][0]
            x += home.part.lines[gate.slot[0]][gate.slot[1]]
            corridor, index = gate.inner
            corridor.spans[index] = (x, FAR) if gate.side == RIGHT else (-FAR, x)


def span_across(journeys: Sequence[Journey]) -> None:
    """Tell the corridors between shelves the same; vertical corridors have their x."""
    for journey in journeys:
        pieces = journey.pieces
        for step in range(1, len(pieces), 2):
            (left, at), (right, to) = pieces[step - 1], pieces[step + 1]
            ends = left.at[at], right.at[to]
            corridor, index = pieces[step]
            corridor.spans[index] = (min(ends), max(ends))
