"""Advice on shard keys: candidates with what speaks for and against each.

Source: MongoDB manual, "Choose a Shard Key" (cardinality, frequency, monotonicity), "Unique
Indexes on Sharded Collections" (a unique index must begin with the shard key). The default
answer is not to shard: one replica set holds what most projects will ever have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modeler.mongo.spec import CollectionSpec
from modeler.schema.statistics import ColumnStatistics
from modeler.schema.table import Table

# Below this many distinct values, chunks cannot be split as far as a cluster needs.
FEW_VALUES = 1_000
# A single value may fill a chunk that cannot be split (128 MB by default) from this share on.
FREQUENT = 0.01
GROWING = frozenset({"serial", "always", "by default"})


@dataclass(frozen=True, slots=True)
class ShardCandidate:
    """A shard key.

    Attributes:
        key: ``(path, 1 | "hashed")`` in order.
        distinct: values of its first field, None where nobody counted.
        grows: new documents all go to the last chunk.
        good: what speaks for it, clauses.
        bad: what speaks against it; anything in ``vetoes`` forbids it.
        vetoes: unique indexes that it would break.
    """

    key: tuple[tuple[str, int | str], ...]
    distinct: float | None = None
    grows: bool = False
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShardAdvice:
    """Candidates of one collection, the best first."""

    collection: str
    candidates: tuple[ShardCandidate, ...] = field(default=())

    @property
    def usable(self) -> tuple[ShardCandidate, ...]:
        return tuple(one for one in self.candidates if not one.vetoes)

    def lines(self) -> list[str]:
        """Return the advice as text: what speaks for (+) and against (-) each, what forbids it."""
        lines = [
            "Sharding is not needed below about a terabyte. If it is, candidates for the key:"
        ]
        for one in self.candidates:
            lines.append(f"({', '.join(f'{path} {kind}' for path, kind in one.key)})")
            lines += [f"  + {each}" for each in one.good]
            lines += [f"  - {each}" for each in one.bad]
            lines += [f"  impossible: {each}" for each in one.vetoes]
        return lines


def shard_advice(
    spec: CollectionSpec, table: Table, statistics: Mapping[str, ColumnStatistics] | None = None
) -> ShardAdvice:
    """Return the candidates of a collection.

    Args:
        spec: of the collection.
        table: its root.
        statistics: of the root's columns, by name; without them cardinality is not known.
    """
    if not spec.key:
        return ShardAdvice(spec.name)
    known = statistics or {}
    references = {
        column
        for relation in table.relations
        for column in relation.columns
        if len(relation.columns) == 1 and column not in table.primary_key
    }
    made = [_candidate(spec, table, (("_id", "hashed"),), known)]
    for one in spec.fields:
        if one.column in references and not one.null and one.stored:
            made.append(_candidate(spec, table, ((one.name, 1), ("_id", 1)), known))
    # A key that reads need beats one that only spreads, as long as nothing speaks against it.
    ranked = sorted(made, key=lambda one: (bool(one.vetoes), len(one.bad)))
    return ShardAdvice(spec.name, tuple(ranked))


def _candidate(
    spec: CollectionSpec,
    table: Table,
    key: tuple[tuple[str, int | str], ...],
    known: Mapping[str, ColumnStatistics],
) -> ShardCandidate:
    first, hashed = key[0][0], key[0][1] == "hashed"
    column = next((one.column for one in (*spec.key, *spec.fields) if one.name == first), "")
    stored = known.get(column)
    good: list[str] = []
    bad: list[str] = []
    distinct = stored.distinct if stored else None
    if first == "_id":
        good.append("every value is its own")
    elif distinct is not None:
        (good if distinct >= FEW_VALUES else bad).append(f"about {distinct:,.0f} values")
    grows = first == "_id" and table.column(table.primary_key[0]).identity in GROWING
    if hashed:
        good.append("writes spread evenly, whatever the order of the keys")
        bad.append("ranges of the key are asked of every shard")
    else:
        good.append(f"documents of one {first} lie together")
        if distinct is not None and distinct and 1 / distinct > FREQUENT:
            bad.append("a single value may outgrow its chunk")
    names = [path for path, _ in key]
    vetoes = tuple(
        f"the unique index of {index.source} does not begin with it"
        for index in spec.indexes
        if index.unique and [path for path, _ in index.keys][: len(names)] != names
    )
    return ShardCandidate(key, distinct, grows, tuple(good), tuple(bad), vetoes)
