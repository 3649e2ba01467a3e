"""The list of a table in Django's admin, as a list of its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.service.layout import Call
from modeler.mongo.service.natural_order import Order, declared_order
from modeler.mongo.service.references import ReferenceSpec, references
from modeler.mongo.spec import CollectionSpec
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table

# Signs before a search field, and lookups after it (Django, ModelAdmin.search_fields).
SIGNS = {"^": "istartswith", "=": "iexact", "@": "icontains"}
LOOKUPS = {"icontains", "istartswith", "iexact", "exact"}
ALIKE = {"contains": "icontains", "startswith": "istartswith", "search": "icontains"}


@dataclass(frozen=True, slots=True)
class ListViewSpec:
    """A list.

    Attributes:
        columns, search, filters, order: see ``runtime.lists.ListView``.
        lookups: references whose documents are joined, by the name of the joined field.
        left_out: what is made by code, or lies where no document leads to, by name.
    """

    columns: tuple[tuple[str, str], ...]
    search: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, str], ...]
    order: Order
    lookups: tuple[tuple[str, ReferenceSpec], ...]
    left_out: tuple[str, ...]

    def written(self) -> Call:
        """Return the call that makes it."""
        arguments: list[tuple[str, object]] = [("columns", self.columns)]
        if self.lookups:
            joined = tuple(one.written(name) for name, one in self.lookups)
            arguments.append(("lookups", joined))
        for name, value in (
            ("search", self.search),
            ("filters", self.filters),
            ("order", self.order),
        ):
            if value:
                arguments.append((name, value))
        return Call("ListView", tuple(arguments))


def list_view(
    schema: Schema, spec: CollectionSpec, specs: Sequence[CollectionSpec], order: Order
) -> ListViewSpec | None:
    """Return the list of a collection's root table, None where no admin shows it.

    Args:
        schema: that the specifications were made from.
        spec: of the collection.
        specs: of all collections that it may be joined with.
        order: used where the model has none of its own.
    """
    table = schema.table(spec.table)
    if not table.admin:
        return None
    facts = next((one for one in table.admin if one.site == "admin"), table.admin[0])
    paths = _Paths(schema, spec, specs, table)
    left_out: list[str] = []

    def resolved(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
        found = [(name, paths.of(name)) for name in dict.fromkeys(names)]
        left_out.extend(name for name, path in found if path is None)
        return tuple((name, path) for name, path in found if path is not None)

    columns = resolved(facts.list_display)
    filters = resolved(facts.list_filter)
    search = []
    for told in facts.search_fields:
        name, way = _way(told)
        path = paths.of(name)
        if path is None or not paths.is_text(path):
            left_out.append(told)
        else:
            search.append((path, way))
    declared = declared_order(table, paths.by_column) or order
    if "_id" not in dict(declared):
        declared = (*declared, ("_id", declared[-1][1]))
    return ListViewSpec(
        columns or (("_id", "_id"),),
        tuple(search),
        filters,
        declared,
        tuple(paths.joined.items()),
        tuple(dict.fromkeys(left_out)),
    )


def _way(told: str) -> tuple[str, str]:
    if told[:1] in SIGNS:
        return told[1:], SIGNS[told[0]]
    name, _, last = told.rpartition("__")
    last = ALIKE.get(last, last)
    return (name, last) if name and last in LOOKUPS else (told, "icontains")


@dataclass(slots=True)
class _Paths:
    """Finds what a lookup of Django means in a document."""

    schema: Schema
    spec: CollectionSpec
    specs: Sequence[CollectionSpec]
    table: Table
    joined: dict[str, ReferenceSpec] = field(default_factory=dict)
    by_column: dict[str, str] = field(init=False)
    _known: dict[str, FieldSpec] = field(init=False)

    def __post_init__(self) -> None:
        stored = [one for one in (*self.spec.key, *self.spec.fields) if one.stored]
        self.by_column = {one.column: one.name for one in stored}
        self._known = {one.name: one for one in stored}

    def of(self, name: str) -> str | None:
        """Return the path, None where there is none."""
        if name in ("__str__", "pk"):
            return "_id"
        head, _, rest = name.partition("__")
        relation = next((one for one in self.table.relations if one.field == head), None)
        if relation is not None and relation.columns:
            return self._related(relation, rest)
        column = self.table.column_of_field(head)
        if column is None:
            column = next((one for one in self.table.columns if one.name == head), None)
        if column is None or rest:
            return None
        return self.by_column.get(column.name)

    def is_text(self, path: str) -> bool:
        found = self._known.get(path)
        return found is not None and found.types == ("string",)

    def _related(self, relation: Relation, rest: str) -> str | None:
        copy = next(
            (
                part
                for part in self.spec.parts
                if part.kind is PartKind.COPY and part.part.relation == relation.key
            ),
            None,
        )
        if copy is not None and (path := self._within(copy, rest)) is not None:
            return path
        found = self._reference(relation)
        own = self.by_column.get(relation.columns[0])
        if found is None:
            return None if rest else own
        name, reference = found
        far = next(one for one in self.specs if one.name == reference.collection)
        if not rest:
            self.joined[name] = reference
            return name
        return self._beyond(far, name, reference, rest)

    def _within(self, copy: PartSpec, rest: str) -> str | None:
        if not rest:
            return copy.field
        far = self.schema.table(copy.table)
        for one in copy.fields:
            if one.formula is None and rest in (one.column, far.column(one.column).field):
                self._known[f"{copy.field}.{one.name}"] = one
                return f"{copy.field}.{one.name}"
        return None

    def _beyond(
        self, far: CollectionSpec, name: str, reference: ReferenceSpec, rest: str
    ) -> str | None:
        table = self.schema.table(far.table)
        for one in (*far.key, *far.fields):
            if not one.stored or one.formula is not None:
                continue
            if rest in (one.column, table.column(one.column).field) or (
                rest == "pk" and one.name == "_id"
            ):
                self.joined[name] = reference
                self._known[f"{name}.{one.name}"] = one
                return f"{name}.{one.name}"
        return None

    def _reference(self, relation: Relation) -> tuple[str, ReferenceSpec] | None:
        for one in references(self.schema, self.spec, self.specs):
            if one.relation == relation.key and not one.arrays:
                taken = {
                    *self._known,
                    *(part.field for part in self.spec.parts),
                    *(figure.field.name for figure in self.spec.computed),
                }
                name = one.name
                while name in taken or "." in name or not name or name[0] == "$":
                    name = f"of_{name.replace('.', '_').lstrip('$')}"
                return name, one
        return None
