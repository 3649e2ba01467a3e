"""The shapes of collections that decisions come to."""

from __future__ import annotations

from collections.abc import Mapping

from modeler.mongo.aggregate import Aggregate, Computed, Part, PartKind
from modeler.mongo.design.copied import copied_columns
from modeler.mongo.design.decision import Decision
from modeler.mongo.design.facts import counted_as
from modeler.mongo.design.fields import FieldNames, children_name, ids_name
from modeler.mongo.design.junctions import junction_sides
from modeler.mongo.design.moments import made_at
from modeler.mongo.design.stored import Stored
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights
from modeler.schema.relation import Relation
from modeler.schema.table import Table


class Shapes:
    """Makes the shape of any table's documents.

    Args:
        stored: the schema.
        homes: for each embedded table, the relation by which it is.
        decisions: by relation.
        weights: the numbers.
    """

    def __init__(
        self,
        stored: Stored,
        homes: Mapping[str, Relation],
        decisions: Mapping[str, Decision],
        weights: Weights,
    ) -> None:
        self.stored, self.homes = stored, homes
        self.decisions, self.weights = decisions, weights
        self._of_owner: dict[str, list[Relation]] = {}
        for relation in stored.relations:
            self._of_owner.setdefault(relation.owner, []).append(relation)

    def aggregate(self, table: Table) -> Aggregate:
        """Return the shape of a collection."""
        names = FieldNames(table)
        parts = self._parts(table, names, None)
        return Aggregate(table.key, parts=parts, computed=self._computed(table, names))

    def pair(self, relation: Relation) -> tuple[Aggregate, Aggregate, Aggregate]:
        """Return both sides of a decision: the parent with these children in it; and the two
        apart, the parent and the child."""
        parent, child = self.stored.parent(relation), self.stored.child(relation)
        decision = self.decisions[relation.key]
        together = self._child(FieldNames(parent), relation, None) if (
            decision.inputs.impossible or not decision.inputs.self_reference
        ) else None  # fmt: skip
        return (
            Aggregate(parent.key, parts=(together,) if together else ()),
            Aggregate(parent.key),
            Aggregate(child.key, parts=self._references(child, FieldNames(child), None)),
        )

    def _parts(self, table: Table, names: FieldNames, home: Relation | None) -> tuple[Part, ...]:
        made = []
        for relation in self.stored.leading_to.get(table.key, ()):
            if self.homes.get(relation.owner) is relation:
                made.append(self._child(names, relation, None))
            elif home is None and self._says(relation, Verdict.SUBSET):
                made.append(self._child(names, relation, self.weights.subset_rows))
            elif home is None and self._says(relation, Verdict.OUTLIER):
                made.append(self._child(names, relation, self.weights.outlier_rows))
        return (*made, *self._references(table, names, home))

    def _child(self, names: FieldNames, relation: Relation, first: int | None) -> Part:
        child = self.stored.child(relation)
        inputs = self.decisions[relation.key].inputs
        if inputs.junction and first is None:
            sides = junction_sides(self.stored, child) or ()
            for far in sides:
                if far.key != relation.key:
                    return Part(
                        names.take(ids_name(self.stored, relation, far)),
                        PartKind.VALUES, relation.key, columns=far.columns,
                    )  # fmt: skip
        one = inputs.one_to_one
        kind = PartKind.ONE if one else PartKind.ARRAY
        name = names.take(children_name(self.stored, relation, one=one))
        own = FieldNames(child)
        if first is not None:
            made = made_at(child)
            newest = (made.name,) if made is not None else child.primary_key
            order = tuple(f"-{column}" for column in newest)
            return Part(
                name, kind, relation.key, order=order, first=first,
                parts=self._references(child, own, relation),
            )  # fmt: skip
        return Part(name, kind, relation.key, parts=self._parts(child, own, relation))

    def _references(
        self, table: Table, names: FieldNames, home: Relation | None
    ) -> tuple[Part, ...]:
        """Return what a row holds of the rows that it refers to."""
        made = []
        for relation in self._of_owner.get(table.key, ()):
            if relation is home:
                continue
            target = self.stored.parent(relation)
            columns = copied_columns(target)
            path = self._says(relation, Verdict.PATH)
            if path and target.key == table.key:
                made.append(_path(names.take("ancestors"), relation, relation, target))
            elif path or (self._says(relation, Verdict.COPY) and columns):
                # A path that code declares may lead to a tree that no points speak for.
                up = self._tree(target) or (self._upwards(target) if path else None)
                if up is not None:
                    name = names.take(f"{relation.field}_path")
                    made.append(_path(name, relation, up, target))
                else:
                    name = names.take(relation.field)
                    if self.decisions[relation.key].inputs.whole:
                        columns = ()
                    made.append(Part(name, PartKind.COPY, relation.key, columns=columns))
        return tuple(made)

    def _tree(self, table: Table) -> Relation | None:
        return next(
            (r for r in self._of_owner.get(table.key, ()) if self._says(r, Verdict.PATH)), None
        )

    def _upwards(self, table: Table) -> Relation | None:
        return next(
            (r for r in self._of_owner.get(table.key, ()) if self.stored.parent(r) is table), None
        )

    def _computed(self, table: Table, names: FieldNames) -> tuple[Computed, ...]:
        made = []
        for relation in self.stored.leading_to.get(table.key, ()):
            child = self.stored.child(relation)
            if self._says(relation, Verdict.COMPUTED):
                wanted = counted_as(table, relation, child)
            elif self._says(relation, Verdict.OUTLIER):
                wanted = ""
            else:
                continue
            plain = children_name(self.stored, relation, one=False)
            made.append(Computed(names.take(wanted or f"{plain}_count"), relation.key))
        return tuple(made)

    def _says(self, relation: Relation, verdict: Verdict) -> bool:
        decision = self.decisions[relation.key]
        return decision.verdict is verdict or verdict in decision.also


def _path(field: str, relation: Relation, up: Relation, target: Table) -> Part:
    columns = {*target.primary_key, *copied_columns(target)}
    named = tuple(column.name for column in target.columns if column.name in columns)
    return Part(field, PartKind.PATH, relation.key, columns=named, up=up.key)
