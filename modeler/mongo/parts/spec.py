"""What an embedded table becomes: the fields and checks of its rows within a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from modeler.mongo.aggregate import Part, PartKind, ShapeError
from modeler.mongo.checks.check import CheckSpec, compile_checks
from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.field import FieldSpec
from modeler.mongo.findings import (
    check_findings,
    failing_findings,
    lost_index_findings,
    partition_findings,
    rewritten_index_findings,
    unheld_key_finding,
    unwatched_findings,
)
from modeler.mongo.formulas.rewriting import Rewriting
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.parts.indexes import part_indexes, unheld_key
from modeler.mongo.parts.place import Place
from modeler.mongo.table_fields import (
    REFERRING,
    column_findings,
    embedded_fields,
    unmanaged_findings,
)
from modeler.reporting.finding import Finding
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table

ROOT = Place()
MANY = frozenset({PartKind.ARRAY, PartKind.VALUES, PartKind.PATH})
REFERS_HERE = frozenset({PartKind.ARRAY, PartKind.ONE, PartKind.VALUES})


@dataclass(frozen=True, slots=True)
class PartSpec:
    """Rows of a table within a document.

    Attributes:
        part: its shape.
        table: key of the embedded table.
        place: of a row.
        link: ``(column of the embedded table, column of the table above)``, in key order.
        null: the document may be null (ONE, COPY).
        fields: of a row, in the order of the columns; of VALUES the one whose value is taken.
        checks: what the table's constraints demand of each row and among them, as expressions
            of the whole document.
        parts: what is embedded in each row.
        up: of a PATH, the link of a row to the one above: as ``link``, from below to above.
        distinct: an array of VALUES holds none twice.
    """

    part: Part
    table: str
    place: Place
    link: tuple[tuple[str, str], ...]
    null: bool
    fields: tuple[FieldSpec, ...]
    checks: tuple[CheckSpec, ...] = ()
    parts: tuple[PartSpec, ...] = ()
    up: tuple[tuple[str, str], ...] = ()
    distinct: bool = False

    @property
    def field(self) -> str:
        return self.part.field

    @property
    def kind(self) -> PartKind:
        return self.part.kind

    @property
    def many(self) -> bool:
        return self.kind in MANY


@dataclass(frozen=True, slots=True)
class EmbeddedTables:
    """The parts of one document, and what their tables' indexes become.

    Attributes:
        parts: in the order of the shape.
        indexes: of the collection.
        findings: what is not carried, or differs.
    """

    parts: tuple[PartSpec, ...]
    indexes: tuple[IndexSpec, ...]
    findings: tuple[Finding, ...]


def embedded_tables(
    schema: Schema,
    table: Table,
    parts: Iterable[Part],
    place: Place = ROOT,
    *,
    refused: str = "",
) -> EmbeddedTables:
    """Return the parts of a table's document.

    Args:
        schema: the whole.
        table: that of the document above.
        parts: its shape.
        place: where the document above lies.
        refused: why rows can have no fields of formulas, ``""`` where they can.

    Raises:
        ShapeError: a relation is not there, leads elsewhere, or a column is not known.
    """
    made, indexes, findings = [], [], []
    taken = {column.name for column in table.columns}
    for part in parts:
        if part.field in taken or not part.field or part.field[0] == "$" or "." in part.field:
            raise ShapeError(
                f"{table.key} cannot embed {part.relation} as {part.field!r}: "
                "a field of that name is there already, or the name has a meaning in MongoDB. "
                "Choose another name."
            )
        taken.add(part.field)
        compiled = _part(schema, table, part, place, refused)
        made.append(compiled[0])
        indexes += compiled[1]
        findings += compiled[2]
    return EmbeddedTables(tuple(made), tuple(indexes), tuple(findings))


def _part(
    schema: Schema, above: Table, part: Part, place: Place, refused: str
) -> tuple[PartSpec, list[IndexSpec], list[Finding]]:
    relation = _relation(schema, part.relation)
    table, link, null = _joined(schema, above, part, relation)
    here = place.below(part.field, many=part.kind in MANY)
    own = {column for column, _ in link} if part.kind in REFERS_HERE else set()
    fields = _fields(schema, table, part, own)
    nested = embedded_tables(schema, table, part.parts, here, refused=refused)
    spec = PartSpec(part, table.key, here, link, null, fields, parts=nested.parts)
    if part.kind is PartKind.VALUES:
        return _values(schema, table, spec, nested)
    if part.kind is PartKind.PATH:
        if part.parts:
            raise ShapeError(f"{part.field!r} is a path; its rows take columns, no further parts.")
        spec = replace(spec, up=_up(schema, table, part))
    findings = [
        finding
        for field in fields
        for finding in column_findings(table, table.column(field.column), field)
    ]
    by_column = {field.column: field for field in fields}
    taken = [inner.field for inner in part.parts]
    rewriting = Rewriting(table, by_column, taken, refused=refused)
    ruled = part_indexes(table, spec.place, fields, own, part.kind, rewriting)
    checks: tuple[CheckSpec, ...] = ()
    if part.kind in REFERS_HERE:
        # Of a copy the referenced row itself is the place of its rules.
        document = DocumentFields(by_column, {c.name: c for c in table.columns}, here.start)
        carried, lost = compile_checks(table.constraints, document)
        checks = tuple(
            replace(check, expression=here.everywhere(check.expression)) for check in carried
        )
        findings += [*unmanaged_findings(table), *check_findings(table, checks, lost)]
        findings += [*partition_findings(schema, table), *failing_findings(table)]
    findings += [*unwatched_findings(table), *lost_index_findings(table, ruled.uncarried)]
    findings += rewritten_index_findings(table, ruled.rewritten)
    if part.kind in REFERS_HERE and unheld_key(table, own):
        findings.append(unheld_key_finding(table, here.path))
    spec = replace(spec, checks=(*checks, *ruled.rules), fields=(*spec.fields, *ruled.fields))
    return spec, [*ruled.indexes, *nested.indexes], [*findings, *nested.findings]


def _relation(schema: Schema, key: str) -> Relation:
    for relation in schema.relations:
        if relation.key == key:
            return relation
    raise ShapeError(
        f"There is no relation {key}. Name one as app.Model.field, such as orders.OrderItem.order."
    )


def _joined(
    schema: Schema, above: Table, part: Part, relation: Relation
) -> tuple[Table, tuple[tuple[str, str], ...], bool]:
    """Return the embedded table, how it is joined, and whether there may be no row."""
    if relation.kind not in REFERRING or relation.target_location is None:
        raise ShapeError(
            f"{relation.key} is a {relation.kind} relation, which no document can follow. "
            "Embed by a foreign key; of a many-to-many field, by those of its join table."
        )
    owner = schema.table(relation.owner)
    pairs = tuple(zip(relation.columns, relation.target_columns, strict=True))
    if part.kind in REFERS_HERE:
        if relation.target_location != above.location:
            raise ShapeError(
                f"{relation.key} does not lead to {above.key}, so its rows cannot lie there."
            )
        return owner, pairs, part.kind is PartKind.ONE
    if owner.location != above.location:
        raise ShapeError(f"{relation.key} does not start at {above.key}, so it copies nothing.")
    targets = [table for table in schema.at(relation.target_location) if table.columns]
    if not targets:
        raise ShapeError(f"The table that {relation.key} leads to is not known.")
    null = any(owner.column(column).null for column in relation.columns) or not relation.enforced
    return targets[0], tuple((far, near) for near, far in pairs), null


def _fields(schema: Schema, table: Table, part: Part, own: set[str]) -> tuple[FieldSpec, ...]:
    names = {column.name for column in table.columns}
    for name in part.columns:
        if name not in names:
            raise ShapeError(
                f"{table.key} has no column {name!r} for {part.field!r}. "
                f"It has {', '.join(sorted(names))}."
            )
    wanted = part.columns or tuple(
        column.name for column in table.columns if column.name not in own
    )
    columns = [column for column in table.columns if column.name in wanted]
    return tuple(f for f in embedded_fields(schema, table, columns) if f.stored)


def _values(
    schema: Schema, table: Table, spec: PartSpec, nested: EmbeddedTables
) -> tuple[PartSpec, list[IndexSpec], list[Finding]]:
    """Settle an array of values: one column of each row, or of the row that it refers to."""
    copies = [inner for inner in nested.parts if inner.kind is PartKind.COPY]
    column = ""
    if nested.parts:
        fields = copies[0].fields if len(copies) == len(nested.parts) == 1 else ()
        reached = copies[0].link[0][1] if copies else ""
        # Two rows lead to the same value only if they lead to the same row.
        far = schema.table(copies[0].table) if copies else table
        one_each = bool(fields) and fields[0].column in far.unique_alone | set(far.primary_key)
        column = reached if one_each else ""
    else:
        fields = spec.fields
        column = fields[0].column if len(fields) == 1 else ""
    if len(fields) != 1:
        raise ShapeError(
            f"{spec.field!r} is an array of values and takes one column of {table.key}, "
            f"not {len(fields)}. Name it, or make it an array of documents."
        )
    own = {near for near, _ in spec.link}
    pairs = [
        set(one.columns)
        for one in table.constraints
        if one.kind == "unique" and one.condition is None and one.columns
    ]
    pairs.append(set(table.primary_key))
    distinct = bool(column) and any(keys and keys <= own | {column} for keys in pairs)
    value = replace(fields[0], null=fields[0].null or bool(copies and copies[0].null))
    return replace(spec, fields=(value,), distinct=distinct), [], list(nested.findings)


def _up(schema: Schema, table: Table, part: Part) -> tuple[tuple[str, str], ...]:
    relation = _relation(schema, part.up)
    if relation.owner != table.key or relation.target_location != table.location:
        raise ShapeError(
            f"{part.up} does not lead from {table.key} to itself, so {part.field!r} is no path."
        )
    return tuple(zip(relation.columns, relation.target_columns, strict=True))
