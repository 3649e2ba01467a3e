"""What happens to other rows when a row is deleted.

Through Django, in the order of its own collector (``django.db.models.deletion``): a child's row
takes its parents' rows along, what refers to any of them follows its ``on_delete``, and generic
relations go too. Where the database deletes (``DB_CASCADE``, tables without a model), its own
rules are all that counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from modeler.diagrams.references import References, references_of
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.statistics import Statistics, TableStatistics
from modeler.schema.table import Table, TableKind


class Effect(StrEnum):
    """What happens to a row."""

    STOPS = "stops"  # PROTECT, RESTRICT, or a constraint without an action: nothing is deleted
    DELETED = "deleted"
    SET = "set"  # to NULL, the default or a value: the row stays
    DANGLES = "dangles"  # the row stays and refers to nothing
    CUSTOM = "custom"  # a handler of the project's own decides


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens along one relation.

    Attributes:
        relation: which; its key is unique among the consequences of a table.
        table: key of the table whose rows are touched.
        after: key of the table whose rows were deleted before.
        effect: see Effect.
        depth: 1 for what refers to the row itself.
        rows: how many rows of ``table`` on average for one deleted row of the first table; None
            where no statistics say it.
        by_database: the server does it, not Django.
        upwards: the row of a multi-table parent, which goes with its child.
        again: rows of ``table`` were met before; what follows from them is said there.
        spared: a RESTRICT or a constraint that does not stop where the same rows are deleted
            by another relation as well.
    """

    relation: Relation
    table: str
    after: str
    effect: Effect
    depth: int
    rows: float | None = None
    by_database: bool = False
    upwards: bool = False
    again: bool = False
    spared: bool = False


CHANGES = frozenset({"SET_NULL", "SET_DEFAULT", "SET"})
DATABASE_CHANGES = frozenset({"DB_SET_NULL", "DB_SET_DEFAULT"})
NO_ROWS_OF_THEIR_OWN = frozenset({RelationKind.MANY_TO_MANY, RelationKind.GENERIC})


@dataclass(frozen=True, slots=True)
class _Visit:
    key: str
    depth: int
    rows: float | None
    by_database: bool


def consequences_of(
    schema: Schema,
    key: str,
    *,
    statistics: Statistics | None = None,
    references: References | None = None,
) -> tuple[Consequence, ...]:
    """Return what one deleted row does elsewhere, nearest first, each relation once.

    Args:
        schema: all there is.
        key: of the table; a proxy stands for the rows of its model.
        statistics: of all databases that are known, for the numbers of rows.
        references: of that schema, where it was made already.

    Raises:
        UnknownName: there is no such table.
    """
    start = schema.table(key)
    found = references or references_of(schema)
    return _Walk(found, _Averages(found, statistics)).run(start)


class _Walk:
    def __init__(self, references: References, averages: _Averages) -> None:
        self.references, self.averages = references, averages
        self.found: dict[str, Consequence] = {}
        self.expanded: set[tuple[str, bool]] = set()
        self.met: set[str] = set()
        self.queue: deque[_Visit] = deque()

    def run(self, start: Table) -> tuple[Consequence, ...]:
        concrete = self.references.concrete(start.key)
        by_database = not self.references.tables[concrete].app
        self.met.add(concrete)
        self.expanded.add((concrete, by_database))
        self._visit(_Visit(concrete, 0, 1.0, by_database), start)
        while self.queue:
            visit = self.queue.popleft()
            self._visit(visit, self.references.tables[visit.key])
        # A cascade that reaches the same rows lifts RESTRICT; that is known only at the end.
        gone = {
            each.table
            for each in self.found.values()
            if each.effect is Effect.DELETED and not each.upwards
        }
        return tuple(
            replace(each, spared=True)
            if each.effect is Effect.STOPS
            and each.relation.on_delete != "PROTECT"
            and each.table in gone
            else each
            for each in self.found.values()
        )

    def _visit(self, visit: _Visit, as_declared: Table) -> None:
        """Follow all that refers to the rows of a table that are deleted."""
        family: tuple[str, ...] = (visit.key,)
        if not visit.by_database:
            family += self.references.ancestors(visit.key)
            self._parents(visit, family)
        for relation in self._referring(family):
            self._follow(visit, relation, by_database=visit.by_database)
        if not visit.by_database:
            for relation in self._generic(family, as_declared):
                self._delete(visit, relation, self.references.concrete(relation.target))
        # Another model of the same table is unknown to Django here; the server knows its keys.
        for location in {self.references.tables[member].location for member in family}:
            for relation in self._of_others(location, family):
                self._follow(visit, relation, by_database=True)

    def _parents(self, visit: _Visit, family: tuple[str, ...]) -> None:
        for member in family:
            for relation in self.references.tables[member].relations:
                target = self.references.concrete(relation.target)
                if (
                    relation.kind is RelationKind.PARENT_LINK
                    and target in family
                    and relation.key not in self.found
                ):
                    again = target in self.met
                    self.met.add(target)
                    self._note(
                        visit, relation, target, Effect.DELETED, rows=visit.rows, upwards=True,
                        again=again,
                    )  # fmt: skip

    def _referring(self, family: tuple[str, ...]) -> Iterator[Relation]:
        for member in family:
            for relation in self.references.incoming.get(member, ()):
                kind = relation.kind
                if kind in NO_ROWS_OF_THEIR_OWN or kind is RelationKind.GENERIC_REVERSE:
                    continue
                # Django looks for children of the row itself, not for those of its parents.
                if kind is RelationKind.PARENT_LINK and member != family[0]:
                    continue
                if relation.key not in self.found:
                    yield relation

    def _generic(self, family: tuple[str, ...], as_declared: Table) -> Iterator[Relation]:
        owners = [self.references.tables[member] for member in family]
        if as_declared.kind is TableKind.PROXY:
            owners.append(as_declared)
        for owner in owners:
            for relation in owner.relations:
                if (
                    relation.kind is RelationKind.GENERIC_REVERSE
                    and relation.target in self.references.tables
                    and relation.key not in self.found
                ):
                    yield relation

    def _of_others(self, location: Location | None, family: tuple[str, ...]) -> Iterator[Relation]:
        if location is None:
            return
        for other in self.references.at.get(location, ()):
            if other not in family:
                for relation in self.references.incoming.get(other, ()):
                    if relation.enforced and relation.columns and relation.key not in self.found:
                        yield relation

    def _follow(self, visit: _Visit, relation: Relation, *, by_database: bool) -> None:
        owner = self.references.concrete(relation.owner)
        name = relation.on_delete
        if name.startswith("DB_") or by_database:
            self._by_server(visit, relation, owner)
        elif name == "CASCADE":
            self._delete(visit, relation, owner)
        elif name in CHANGES:
            self._note(visit, relation, owner, Effect.SET)
        elif name in {"PROTECT", "RESTRICT"}:
            self._note(visit, relation, owner, Effect.STOPS)
        elif name in {"DO_NOTHING", ""}:
            self._by_server(visit, relation, owner)
        else:
            self._note(visit, relation, owner, Effect.CUSTOM)

    def _by_server(self, visit: _Visit, relation: Relation, owner: str) -> None:
        if not relation.enforced:
            self._note(visit, relation, owner, Effect.DANGLES)
        elif relation.on_delete == "DB_CASCADE":
            self._delete(visit, relation, owner, by_database=True)
        elif relation.on_delete in DATABASE_CHANGES:
            self._note(visit, relation, owner, Effect.SET, by_database=True)
        else:
            self._note(visit, relation, owner, Effect.STOPS, by_database=True)

    def _delete(
        self, visit: _Visit, relation: Relation, table: str, *, by_database: bool = False
    ) -> None:
        again = table in self.met
        self.met.add(table)
        self._note(visit, relation, table, Effect.DELETED, by_database=by_database, again=again)
        if (table, by_database) not in self.expanded:
            self.expanded.add((table, by_database))
            rows = self.found[relation.key].rows
            self.queue.append(_Visit(table, visit.depth + 1, rows, by_database))

    def _note(
        self, visit: _Visit, relation: Relation, table: str, effect: Effect, **facts: object
    ) -> None:
        if "rows" not in facts:
            share = self.averages.of(relation)
            known = visit.rows is not None and share is not None
            facts["rows"] = visit.rows * share if known else None  # type: ignore[operator]
        self.found[relation.key] = Consequence(
            relation,
            table,
            visit.key,
            effect,
            visit.depth + 1,
            **facts,  # type: ignore[arg-type]
        )


class _Averages:
    """How many rows of its owner a relation has for one row of its target, rows without any
    included: only such averages may be multiplied along a way."""

    def __init__(self, references: References, statistics: Statistics | None) -> None:
        self.references = references
        self.by_location: Mapping[Location, TableStatistics] = {
            table.location: table for table in (statistics.tables if statistics else ())
        }

    def of(self, relation: Relation) -> float | None:
        owner = self.references.tables[relation.owner]
        if relation.kind is RelationKind.GENERIC_REVERSE or owner.location is None:
            return None  # which rows are meant stands in the rows
        near = self.by_location.get(owner.location)
        if relation.target_location is None:
            return None
        far = self.by_location.get(relation.target_location)
        if near is None or far is None or near.rows is None or far.rows is None:
            return None
        if near.rows == 0:
            return 0.0
        nulls = _null_fraction(relation, owner, near)
        if nulls is None or not far.rows:
            return None
        average = near.rows * (1 - nulls) / far.rows
        return min(average, 1.0) if relation.at_owner is Cardinality.ZERO_OR_ONE else average


def _null_fraction(relation: Relation, owner: Table, near: TableStatistics) -> float | None:
    """Return the share of rows that refer to nothing; None where nobody counted."""
    known = {column.name: column.null_fraction for column in near.columns}
    shares = []
    for name in relation.columns:
        if name in known:
            shares.append(known[name])
        elif any(column.name == name and not column.null for column in owner.columns):
            shares.append(0.0)
        else:
            return None
    return max(shares, default=None)
