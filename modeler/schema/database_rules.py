"""What only a database knows of models: rules of unmanaged ones, enum types and domains.

Django makes nothing of an unmanaged model, and a field of one is somebody's word, or a guess of
``inspectdb``. So wherever its table can be read, the table is right. Sources: Django's model
``Meta`` reference (``managed``); its guide to legacy databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TypeVar

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Expression, Opaque, columns_of
from modeler.schema.index import Index, IndexPart
from modeler.schema.named_types import is_named_type
from modeler.schema.reached import reached, relocated
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import DomainType, EnumType, Schema
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table, TableKind

KEYS = frozenset({ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUSION})
Rule = TypeVar("Rule", Constraint, Index)
Type = TypeVar("Type", EnumType, DomainType)


def aliases_to_ask(models: Schema) -> frozenset[str]:
    """Return the databases that know more of these models than the code does."""
    return frozenset(
        place.alias
        for table in models.tables
        if (place := table.location) is not None
        and (is_unmanaged(table) or any(map(_of_a_named_type, table.columns)))
    )


def is_unmanaged(table: Table) -> bool:
    """Tell whether a table is a model's that migrations neither make nor change."""
    return bool(table.app) and not table.managed and table.kind is not TableKind.PROXY


def with_database_rules(models: Schema, live: Schema) -> Schema:
    """Return models with what a live database adds to them.

    Tables of unmanaged models have the key, types, nullability, collations, constraints, indexes
    and foreign keys of the table that lies at their place; names, labels, choices and validators
    stay the model's. A column that only one of the two has is left out; rules over one that the
    model does not have stay, and cannot be read. All models have the enum types and domains.

    Args:
        models: of the registry.
        live: of one database, read under the alias that the models have it under.
    """
    models = relocated(models, reached(models, live))
    there = {table.location: table for table in live.tables}
    unread: list[tuple[str, str]] = []
    tables = []
    for table in models.tables:
        found = there.get(table.location) if is_unmanaged(table) else None
        if found is not None:
            missing = {each.name for each in table.columns} - {each.name for each in found.columns}
            reason = f"left out: {found.location} has no such column"
            unread += [(f"{table.key}.{name}", reason) for name in sorted(missing)]
            table = _informed(table, found, missing)
        tables.append(table)
    return replace(
        models,
        tables=tuple(tables),
        enums=_by_place((*models.enums, *live.enums)),
        domains=_by_place((*models.domains, *live.domains)),
        unread=(*models.unread, *unread),
    )


def _of_a_named_type(column: Column) -> bool:
    return is_named_type(column.database_type) or (
        column.element is not None and _of_a_named_type(column.element)
    )


def _by_place(types: Iterable[Type]) -> tuple[Type, ...]:
    return tuple(sorted(dict.fromkeys(types), key=lambda each: each.location))


def _informed(table: Table, found: Table, missing: Set[str]) -> Table:
    kept = [column for column in table.columns if column.name not in missing]
    known = {column.name for column in kept}
    key = found.primary_key or table.primary_key
    return replace(
        table,
        informed=True,
        primary_key=key if known.issuperset(key) else (),
        columns=tuple(_column(column, found.column(column.name)) for column in kept),
        relations=tuple(
            _relation(one, found.relations)
            for one in table.relations
            if known.issuperset(one.columns)
        ),
        constraints=tuple(_constraint(one, known) for one in found.constraints),
        indexes=tuple(_read(one, one.parts, known) for one in found.indexes),
        partitioning=found.partitioning,
        partition=found.partition,
        inherited=found.inherited,
        unwatched=found.unwatched,
        unread=(*table.unread, *found.unread),
    )


def _column(column: Column, found: Column) -> Column:
    """Return what the table says of a column, and what only Django can."""
    return replace(
        found,
        field=column.field,
        field_class=column.field_class,
        label=column.label,
        blank=column.blank,
        editable=column.editable,
        default=column.default,
        choices=column.choices,
        validators=column.validators,
        help_text=column.help_text,
        sensitive=column.sensitive or found.sensitive,
    )


def _relation(relation: Relation, found: Iterable[Relation]) -> Relation:
    """Return what a relation's foreign key says of it; without one nothing holds it."""
    for key in found:
        if (set(key.columns), key.target_location) == (
            set(relation.columns),
            relation.target_location,
        ):
            silent = relation.on_delete == "DO_NOTHING"
            plain = relation.kind in {RelationKind.FOREIGN_KEY, RelationKind.ONE_TO_ONE}
            return replace(
                relation,
                # Of a key of several columns, Django before 5.2 knows the first alone.
                kind=key.kind if plain else relation.kind,
                enforced=key.enforced,
                # What Django does for its own deletes, it goes on doing.
                on_delete=key.on_delete if silent else relation.on_delete,
                at_owner=key.at_owner,
                at_target=key.at_target,
            )
    return relation if not relation.columns else replace(relation, enforced=False)


def _constraint(constraint: Constraint, known: Set[str]) -> Constraint:
    parts = constraint.parts
    if constraint.kind in KEYS and not known >= set(constraint.columns):
        parts = parts or tuple(IndexPart(name) for name in constraint.columns)
    return replace(
        _read(constraint, parts, known),
        columns=tuple(name for name in constraint.columns if name in known),
        expression=_expression(constraint.expression, known),
    )


def _read(rule: Rule, parts: Iterable[IndexPart], known: Set[str]) -> Rule:
    """Return a rule whose key and condition say nothing of columns that are not known."""
    return replace(
        rule,
        parts=tuple(_part(part, known) for part in parts),
        condition=_expression(rule.condition, known),
        include=tuple(name for name in rule.include if name in known),
    )


def _part(part: IndexPart, known: Set[str]) -> IndexPart:
    if part.column and part.column not in known:
        return replace(part, column="", expression=_expression(ColumnRef(part.column), known))
    return replace(part, expression=_expression(part.expression, known))


def _expression(expression: Expression | None, known: Set[str]) -> Expression | None:
    unknown = [name for name in columns_of(expression) if name not in known]
    if expression is None or not unknown:
        return expression
    return Opaque(sql_text(expression), f"its model leaves the column {unknown[0]} out")
