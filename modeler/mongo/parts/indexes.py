"""What the indexes of an embedded table become: multikey indexes, and rules among its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from modeler.mongo.aggregate import PartKind
from modeler.mongo.carrying import carry
from modeler.mongo.checks.check import CheckSpec
from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.rewriting import Rewriting, Rewritten
from modeler.mongo.index_sources import source_of, wanted_indexes
from modeler.mongo.index_spec import IndexSpec, noted
from modeler.mongo.indexes import RewrittenIndex, Uncarried, rewritten_index
from modeler.mongo.parts.place import Place
from modeler.mongo.parts.uniqueness import unique_within
from modeler.schema.constraint import ConstraintKind
from modeler.schema.expression import ColumnRef, Expression, columns_of
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table


@dataclass(slots=True)
class PartIndexes:
    """All that becomes of an embedded table's indexes.

    Attributes:
        indexes: of the collection.
        uncarried: what has none.
        rules: among the rows of an array.
        fields: that rows get beside their columns, for these indexes and rules.
        rewritten: what is over such fields.
    """

    indexes: list[IndexSpec] = field(default_factory=list)
    uncarried: list[Uncarried] = field(default_factory=list)
    rules: list[CheckSpec] = field(default_factory=list)
    fields: list[FieldSpec] = field(default_factory=list)
    rewritten: list[RewrittenIndex] = field(default_factory=list)

    def lost(self, index: Index, reason: object) -> None:
        self.uncarried.append(Uncarried(source_of(index), str(reason)))


def part_indexes(
    table: Table,
    place: Place,
    fields: Iterable[FieldSpec],
    own: set[str],
    kind: PartKind,
    rewriting: Rewriting,
) -> PartIndexes:
    """Return indexes of the collection, what has none, and rules among the rows of an array.

    Args:
        table: the embedded one.
        place: of its rows.
        fields: of a row.
        own: columns that say whose row it is; the document itself says it now.
        kind: of the part. Copies need no index of their table, and its unique keys say nothing
            of documents that share a copied row.
        rewriting: gives fields to what no column holds.
    """
    part = _Part(table, place, {one.column: one for one in fields}, own, rewriting)
    if kind in (PartKind.ARRAY, PartKind.ONE):
        for index in [*_own_key(table, own), *wanted_indexes(table)]:
            part.take(index, kind)
    return part.found


@dataclass(slots=True)
class _Part:
    """An embedded table, whose indexes are taken one by one."""

    table: Table
    place: Place
    fields: dict[str, FieldSpec]
    own: set[str]
    rewriting: Rewriting
    found: PartIndexes = field(default_factory=PartIndexes)

    def take(self, index: Index, kind: PartKind) -> None:
        mentioned = _named(index)
        if index.unique and kind is PartKind.ARRAY and self.place.in_array:
            self._take_rule(index)
        if mentioned & self.own:
            # The document leads to its rows; what a unique key said of them, a rule says now.
            if index.unique and not self.own <= mentioned:
                reason = "it names a part of the key by which documents are told apart"
                self.found.lost(index, reason)
            return
        if index.unique and kind is PartKind.ONE and self.place.in_array:
            reason = "no rule compares what lies within several rows of one array"
            self.found.lost(index, f"{reason}, and no index what some of them have not")
            return
        try:
            self._take_index(index)
        except NotCarried as reason:
            self.found.lost(index, reason)

    def _take_index(self, index: Index) -> None:
        rewritten = self.rewriting.rewrite(index)
        known = {**self.fields, **dict(rewritten.known)}
        # A document without such a row counts with null in an index, also for an empty array: a
        # unique index has to leave it out, as if the column could be NULL.
        at = {
            name: replace(one, name=f"{self.place.path}.{one.name}", null=True)
            for name, one in known.items()
        }
        nullable = {name for name, one in known.items() if one.null}
        if self.place.in_array:
            _want_multikey(rewritten.index, nullable)
        wanted = rewritten.index
        if wanted.unique:
            if self.place.in_rows:
                raise NotCarried(
                    "between documents, rows of an array without such a row would equal each other"
                )
            if not wanted.nulls_distinct and _named(wanted) & nullable:
                raise NotCarried("documents without such a row would equal those where it is NULL")
            wanted = replace(wanted, nulls_distinct=True)
        made = carry(self.table, wanted, at)
        self.found.indexes += noted(made, rewritten.note)
        if made:
            self._keep(rewritten)

    def _take_rule(self, index: Index) -> None:
        """Find a rule among the rows of one array: over columns if it is exact, else rewritten."""
        columns = {column.name: column for column in self.table.columns}
        plain = DocumentFields(self.fields, columns, self.place.start)
        rule: CheckSpec | None = None
        reason: object = ""
        try:
            rule = _among_rows(index, self.own, self.place, plain)
            if not rule.note:
                self.found.rules.append(rule)
                return
        except NotCarried as lost:
            reason = f"within one document: {lost}"
        try:
            rewritten = self.rewriting.rewrite(index)
            known = {**self.fields, **dict(rewritten.known)}
            columns = self.rewriting.columns_with(rewritten)
            document = DocumentFields(known, columns, self.place.start)
            self.found.rules.append(_among_rows(rewritten.index, self.own, self.place, document))
            self._keep(rewritten)
        except NotCarried as lost:
            if rule is not None:
                self.found.rules.append(rule)
            else:
                self.found.lost(index, reason or lost)

    def _keep(self, rewritten: Rewritten) -> None:
        told = rewritten_index(rewritten)
        self.found.fields += [one for one in rewritten.fields if one not in self.found.fields]
        if rewritten.fields and told not in self.found.rewritten:
            self.found.rewritten.append(told)


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


def _among_rows(index: Index, own: set[str], place: Place, document: DocumentFields) -> CheckSpec:
    """Return the rule that no two rows of one array have the same key.

    Raises:
        NotCarried: an expression has no exact counterpart, or a column is not in the document.
    """
    keys = [_expression(part) for part in index.parts]
    rest = [key for key in keys if not set(columns_of(key)) <= own]
    if {name for key in rest for name in columns_of(key)} - set(document.fields):
        raise NotCarried("the rows in the document do not hold all its columns")
    return unique_within(
        source_of(index), place, document, rest,
        condition=index.condition, nulls_distinct=index.nulls_distinct,
    )  # fmt: skip


def _want_multikey(index: Index, nullable: set[str]) -> None:
    """Refuse what a multikey index says otherwise.

    Raises:
        NotCarried: it is partial, but a filter lets a whole document in where any element of an
            array passes, so that its other elements would count as unique too; or a column may
            be NULL, and the NULLs of several documents would equal each other.
    """
    if index.condition is not None:
        raise NotCarried("a partial filter cannot choose single elements of an array")
    if index.unique and index.nulls_distinct and _named(index) & nullable:
        raise NotCarried("between documents, the empty values of arrays would equal each other")


def _named(index: Index) -> set[str]:
    return {name for part in index.parts for name in columns_of(_expression(part))}


def _expression(part: IndexPart) -> Expression:
    return part.expression if part.expression is not None else ColumnRef(part.column)
