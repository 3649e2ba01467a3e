"""Which tables hang together, as a picture draws it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from modeler.diagrams.graph import ColumnMode, Edge, graph_of
from modeler.schema.schema import Schema

Neighbours = Mapping[str, frozenset[str]]


def drawn_edges(schema: Schema, shown: Collection[str]) -> tuple[Edge, ...]:
    """Return the edges between the shown tables."""
    graph = graph_of(schema, columns=ColumnMode.NAMES, shown=shown)
    inside = {box.key for box in graph.boxes}
    return tuple(edge for edge in graph.edges if edge.source in inside and edge.target in inside)


def neighbours_of(edges: Iterable[Edge]) -> Neighbours:
    """Return table → its neighbours in either direction; a table is not its own neighbour."""
    found: dict[str, set[str]] = {}
    for edge in edges:
        if edge.source != edge.target:
            found.setdefault(edge.source, set()).add(edge.target)
            found.setdefault(edge.target, set()).add(edge.source)
    return {key: frozenset(others) for key, others in found.items()}


def around(
    start: Iterable[str], neighbours: Neighbours, *, hops: int, hubs: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what is at most ``hops`` relations away, and at which hubs that stopped.

    A hub is reached and goes no further, unless it is one of the tables that it starts from.
    """
    found = set(start)
    edge = set(found)
    stopped: set[str] = set()
    for hop in range(hops):
        onward: set[str] = set()
        for key in edge:
            if hop and key in hubs:
                if neighbours.get(key, frozenset()) - found:
                    stopped.add(key)
                continue
            onward |= neighbours.get(key, frozenset())
        edge = onward - found
        found |= edge
    # Those of the last ring were only reached: nobody stopped there.
    return frozenset(found), frozenset(
        key for key in stopped if neighbours.get(key, frozenset()) - found
    )
