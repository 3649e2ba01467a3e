"""From the indexes and unique constraints of a table to those of its collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modeler.mongo.carrying import carry
from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.rewriting import Rewriting, Rewritten
from modeler.mongo.index_sources import source_of, wanted_indexes
from modeler.mongo.index_spec import Direction, IndexSpec, noted
from modeler.mongo.server_features import MOST_INDEXES, OLDEST, VERSIONS, Version
from modeler.schema.constraint import ConstraintKind
from modeler.schema.index import Index
from modeler.schema.table import Table

VERSIONED = frozenset({"gin"})  # methods whose indexes are not the same on all servers


@dataclass(frozen=True, slots=True)
class Uncarried:
    """An index or constraint that has no counterpart."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class RewrittenIndex:
    """An index or constraint over fields that documents get for it.

    Attributes:
        source: what it is called.
        fields: their names.
        note: what PostgreSQL computes for each.
    """

    source: str
    fields: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LaterIndex:
    """An index that a newer server has otherwise.

    Attributes:
        source: what it is called.
        since: the first version.
        keys: what it is there.
    """

    source: str
    since: Version
    keys: tuple[tuple[tuple[str, Direction], ...], ...]


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """All that becomes of a table's indexes.

    Attributes:
        indexes: of the collection.
        uncarried: what has none.
        fields: that documents get beside their columns, for these indexes.
        rewritten: what is over such fields.
        later: what a newer server has otherwise.
    """

    indexes: tuple[IndexSpec, ...]
    uncarried: tuple[Uncarried, ...]
    fields: tuple[FieldSpec, ...] = ()
    rewritten: tuple[RewrittenIndex, ...] = ()
    later: tuple[LaterIndex, ...] = ()


def index_plan(
    table: Table,
    fields: Mapping[str, FieldSpec],
    others: Iterable[IndexSpec] = (),
    *,
    rewriting: Rewriting | None = None,
    server: Version = OLDEST,
) -> IndexPlan:
    """Return the indexes of a table's collection.

    Args:
        table: with its indexes and constraints.
        fields: by column; what a key of the document is called.
        others: of what is embedded, and those declared for the collection.
        rewriting: gives fields to what no column holds; one of the table if not given.
        server: the oldest MongoDB that shall have them.
    """
    rewriting = rewriting or Rewriting(table, fields)
    made: list[IndexSpec] = []
    uncarried: list[Uncarried] = []
    changed: list[Rewritten] = []
    later: list[LaterIndex] = []
    for index in wanted_indexes(table):
        try:
            rewritten = rewriting.rewrite(index)
            at = {**fields, **dict(rewritten.known)}
            made += noted(carry(table, rewritten.index, at, server), rewritten.note)
            later += _later(table, rewritten.index, at, server)
            changed.append(rewritten)
        except NotCarried as reason:
            uncarried.append(Uncarried(source_of(index), str(reason)))
    uncarried += [
        Uncarried(constraint.name, "MongoDB has no exclusion constraints")
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.EXCLUSION
    ]
    made, merged = _one_text_index([*made, *others])
    indexes, beyond = _at_most(_without_redundant(made))
    used = {name for index in indexes for name in index.paths}
    kept = [one for one in changed if any(field.name in used for field in one.fields)]
    own = {field.name: field for one in kept for field in one.fields if field.name in used}
    return IndexPlan(
        indexes,
        (*uncarried, *merged, *beyond),
        tuple(own.values()),
        tuple(map(rewritten_index, kept)),
        tuple(later),
    )


def _later(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], server: Version
) -> list[LaterIndex]:
    """Return the first newer server on which the index is another, if there is one."""
    if index.method not in VERSIONED:
        return []
    now = carry(table, index, fields, server)
    for version in VERSIONS:
        if version > tuple(server[:2]) and (then := carry(table, index, fields, version)) != now:
            return [LaterIndex(source_of(index), version, tuple(one.keys for one in then))]
    return []


def rewritten_index(rewritten: Rewritten) -> RewrittenIndex:
    """Return what is said of an index over fields of its own."""
    names = tuple(field.name for field in rewritten.fields)
    return RewrittenIndex(source_of(rewritten.index), names, rewritten.note)


def _at_most(indexes: tuple[IndexSpec, ...]) -> tuple[tuple[IndexSpec, ...], list[Uncarried]]:
    """Keep as many as a collection can have beside that on ``_id``, first those with duties."""
    room = MOST_INDEXES - 1
    kept = sorted(indexes, key=lambda index: not index.duties)[:room]
    reason = f"a collection has {MOST_INDEXES} indexes at most"
    beyond = [Uncarried(index.source, reason) for index in indexes if index not in kept]
    return tuple(index for index in indexes if index in kept), beyond


def _one_text_index(
    indexes: list[IndexSpec],
) -> tuple[list[IndexSpec], list[Uncarried]]:
    """A collection can have one text index alone: the first stays."""
    text = [index for index in indexes if any(kind == "text" for _, kind in index.keys)]
    refused = text[1:]
    kept = [index for index in indexes if index not in refused]
    reason = "a collection can have one text index alone; merge it into the first by hand"
    return kept, [Uncarried(index.source, reason) for index in refused]


def _without_redundant(indexes: Iterable[IndexSpec]) -> tuple[IndexSpec, ...]:
    """Leave out repeated indexes, and plain ones that another serves for with equal options.

    That is one whose key begins with theirs, or has the same key and a duty besides.
    """
    kept: dict[str, IndexSpec] = {}
    for index in indexes:
        kept.setdefault(index.name, index)
    return tuple(
        index
        for index in kept.values()
        if index.duties or not any(_serves_for(other, index) for other in kept.values())
    )


def _serves_for(other: IndexSpec, index: IndexSpec) -> bool:
    if other is index or other.serving != index.serving:
        return False
    if other.keys == index.keys:
        return bool(other.duties)
    return other.keys[: len(index.keys)] == index.keys
