"""All that is said of one table, ready to be written on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modeler.diagrams.consequences import consequences_of
from modeler.diagrams.descriptions.columns import ColumnDescription, describe_columns
from modeler.diagrams.descriptions.consequences import ConsequenceGroup, consequence_groups
from modeler.diagrams.descriptions.constraints import constraint_text
from modeler.diagrams.descriptions.indexes import index_text
from modeler.diagrams.descriptions.partitions import partition_text, partitioning_text
from modeler.diagrams.descriptions.relations import (
    cardinality_sentences,
    columns_text,
    delete_sentence,
    kind_text,
)
from modeler.diagrams.descriptions.triggers import trigger_text
from modeler.diagrams.hints import Hint, hints_of
from modeler.diagrams.references import References, references_of
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.index import Index
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.statistics import Statistics
from modeler.schema.table import Table, TableKind


@dataclass(frozen=True, slots=True)
class Line:
    """A named rule in PostgreSQL's words, with what else is written of it."""

    name: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A relation as one of its ends sees it.

    Attributes:
        relation: the relation itself.
        partner: key of the table at the other end, ``""`` for a generic foreign key.
        kind: in words.
        sentences: how many rows stand at each end.
        columns: what it joins.
        on_delete: what deleting its target does, in words.
        reverse: the name under which the other end reaches back, ``""`` where hidden.
        drawable: there is a picture of it: it leads to a table.
    """

    relation: Relation
    partner: str
    kind: str
    sentences: tuple[str, ...]
    columns: str
    on_delete: str
    reverse: str = ""

    @property
    def drawable(self) -> bool:
        return bool(self.partner)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in words.

    Attributes:
        table: the table itself.
        holder: the table that has the rows; another one for a proxy.
        columns: of the holder.
        keys, constraints: primary, unique and foreign keys; checks, exclusions and the rest.
        indexes: those that do not merely serve a constraint.
        triggers: by name.
        partitions: how it is partitioned, and of what it is a partition.
        outgoing: relations that it declares.
        incoming: relations that lead to it or to a proxy of it.
        inherited: the same of its multi-table parents.
        consequences: of deleting one row.
        hints: what looks odd.
    """

    table: Table
    holder: Table
    columns: tuple[ColumnDescription, ...]
    keys: tuple[Line, ...]
    constraints: tuple[Line, ...]
    indexes: tuple[Line, ...]
    triggers: tuple[Line, ...]
    partitions: tuple[str, ...]
    outgoing: tuple[RelationLine, ...]
    incoming: tuple[RelationLine, ...]
    inherited: tuple[str, ...]
    consequences: tuple[ConsequenceGroup, ...]
    hints: tuple[Hint, ...] = ()


KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.FOREIGN_KEY)


def sheet_of(
    schema: Schema,
    key: str,
    *,
    statistics: Statistics | None = None,
    references: References | None = None,
) -> Sheet:
    """Return what is to be said of a table.

    Args:
        schema: all there is.
        key: of the table.
        statistics: for the numbers of rows that go with one row.
        references: of that schema, where it was made already.

    Raises:
        UnknownName: there is no such table.
    """
    table = schema.table(key)
    references = references or references_of(schema)
    holder = references.tables.get(references.concrete(key), table)
    rules = sorted(holder.constraints, key=lambda rule: (*KEYS, rule.kind).index(rule.kind))
    return Sheet(
        table,
        holder,
        describe_columns(holder),
        tuple(_rule(rule) for rule in rules if rule.kind in KEYS),
        tuple(_rule(rule) for rule in rules if rule.kind not in KEYS),
        tuple(_index(index) for index in holder.indexes if index.source != "constraint"),
        tuple(Line(each.name, trigger_text(each), each.comment) for each in holder.triggers),
        _partitions(holder),
        relations_out(table, references),
        relations_in(table, references),
        references.ancestors(holder.key),
        ()
        if table.kind is TableKind.SWAPPED
        else consequence_groups(
            consequences_of(schema, key, statistics=statistics, references=references),
            counted=statistics is not None,
        ),
        hints_of(schema, key),
    )


def relations_out(table: Table, references: References) -> tuple[RelationLine, ...]:
    """Return the relations that a table declares; a proxy's, those of its model as well."""
    declared: Sequence[Relation] = table.relations
    holder = references.tables.get(references.concrete(table.key), table)
    if holder is not table:
        declared = (*holder.relations, *table.relations)
    return tuple(_line(each, each.target, references) for each in declared)


def relations_in(table: Table, references: References) -> tuple[RelationLine, ...]:
    """Return the relations that lead to a table's rows, those to itself left out."""
    found = references.incoming.get(references.concrete(table.key), ())
    return tuple(_line(each, each.owner, references) for each in found if each.owner != table.key)


def _line(relation: Relation, partner: str, references: References) -> RelationLine:
    owner = references.tables.get(relation.owner)
    target = references.tables.get(relation.target)
    reverse = "" if relation.kind is RelationKind.GENERIC else relation.accessor
    return RelationLine(
        relation,
        partner if partner in references.tables else "",
        kind_text(relation),
        cardinality_sentences(relation, owner, target),
        columns_text(relation, owner),
        delete_sentence(relation, owner, target),
        reverse,
    )


def _rule(rule: Constraint) -> Line:
    notes = dict.fromkeys(filter(None, (rule.comment, rule.message)))
    return Line(rule.name, constraint_text(rule), " ".join(notes))


def _index(index: Index) -> Line:
    return Line(index.name, index_text(index), index.comment)


def _partitions(table: Table) -> tuple[str, ...]:
    found = []
    if table.partitioning is not None:
        found.append(partitioning_text(table.partitioning))
    if table.partition is not None:
        found.append(partition_text(table.partition))
    return tuple(found)
