"""One schema that has the tables, columns and relations of two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from modeler.schema.aligned import is_live
from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.database_view import table_of_location
from modeler.schema.differences import named
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table

PLURAL = {
    Part.COLUMN: "columns", Part.RELATION: "relations", Part.INDEX: "indexes",
    Part.CONSTRAINT: "constraints", Part.TRIGGER: "triggers",
}  # fmt: skip


# Of the database, not of a table.
LOOSE = {Part.ENUM, Part.DOMAIN, Part.SEQUENCE}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a change is seen in the merged schema."""

    part: Part
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged schema, and a spot for each of the changes, in their order."""

    schema: Schema
    spots: tuple[Spot, ...]


def merged(
    old: Schema, new: Schema, changes: Sequence[Change], *, models: Schema | None = None
) -> Merged:
    """Merge two aligned schemas.

    Where one side is a live database and the other is not, tables of both are one under the
    model's key; what only the database has is added to it.

    Args:
        old, new: as they were given to ``differences``.
        changes: what it said.
        models: gives keys and names to tables where both sides are live databases.
    """
    return _Merging(old, new, models).result(changes)


class _Merging:
    """``base`` is drawn as it is, and gets what only ``other`` has."""

    def __init__(self, old: Schema, new: Schema, models: Schema | None) -> None:
        self.base_is_new = not (is_live(new) and not is_live(old))
        self.base, self.other = (new, old) if self.base_is_new else (old, new)
        self.by_location = is_live(old) or is_live(new)
        dressing = models if models is not None and is_live(self.base) else Schema()
        self.models, self.titles = table_of_location(dressing), dressing.apps
        self.base_keys = {table.key for table in self.base.tables}
        self.bases, self.others = self.by_path(self.base), self.by_path(self.other)
        self.only_other = ChangeKind.REMOVED if self.base_is_new else ChangeKind.ADDED
        # Path of a table in the changes -> its path in the base.
        self.moved: dict[str, str] = {}
        self.renamed: dict[tuple[str, Part, str], str] = {}

    def by_path(self, schema: Schema) -> dict[str, Table]:
        if self.by_location:
            return {str(place): table for place, table in table_of_location(schema).items()}
        return {table.key: table for table in schema.tables}

    def result(self, changes: Sequence[Change]) -> Merged:
        for change in changes:
            if change.kind is ChangeKind.RENAMED and change.part is Part.TABLE:
                ends = (change.before, change.after)
                theirs, ours = ends if self.base_is_new else ends[::-1]
                self.moved[theirs] = ours
        placed = [self.place(change) for change in changes]
        for change, (path, name) in zip(changes, placed, strict=True):
            if change.kind is ChangeKind.RENAMED and not self.base_is_new:
                self.renamed[path, change.part, name] = change.before
        extra: dict[str, list[tuple[Part, Any]]] = defaultdict(list)
        spots = []
        for change, (path, name) in zip(changes, placed, strict=True):
            spot, missing = self.spot(change, path, name)
            spots.append(spot)
            for part, thing in missing:
                extra[self.ours(path)].append((part, thing))
        return Merged(self.schema(extra), tuple(spots))

    def place(self, change: Change) -> tuple[str, str]:
        """Return the path of the table and the name below it that a change speaks of."""
        if change.part in {Part.TABLE, *LOOSE}:
            return change.path, ""
        # Names may hold dots: the longest beginning that is a table is the table.
        path = change.path
        while path and path not in self.bases and path not in self.others:
            path = path.rpartition(".")[0]
        return path, change.path[len(path) + 1 :]

    def ours(self, path: str) -> str:
        return path if path in self.bases else self.moved.get(path, path)

    def key(self, path: str) -> str:
        """Return the merged schema's key of the table at a path of either side."""
        ours = self.ours(path)
        table = self.bases.get(ours) or self.others[ours]
        model = self.models.get(table.location) if table.location else None
        return (model or table).key

    def spot(self, change: Change, path: str, name: str) -> tuple[Spot, list[tuple[Part, Any]]]:
        """Return where a change is seen, and the parts that the base lacks for it."""
        part = change.part
        if part in LOOSE:
            return Spot(part, "", change.path), []
        if part is Part.TABLE:
            return Spot(part, self.key(path), ""), []
        name = self.renamed.get((path, part, name), name)
        missing: list[tuple[Part, Any]] = []
        ours = self.bases.get(self.ours(path))
        theirs = self.others.get(path) or self.others.get(
            next((their for their, own in self.moved.items() if own == path), "")
        )
        holder = theirs if change.kind is self.only_other else ours
        thing: Any = None if holder is None else _original(holder, part, name)
        name = getattr(thing, "name", "") or name  # a relation has none
        if change.kind is self.only_other and thing is not None:
            missing.append((part, thing))
        if self.by_location and _is_foreign_key(thing):
            relation = _relation_at(ours, thing)
            if relation is None and theirs is not None:
                relation = _relation_at(theirs, thing)
                if relation is not None:
                    missing.append((Part.RELATION, relation))
            if relation is not None:
                part, name = Part.RELATION, relation.field
        return Spot(part, self.key(path), name), missing

    def schema(self, extra: dict[str, list[tuple[Part, Any]]]) -> Schema:
        tables = []
        declaring = {id(table): path for path, table in self.bases.items()}
        for table in self.base.tables:
            path = declaring.get(id(table), "")
            if path in extra:
                theirs = (
                    self.others.get(path)
                    or self.others[next(their for their, own in self.moved.items() if own == path)]
                )
                table = self.with_parts(table, theirs, extra[path])
            tables.append(self.dressed(table))
        for path, table in self.others.items():
            if self.ours(path) not in self.bases:
                tables.append(self.dressed(table))
        apps = {app.label: app for app in (*self.titles, *self.other.apps, *self.base.apps)}
        enums = {enum.location: enum for enum in (*self.other.enums, *self.base.enums)}
        domains = {each.location: each for each in (*self.other.domains, *self.base.domains)}
        sequences = {each.location: each for each in (*self.other.sequences, *self.base.sequences)}
        return Schema(
            tables=tuple(sorted(tables, key=lambda table: table.key)),
            apps=tuple(apps[label] for label in sorted(apps)),
            enums=tuple(enums[place] for place in sorted(enums)),
            domains=tuple(domains[place] for place in sorted(domains)),
            sequences=tuple(sequences[place] for place in sorted(sequences)),
            vendors=self.base.vendors,
            origin=self.base.origin,
            unread=tuple(dict.fromkeys((*self.base.unread, *self.other.unread))),
        )

    def with_parts(self, table: Table, theirs: Table, parts: list[tuple[Part, Any]]) -> Table:
        added: dict[str, list[Any]] = defaultdict(list)
        for part, thing in parts:
            added[PLURAL[part]].append(thing)
        together: dict[str, Any] = {
            name: (*getattr(table, name), *things) for name, things in added.items()
        }
        if "columns" in added:
            together["columns"] = _in_place(table.columns, added["columns"], theirs.columns)
        return replace(table, **together)

    def dressed(self, table: Table) -> Table:
        """Give a table the key and name of its model, and its relations keys that are there."""
        model = self.models.get(table.location) if table.location else None
        key = model.key if model else table.key
        relations = tuple(
            relation
            if (relation.owner, relation.target) == (key, target)
            else replace(relation, owner=key, target=target)
            for relation in table.relations
            for target in [self.target(relation)]
        )
        if model is None:
            return table if relations == table.relations else replace(table, relations=relations)
        return replace(
            table, key=key, name=model.name, app=model.app, label=model.label,
            label_plural=model.label_plural, relations=relations,
        )  # fmt: skip

    def target(self, relation: Relation) -> str:
        path = str(relation.target_location) if self.by_location else relation.target
        if relation.target in self.base_keys and not self.models:
            return relation.target  # a proxy stays the target
        return self.key(path) if path in self.bases or path in self.others else relation.target


def _original(table: Table, part: Part, name: str) -> Any:
    """Return the part of a table that a change names; also one that is named by what it is."""
    things = getattr(table, PLURAL[part])
    if part is Part.RELATION:
        return next((each for each in things if each.field == name), None)
    for thing in things:
        if thing.name == name:
            return thing
    if part in {Part.INDEX, Part.CONSTRAINT}:
        for thing in things:
            if named(replace(thing, name="")) == name:
                return thing
    return None


def _is_foreign_key(thing: Any) -> bool:
    return isinstance(thing, Constraint) and thing.kind is ConstraintKind.FOREIGN_KEY


def _relation_at(table: Table | None, constraint: Constraint) -> Relation | None:
    relations = table.relations if table else ()
    return next((each for each in relations if each.columns == constraint.columns), None)


def _in_place(present: Sequence[Any], added: Sequence[Any], order: Sequence[Any]) -> tuple:
    """Return the columns, the added ones where they stand in ``order``."""
    result = list(present)
    names = [column.name for column in order]
    for column in sorted(added, key=lambda each: names.index(each.name)):
        before = set(names[: names.index(column.name)])
        at = max((at + 1 for at, each in enumerate(result) if each.name in before), default=0)
        result.insert(at, column)
    return tuple(result)
