"""What the indexes of an embedded table become: multikey indexes, and rules among its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modeler.mongo.aggregate import PartKind
from modeler.mongo.checks.check import CheckSpec
from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.mongo.indexes import IndexSpec, Uncarried, carry, source_of, wanted_indexes
from modeler.mongo.parts.place import Place
from modeler.mongo.parts.uniqueness import unique_within
from modeler.schema.constraint import ConstraintKind
from modeler.schema.expression import ColumnRef, Expression, columns_of
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table

Result = tuple[list[IndexSpec], list[Uncarried], tuple[CheckSpec, ...]]


def part_indexes(
    table: Table, place: Place, fields: Iterable[FieldSpec], own: set[str], kind: PartKind
) -> Result:
    """Return indexes of the collection, what has none, and rules among the rows of an array.

    Args:
        table: the embedded one.
        place: of its rows.
        fields: of a row.
        own: columns that say whose row it is; the document itself says it now.
        kind: of the part. Copies need no index of their table, and its unique keys say nothing
            of documents that share a copied row.
    """
    if kind not in (PartKind.ARRAY, PartKind.ONE):
        return [], [], ()
    fields = tuple(fields)
    # A document without such a row counts with null in an index, also for an empty array: a
    # unique index has to leave it out, as if the column could be NULL.
    at = {
        field.column: replace(field, name=f"{place.path}.{field.name}", null=True)
        for field in fields
    }
    nullable = {field.column for field in fields if field.null}
    within = DocumentFields(
        {field.column: field for field in fields},
        {column.name: column for column in table.columns},
        place.start,
    )
    made: list[IndexSpec] = []
    lost: list[Uncarried] = []
    rules: list[CheckSpec] = []
    for index in [*_own_key(table, own), *wanted_indexes(table)]:
        mentioned = {name for part in index.parts for name in columns_of(_expression(part))}
        if index.unique and kind is PartKind.ARRAY and place.in_array:
            _among_rows(index, own, place, within, rules, lost)
        if mentioned & own:
            # The document leads to its rows; what a unique key said of them, a rule says now.
            if index.unique and not own <= mentioned:
                reason = "it names a part of the key by which documents are told apart"
                lost.append(Uncarried(source_of(index), reason))
            continue
        if index.unique and kind is PartKind.ONE and place.in_array:
            reason = "no rule compares what lies within several rows of one array"
            lost.append(Uncarried(source_of(index), reason))
        try:
            if place.in_array:
                _want_multikey(index, nullable)
            made += carry(table, index, at)
        except NotCarried as reason:
            lost.append(Uncarried(source_of(index), str(reason)))
    return made, lost, tuple(rules)


def _own_key(table: Table, own: set[str]) -> list[Index]:
    """Return a primary key that holds the reference: it tells the rows of one document apart.

    A key of its own is drawn by PostgreSQL, and is no rule here (``unheld_key``).
    """
    if not own & set(table.primary_key):
        return []
    parts = tuple(IndexPart(column=name) for name in table.primary_key)
    named = next((c.name for c in table.constraints if c.kind is ConstraintKind.PRIMARY_KEY), "")
    name = named or f"primary key of {table.key}"
    return [Index(name, parts, unique=True, source="constraint")]


def unheld_key(table: Table, own: set[str]) -> bool:
    """Tell whether no rule of a document compares the primary keys of embedded rows."""
    return bool(table.primary_key) and not own & set(table.primary_key)


def _among_rows(
    index: Index,
    own: set[str],
    place: Place,
    document: DocumentFields,
    rules: list[CheckSpec],
    lost: list[Uncarried],
) -> None:
    keys = [_expression(part) for part in index.parts]
    rest = [key for key in keys if not set(columns_of(key)) <= own]
    if {name for key in rest for name in columns_of(key)} - set(document.fields):
        reason = "the rows in the document do not hold all its columns"
        lost.append(Uncarried(source_of(index), reason))
        return
    try:
        rules.append(
            unique_within(
                source_of(index), place, document, rest,
                condition=index.condition, nulls_distinct=index.nulls_distinct,
            )
        )  # fmt: skip
    except NotCarried as reason:
        lost.append(Uncarried(source_of(index), f"within one document: {reason}"))


def _want_multikey(index: Index, nullable: set[str]) -> None:
    """Refuse what a multikey index says otherwise.

    Raises:
        NotCarried: it is partial, but a filter lets a whole document in where any element of an
            array passes, so that its other elements would count as unique too; or a column may
            be NULL, and the NULLs of several documents would equal each other.
    """
    if index.condition is not None:
        raise NotCarried("a partial filter cannot choose single elements of an array")
    named = {name for part in index.parts for name in columns_of(_expression(part))}
    if index.unique and index.nulls_distinct and named & nullable:
        raise NotCarried("between documents, the empty values of arrays would equal each other")


def _expression(part: IndexPart) -> Expression:
    return part.expression if part.expression is not None else ColumnRef(part.column)
