"""Fields of a collection that hold keys of documents elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.service.layout import Call
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.table_fields import REFERRING
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class ReferenceSpec:
    """A reference.

    Attributes:
        name: of the relation, below the parts it lies in.
        relation: key of the relation.
        path: of the field.
        collection: that it refers to.
        target: field there.
        arrays: paths of the arrays on the way.
    """

    name: str
    relation: str
    path: str
    collection: str
    target: str
    arrays: tuple[str, ...] = ()

    def written(self, name: str = "") -> Call:
        """Return the call that makes it, under another name if one is given."""
        arguments: list[tuple[str, object]] = [
            ("name", name or self.name),
            ("path", self.path),
            ("collection", self.collection),
            ("target", self.target),
        ]
        if self.arrays:
            arguments.append(("arrays", self.arrays))
        return Call("Reference", tuple(arguments))


def references(
    schema: Schema, spec: CollectionSpec, specs: Sequence[CollectionSpec]
) -> tuple[ReferenceSpec, ...]:
    """Return the references of a collection to those of ``specs``, in the order of the fields.

    Composite keys are left out: no single field holds them. So are copies, which say what the
    referred document said once.
    """
    table = schema.table(spec.table)
    found = list(_of_table(schema, table, (*spec.key, *spec.fields), specs))
    for part in spec.parts:
        found += _of_part(schema, part, specs)
    return tuple(found)


def _of_part(
    schema: Schema, part: PartSpec, specs: Sequence[CollectionSpec]
) -> list[ReferenceSpec]:
    if part.kind not in (PartKind.ARRAY, PartKind.ONE, PartKind.VALUES):
        return []
    values = part.kind is PartKind.VALUES
    if values and part.parts:
        return []  # the value is of the row that is referred to
    steps = part.place.steps
    paths = [".".join(name for name, _ in steps[: depth + 1]) for depth in range(len(steps))]
    arrays = tuple(path for path, (_, many) in zip(paths, steps, strict=True) if many)
    found = []
    for one in _of_table(schema, schema.table(part.table), part.fields, specs):
        path = part.place.path if values else f"{part.place.path}.{one.path}"
        name = f"{part.place.path.replace('.', '_')}_{one.name}"
        found.append(ReferenceSpec(name, one.relation, path, one.collection, one.target, arrays))
    for inner in () if values else part.parts:
        found += _of_part(schema, inner, specs)
    return found


def _of_table(
    schema: Schema,
    table: Table,
    fields: Iterable[FieldSpec],
    specs: Sequence[CollectionSpec],
) -> Iterable[ReferenceSpec]:
    by_column = {field.column: field.name for field in fields if field.stored}
    for relation in table.relations:
        if relation.kind not in REFERRING or len(relation.columns) != 1:
            continue
        path = by_column.get(relation.columns[0])
        far = target_of(schema, relation, specs)
        if path is not None and far is not None:
            yield ReferenceSpec(relation.field, relation.key, path, *far)


def target_of(
    schema: Schema, relation: Relation, specs: Sequence[CollectionSpec]
) -> tuple[str, str] | None:
    """Return the collection that a relation leads to, and the field there."""
    for spec in specs:
        if schema.table(spec.table).location != relation.target_location:
            continue
        for field in (*spec.key, *spec.fields):
            if field.stored and (field.column,) == relation.target_columns:
                return spec.name, field.name
    return None
