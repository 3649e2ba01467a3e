"""Figures kept in a document of the rows that refer to its row (computed pattern)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modeler.mongo.aggregate import Aggregate, Computed, Measure, ShapeError
from modeler.mongo.field import FieldRule, FieldSpec, HeldBy
from modeler.mongo.table_fields import REFERRING, embedded_fields
from modeler.schema.schema import Schema
from modeler.schema.table import Table

SUMS = {
    "int": ("long", "int"),
    "long": ("decimal",),
    "decimal": ("decimal",),
    "double": ("double",),
}


@dataclass(frozen=True, slots=True)
class ComputedSpec:
    """A figure of a document.

    Attributes:
        computed: what was asked for.
        table: key of the counted table.
        link: ``(column there, column of the root)``, in key order.
        field: what the document holds; null where no row counts, 0 for a count.
    """

    computed: Computed
    table: str
    link: tuple[tuple[str, str], ...]
    field: FieldSpec


def computed_specs(schema: Schema, table: Table, aggregate: Aggregate) -> tuple[ComputedSpec, ...]:
    """Return the figures of a shape.

    Raises:
        ShapeError: a relation does not lead to the root, a column is not there or no figure.
    """
    taken = {column.name for column in table.columns} | {part.field for part in aggregate.parts}
    made = []
    for computed in aggregate.computed:
        if computed.field in taken:
            raise ShapeError(f"{table.key} has a field {computed.field!r} already.")
        taken.add(computed.field)
        relation = next((r for r in schema.relations if r.key == computed.relation), None)
        if (
            relation is None
            or relation.kind not in REFERRING
            or relation.target_location != table.location
        ):
            raise ShapeError(
                f"{computed.field!r} counts rows by {computed.relation}, "
                f"which is no relation to {table.key}."
            )
        owner = schema.table(relation.owner)
        pairs = tuple(zip(relation.columns, relation.target_columns, strict=True))
        field = _field(schema, owner, computed)
        made.append(ComputedSpec(computed, owner.key, pairs, field))
    return tuple(made)


def _field(schema: Schema, owner: Table, computed: Computed) -> FieldSpec:
    if computed.measure is Measure.COUNT:
        rules = (FieldRule("minimum", 0, HeldBy.DATABASE),)
        return FieldSpec(computed.field, "", ("long", "int"), rules=rules, note="a count")
    columns = [column for column in owner.columns if column.name == computed.column]
    if not columns:
        raise ShapeError(f"{owner.key} has no column {computed.column!r} for {computed.field!r}.")
    (field,) = embedded_fields(schema, owner, columns)
    note = f"{computed.measure} of {owner.key}.{computed.column}, null without rows"
    if computed.measure is Measure.SUM:
        kind = field.types[0] if field.types else ""
        if kind not in SUMS:
            raise ShapeError(f"{owner.key}.{computed.column} is no number, so it has no sum.")
        return FieldSpec(computed.field, computed.column, SUMS[kind], null=True, note=note)
    return replace(field, name=computed.field, null=True, note=note)
