"""A graph in pieces that Mermaid does not refuse.

Mermaid shows nothing of a text with more than 50,000 characters or a diagram with more than 500
edges (its ``maxTextSize`` and ``maxEdges``, which a page such as GitHub's cannot raise).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from modeler.diagrams.components import apps_of
from modeler.diagrams.graph import Box, Edge, Graph

EDGES = 500
CHARACTERS = 50_000


def length(text: str) -> int:
    """Return the length as JavaScript counts it: in UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A table and the relations it declares, as lines; each line ends with a line end."""

    entity: tuple[str, ...]
    relationships: tuple[str, ...]


@dataclass(slots=True)
class Part:
    """A diagram that is being filled."""

    head: str
    lines: list[str] = field(default_factory=list)
    used: int = 0
    edges: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.used += length(line)

    def has_room(self, size: int, edges: int) -> bool:
        return length(self.head) + self.used + size <= CHARACTERS and self.edges + edges <= EDGES

    @property
    def text(self) -> str:
        return self.head + "".join(self.lines)


def parts_of(pieces: Iterable[Piece], head: str) -> Iterator[str]:
    """Yield texts within the limits, pieces in their order, as few cuts as that allows.

    A piece that is too large for a diagram of its own is cut: its relations go on in the
    next one, and of a table with too many columns the last ones are left out, with a comment.
    """
    part = Part(head)
    for piece in pieces:
        size = sum(map(length, (*piece.entity, *piece.relationships)))
        if part.lines and not part.has_room(size, len(piece.relationships)):
            yield part.text
            part = Part(head)
        for line in _cut(piece.entity, CHARACTERS - length(head)):
            part.add(line)
        for line in piece.relationships:
            if not part.has_room(length(line), 1):
                yield part.text
                part = Part(head)
            part.add(line)
            part.edges += 1
    if part.lines:
        yield part.text


def _cut(entity: Sequence[str], room: int) -> Sequence[str]:
    if sum(map(length, entity)) <= room:
        return entity
    first, *rows, last = entity
    remark = f"    %% {len(rows)} columns are too many for Mermaid; the last are not here\n"
    kept: list[str] = []
    used = length(first) + length(last) + length(remark)
    for row in rows:
        used += length(row)
        if used > room:
            break
        kept.append(row)
    return [first, *kept, remark, last]


def neighbours_first(graph: Graph) -> tuple[Box, ...]:
    """Return the boxes of an app part by part, each followed by those it is joined to."""
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        beside[edge.source].add(edge.target)
        beside[edge.target].add(edge.source)
    boxes = {box.key: box for box in graph.boxes}
    found: dict[str, Box] = {}
    for key in sorted(boxes, key=lambda key: (-len(beside[key]), key)):
        waiting = deque([key])
        while waiting:
            now = waiting.popleft()
            if now in found or now not in boxes:
                continue
            found[now] = boxes[now]
            waiting.extend(sorted(beside[now]))
    return tuple(found.values())


def apps_in_order(graph: Graph) -> Iterator[tuple[str, tuple[Box, ...], tuple[Edge, ...]]]:
    """Yield title, boxes and edges of each app; connected tables stand together."""
    for app in apps_of(graph):
        boxes = tuple(box for part in app.parts for box in neighbours_first(part))
        edges = tuple(edge for part in app.parts for edge in part.edges)
        yield app.title or "Tables without a model", boxes, edges
