"""The shortest ways from one table to another along relations.

Source: J. Y. Yen, "Finding the K shortest loopless paths in a network" (1971); all relations are
equally long here, so that the inner search is breadth first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import TableKind

MOST_PATHS, MOST_STEPS = 5, 12


@dataclass(frozen=True, slots=True)
class Step:
    """One relation on a way.

    Attributes:
        relation: which; a many-to-many one passes its join table.
        forward: from its owner to its target.
    """

    relation: Relation
    forward: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A way from the first table to the last.

    Attributes:
        start: key of the first table.
        steps: at least one, unless both ends are the same rows.
        tables: keys of all tables on the way, in order; join tables that have a model of their
            own are among them, the automatic ones are not.
    """

    start: str
    steps: tuple[Step, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hop:
    step: Step
    to: str


_Network = Mapping[str, Sequence[_Hop]]


def shortest_paths(
    schema: Schema, start: str, goal: str, allowed: Collection[str], *, most: int = MOST_PATHS
) -> tuple[Path, ...]:
    """Return up to ``most`` ways without loops, the shortest first; ties by relation key.

    Args:
        schema: all there is.
        start, goal: keys of tables; a proxy stands for the rows of its concrete model.
        allowed: keys of the tables that a way may lead through; the ends need not be there.
        most: how many ways.

    Returns:
        Nothing where no way of at most MOST_STEPS relations exists.
    """
    concrete = _concrete(schema)
    first, last = concrete.get(start, start), concrete.get(goal, goal)
    network = _network(schema, concrete, {*allowed, first, last, start, goal})
    if first == last:
        return ()
    shortest = _breadth_first(network, first, last, frozenset(), frozenset())
    if shortest is None:
        return ()
    found = [shortest]
    candidates: dict[tuple[str, ...], tuple[_Hop, ...]] = {}
    while len(found) < most:
        for place in range(len(found[-1])):
            root = found[-1][:place]
            # Not the next hop of any known way with this beginning, and no table twice.
            closed = frozenset(
                way[place].step.relation.key for way in found if way[:place] == root
            )
            left = frozenset([first, *(hop.to for hop in root[:-1])]) if root else frozenset()
            spur = _breadth_first(network, root[-1].to if root else first, last, closed, left)
            if spur is not None and len(root) + len(spur) <= MOST_STEPS:
                way = (*root, *spur)
                candidates.setdefault(_names(way), way)
        for known in map(_names, found):
            candidates.pop(known, None)
        if not candidates:
            break
        nearest = min(candidates, key=lambda names: (len(names), names))
        found.append(candidates.pop(nearest))
    joins = {table.key for table in schema.tables if table.kind is TableKind.JOIN}
    return tuple(_path(start, goal, way, joins) for way in found)


def _names(way: Iterable[_Hop]) -> tuple[str, ...]:
    return tuple(hop.step.relation.key for hop in way)


def _concrete(schema: Schema) -> dict[str, str]:
    """Return proxy → the model whose rows it shows."""
    bases = {t.key: t.bases[0] for t in schema.tables if t.kind is TableKind.PROXY and t.bases}
    found = {}
    for key in bases:
        to = key
        while to in bases:
            to = bases[to]
        found[key] = to
    return found


def _network(schema: Schema, concrete: Mapping[str, str], allowed: Collection[str]) -> _Network:
    hops: dict[str, list[_Hop]] = {}
    for table in schema.tables:
        owner = concrete.get(table.key, table.key)
        # The keys of an automatic join table are walked as the many-to-many field they serve.
        if table.kind is TableKind.JOIN and table.key not in allowed:
            continue
        for relation in table.relations:
            if relation.kind is RelationKind.GENERIC or not relation.target:
                continue
            target = concrete.get(relation.target, relation.target)
            if owner not in allowed or target not in allowed:
                continue
            hops.setdefault(owner, []).append(_Hop(Step(relation, forward=True), target))
            if target != owner:
                hops.setdefault(target, []).append(_Hop(Step(relation, forward=False), owner))
    return {
        key: sorted(found, key=lambda hop: (not hop.step.forward, hop.step.relation.key))
        for key, found in hops.items()
    }


def _breadth_first(
    network: _Network, start: str, goal: str, closed: Collection[str], left: Collection[str]
) -> tuple[_Hop, ...] | None:
    """Return a shortest way; its first hop is none of ``closed``, no table is in ``left``."""
    came: dict[str, tuple[str, _Hop] | None] = {start: None, **dict.fromkeys(left)}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for hop in network.get(here, ()):
            if hop.to in came or (here == start and hop.step.relation.key in closed):
                continue
            came[hop.to] = (here, hop)
            if hop.to == goal:
                return _way(came, goal)
            queue.append(hop.to)
    return None


def _way(came: Mapping[str, tuple[str, _Hop] | None], goal: str) -> tuple[_Hop, ...]:
    way = []
    at = came[goal]
    while at is not None:
        before, hop = at
        way.append(hop)
        at = came[before]
    return tuple(way[::-1])


def _path(start: str, goal: str, way: Sequence[_Hop], joins: Collection[str]) -> Path:
    tables = [start]
    for hop in way:
        through = hop.step.relation.through
        if through and through not in joins:
            tables.append(through)
        tables.append(hop.to)
    tables[-1] = goal
    return Path(start, tuple(hop.step for hop in way), tuple(dict.fromkeys(tables)))
