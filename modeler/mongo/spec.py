"""The specification of a collection: fields, embedded parts, validator and indexes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modeler.mongo.aggregate import Aggregate, ShapeError
from modeler.mongo.checks.check import CheckSpec, compile_checks
from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.computed import ComputedSpec, computed_specs
from modeler.mongo.field import FieldSpec
from modeler.mongo.findings import (
    check_findings,
    failing_findings,
    later_index_findings,
    lost_index_findings,
    partition_findings,
    rewritten_index_findings,
    unwatched_findings,
)
from modeler.mongo.formulas.rewriting import BY_SERVICE, Rewriting
from modeler.mongo.held_keys import key_is_held
from modeler.mongo.index_spec import IndexSpec, named_index
from modeler.mongo.indexes import index_plan
from modeler.mongo.names import allowed, collection_names
from modeler.mongo.parts.spec import PartSpec, embedded_tables
from modeler.mongo.server_features import OLDEST, Version
from modeler.mongo.table_fields import column_findings, root_fields, unmanaged_findings
from modeler.reporting.finding import Finding, Level, in_order
from modeler.schema.location import Location
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

# A swapped model has no table, and a proxy's rows are its concrete model's.
WITHOUT_ROWS = frozenset({TableKind.SWAPPED, TableKind.PROXY})


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """A collection.

    Attributes:
        name: of the collection: the table's, with its schema or its database before it where
            another table of that name is specified too.
        table: key of the root table.
        key: fields of ``_id``: one, several for a composite key (a document in that order), or
            none where the table has no primary key and the server makes an ObjectId.
        fields: in the order of the columns, those of formulas after them.
        indexes: beside the one on ``_id``.
        findings: what is not carried, or differs.
        checks: constraints that the validator carries: of the root, then of the parts.
        parts: what is embedded in each document.
        computed: figures kept with it.
        aggregate: the shape it was made from.
    """

    name: str
    table: str
    key: tuple[FieldSpec, ...]
    fields: tuple[FieldSpec, ...]
    indexes: tuple[IndexSpec, ...]
    findings: tuple[Finding, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    parts: tuple[PartSpec, ...] = ()
    computed: tuple[ComputedSpec, ...] = ()
    aggregate: Aggregate | None = None

    @property
    def is_followed(self) -> bool:
        """Documents are kept in step with rows: those of a key, unless a service writes them."""
        return bool(self.key) and (self.aggregate is None or self.aggregate.follow)


def collection_specs(
    schema: Schema, tables: Iterable[Table] | None = None, *, server: Version = OLDEST
) -> tuple[CollectionSpec, ...]:
    """Return a specification for every place where rows lie, by name: one collection a table.

    A partition has none unless it is asked for: its rows are those of the table above it.

    Args:
        schema: the whole, so that foreign keys find what they refer to.
        tables: those asked for; all of the schema if not given.
        server: version of the oldest MongoDB that shall hold them.
    """
    wanted = None if tables is None else {table.key for table in tables}
    schema = with_named_types(schema)
    chosen: dict[Location, Table] = {}
    partitions = schema.partitions()
    for table in schema.tables:
        if table.key in partitions if wanted is None else table.key not in wanted:
            continue
        if table.location is not None and table.kind not in WITHOUT_ROWS:
            # Of several models on one table, the first by key stands for it.
            chosen.setdefault(table.location, table)
    names = _names(schema, chosen)
    specs = (
        _spec(schema, table, names[place], Aggregate(table.key), server)
        for place, table in chosen.items()
    )
    return tuple(sorted(specs, key=lambda spec: spec.name))


def aggregate_specs(
    schema: Schema, aggregates: Iterable[Aggregate], *, server: Version = OLDEST
) -> tuple[CollectionSpec, ...]:
    """Return a specification for every aggregate, by name.

    Args:
        schema: the whole.
        aggregates: shapes; two must not have the same name.
        server: version of the oldest MongoDB that shall hold them.

    Raises:
        UnknownName: a table is not there.
        ShapeError: a shape does not fit the schema, or a name is given twice.
    """
    schema = with_named_types(schema)
    made: dict[str, CollectionSpec] = {}
    names = _names(schema, ())
    for aggregate in aggregates:
        table = schema.table(aggregate.table)
        if table.location is None or table.kind in WITHOUT_ROWS:
            raise ShapeError(f"{table.key} has no rows of its own; name its concrete model.")
        name = allowed(aggregate.collection) if aggregate.collection else names[table.location]
        if name in made:
            raise ShapeError(
                f"Two collections are called {name}: of {made[name].table} and of {table.key}. "
                "Name one of them otherwise."
            )
        made[name] = _spec(schema, table, name, aggregate, server)
    return tuple(made[name] for name in sorted(made))


def _names(schema: Schema, chosen: Iterable[Location]) -> dict[Location, str]:
    # Asked for alone, a table is called what it is called among all.
    others = (table.location for table in schema.tables if table.kind not in WITHOUT_ROWS)
    return collection_names([*chosen, *(place for place in others if place is not None)])


def _spec(
    schema: Schema, table: Table, name: str, aggregate: Aggregate, server: Version
) -> CollectionSpec:
    wanted = {*aggregate.columns, *table.primary_key}
    known = {column.name for column in table.columns}
    if wanted - known:
        raise ShapeError(
            f"{table.key} has no column {sorted(wanted - known)[0]!r}. "
            f"It has {', '.join(sorted(known))}."
        )
    columns = [
        column for column in table.columns if not aggregate.columns or column.name in wanted
    ]
    fields = root_fields(schema, table, columns)
    findings: list[Finding] = []
    for column, field in zip(columns, fields, strict=True):
        findings += column_findings(table, column, field)
    by_column = {field.column: field for field in fields}
    refused = "" if aggregate.follow else BY_SERVICE
    embedded = embedded_tables(schema, table, aggregate.parts, refused=refused)
    computed = computed_specs(schema, table, aggregate)
    declared = [
        named_index(index.keys, dict(index.options), index.reason or "declared for the collection")
        for index in aggregate.indexes
    ]
    taken = [*(part.field for part in aggregate.parts), *(one.field.name for one in computed)]
    rewriting = Rewriting(table, by_column, taken, refused=refused)
    others = [*embedded.indexes, *declared]
    plan = index_plan(table, by_column, others, rewriting=rewriting, server=server)
    findings += lost_index_findings(table, plan.uncarried)
    findings += rewritten_index_findings(table, plan.rewritten)
    findings += later_index_findings(table, plan.later)
    document = DocumentFields(by_column, {column.name: column for column in table.columns})
    checks, lost_checks = compile_checks(table.constraints, document)
    findings += [*_table_findings(table), *partition_findings(schema, table)]
    findings += [*check_findings(table, checks, lost_checks), *failing_findings(table)]
    findings += embedded.findings
    key = tuple(by_column[name] for name in table.primary_key if name in by_column)
    return CollectionSpec(
        name=name,
        table=table.key,
        key=key,
        fields=(*(field for field in fields if field not in key), *plan.fields),
        indexes=plan.indexes,
        findings=in_order(findings),
        checks=checks,
        parts=embedded.parts,
        computed=computed,
        aggregate=aggregate,
    )


def _table_findings(table: Table) -> list[Finding]:
    found = [*unmanaged_findings(table), *unwatched_findings(table)]
    if not table.primary_key:
        found.append(
            Finding(
                "MS103", Level.WARNING, table.key,
                f"{table.key} has no primary key, so its documents get a random _id.",
                "Add a primary key: without one, no document can be found again for its row.",
                docs="collections",
            )
        )  # fmt: skip
    if table.informed and not key_is_held(table):
        found.append(
            Finding(
                "MS105", Level.WARNING, table.key,
                f"Nothing in {table.location} holds the key of {table.key} "
                f"({', '.join(table.primary_key)}): rows that share it would be one document.",
                "Give the table a primary key, or see what --preflight counts.",
                docs="collections",
            )
        )  # fmt: skip
    return found
