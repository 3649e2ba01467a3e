"""Columns of enum types and domains, told by what they hold.

A column of a domain becomes one of the type at its bottom, its rules become the table's. So
whoever works on the result needs to know nothing of domains. Source: PostgreSQL manual, 8.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import VALUE, ColumnRef, Every, Expression, Literal, Operation
from modeler.schema.renaming import renamed
from modeler.schema.schema import DomainType, EnumType, Schema
from modeler.schema.table import Table

OWN = frozenset(
    "bigint bit boolean box bytea character cidr circle citext date daterange float hstore inet "
    "int4range int8range integer interval json jsonb line lseg macaddr macaddr8 money name "
    "numeric numrange oid path point polygon real smallint text time timestamp tsquery tsrange "
    "tstzrange tsvector uuid xml".split()
)
# How names of the server's own begin that have blanks; a project's would be in quotes.
SEVERAL_WORDS = frozenset(("bit", "character", "double", "time", "timestamp"))
Named = EnumType | DomainType
Types = Mapping[tuple[str, str], Named]
THE_VALUE = ColumnRef(VALUE)
NAME = r'(?:"(?:[^"]|"")+"|[^".\[\]()]+)'
QUALIFIED = re.compile(rf"(?:({NAME})\.)?({NAME})((?:\[\d*\])*)$")


def with_named_types(schema: Schema) -> Schema:
    """Return the schema with all that its enum types and domains say, said by its tables.

    Columns of enum types have their labels; columns of domains have the type below, NOT NULL,
    and their checks are among the table's, under their own name, with the column's before it
    where another rule of the table has that name. What an array's elements are, labels and NOT
    NULL too, is said by checks of every element. Where a schema knows no such types, it is
    returned as it is; made twice, it stays the same.
    """
    types = _by_name((*schema.enums, *schema.domains))
    if not types:
        return schema
    return replace(schema, tables=tuple(_table(table, types) for table in schema.tables))


def is_named_type(database_type: str) -> bool:
    """Tell whether a type may be one that a project made, or an array of one.

    Args:
        database_type: as the server prints it.
    """
    if database_type.split(" ")[0] in SEVERAL_WORDS:
        return False
    match = QUALIFIED.fullmatch(database_type)
    return match is not None and (bool(match[1]) or match[2] not in OWN)


def _by_name(types: tuple[Named, ...]) -> Types:
    """Return the types by (schema, name); without a schema, what the search path finds first."""
    found = {(each.location.schema, each.location.table): each for each in types}
    for each in types:  # a later schema of the search path is not printed either
        found.setdefault(("", each.location.table), each)
    # Printed without a schema, these are the server's own, whatever a project has called so.
    return {key: each for key, each in found.items() if key[0] or key[1] not in OWN}


def _table(table: Table, types: Types) -> Table:
    columns, added = [], []
    for column in table.columns:
        known = _column(column, types)
        columns.append(known)
        if known is not column:
            added += [
                (column.name, renamed(rule, {VALUE: column.name}))
                for rule in _rules(column.database_type, types)
            ]
    if columns == list(table.columns):
        return table
    named = [rule.name for _, rule in added] + [each.name for each in table.constraints]
    constraints = [
        replace(rule, name=f"{column}_{rule.name}") if named.count(rule.name) > 1 else rule
        for column, rule in added
    ]
    return replace(table, columns=tuple(columns), constraints=(*table.constraints, *constraints))


def _column(column: Column, types: Types) -> Column:
    element = None if column.element is None else _column(column.element, types)
    if element is not column.element:
        column = replace(column, element=element)
    found, array = _found(column.database_type, types)
    match found:
        case EnumType(values=labels) if not array:
            return column if column.enum == labels else replace(column, enum=labels)
        case DomainType() if array:
            inner = _column(Column("", column.database_type.removesuffix(array), null=True), types)
            if inner.database_type.endswith("]"):
                return replace(column, element=None)  # no driver reads arrays of arrays apart
            return replace(
                column,
                database_type=inner.database_type + array,
                elements_not_null=not inner.null,
            )
        case DomainType():
            made = replace(
                column,
                database_type=found.base,
                null=column.null and not found.not_null,
                collation=column.collation or found.collation,
                element=column.element or (Column("", found.element) if found.element else None),
            )
            return _column(made, _without(found, types))
    return column


def _rules(kind: str, types: Types, *, element: bool = False) -> Iterator[Constraint]:
    """Yield what a type demands of a value, the lowest domain first.

    Args:
        kind: the type as the server prints it.
        types: see ``_by_name``.
        element: of values within an array, of which no column says what they are.
    """
    found, array = _found(kind, types)
    if found is not None and array:
        for rule in _rules(kind.removesuffix(array), types, element=True):
            assert rule.expression is not None
            yield replace(rule, expression=Every(THE_VALUE, rule.expression))
        return
    match found:
        case EnumType(values=labels) if element:
            choices = (Literal("text", label) for label in labels)
            yield _check(found.location.table, Operation("in", (THE_VALUE, *choices)))
        case DomainType():
            yield from _rules(found.base, _without(found, types), element=element)
            if element and found.not_null:
                is_null = Operation("is-null", (THE_VALUE,))
                yield _check(f"{found.location.table}_not_null", Operation("not", (is_null,)))
            yield from found.checks


def _check(name: str, expression: Expression) -> Constraint:
    return Constraint(
        name, ConstraintKind.CHECK, (VALUE,), expression=expression, source="database"
    )


def _without(found: Named, types: Types) -> Types:
    """Return the types but one: a domain is not below itself, whatever names are printed."""
    return {key: each for key, each in types.items() if each is not found}


def _found(database_type: str, types: Types) -> tuple[Named | None, str]:
    """Return the type that a column's names, and the brackets of an array."""
    match = QUALIFIED.fullmatch(database_type)
    if match is None:
        return None, ""
    return types.get((_plain(match[1] or ""), _plain(match[2]))), match[3]


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
