"""A graph in pieces that Mermaid does not refuse.

Mermaid shows nothing of a text with more than 50,000 characters or a diagram with more than 500
edges (its ``maxTextSize`` and ``maxEdges``, which a page such as GitHub's cannot raise).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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
    used = length(first) + length(last) + length(_remark(len(rows)))
    kept = 0
    while (used := used + length(rows[kept])) <= room:
        kept += 1
    return [first, *rows[:kept], _remark(len(rows) - kept), last]


def _remark(left_out: int) -> str:
    return f"    %% {left_out} more columns are left out: Mermaid takes no longer text\n"


def apps_in_order(graph: Graph) -> Iterator[tuple[str, tuple[Box, ...], tuple[Edge, ...]]]:
    """Yield title, boxes and edges of each app, in the order of labels.

    Boxes come with those that they are joined to in the same app, edges with their source.
    """
    titles = dict(graph.app_titles)
    for app in sorted({box.app for box in graph.boxes}):
        boxes = {box.key: box for box in graph.boxes if box.app == app}
        edges = tuple(edge for edge in graph.edges if edge.source in boxes)
        title = titles.get(app, app) or "Tables without a model"
        yield title, tuple(boxes[key] for key in _neighbours_first(boxes, edges)), edges


def _neighbours_first(keys: Iterable[str], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield keys in breadth: from each that has the most neighbours, those it is joined to."""
    beside: dict[str, set[str]] = {key: set() for key in keys}
    for edge in edges:
        if edge.target in beside:
            beside[edge.source].add(edge.target)
            beside[edge.target].add(edge.source)
    seen: set[str] = set()
    for start in sorted(beside, key=lambda key: (-len(beside[key]), key)):
        waiting = deque([start])
        while waiting:
            key = waiting.popleft()
            if key not in seen:
                seen.add(key)
                yield key
                waiting.extend(sorted(beside[key] - seen))
