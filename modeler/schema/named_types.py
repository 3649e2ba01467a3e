"""Columns of enum types and domains, told by what they hold.

A column of a domain becomes one of the type at its bottom, its rules become the table's. So
whoever works on the result needs to know nothing of domains. Source: PostgreSQL manual, 8.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint
from modeler.schema.expression import Opaque
from modeler.schema.live_domains import VALUE
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
NAME = r'(?:"(?:[^"]|"")+"|[^".\[\]()]+)'
QUALIFIED = re.compile(rf"(?:({NAME})\.)?({NAME})((?:\[\d*\])*)$")


def with_named_types(schema: Schema) -> Schema:
    """Return the schema with all that its enum types and domains say, said by its tables.

    Columns of enum types have their labels; columns of domains have the type below, NOT NULL,
    and their checks are among the table's, under their own name, with the column's before it
    where another rule of the table has that name. Rules of a domain within an array are there
    too, but cannot be read. Where a schema knows no such types, it is returned as it is; made
    twice, it stays the same.
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


def _by_name(types: tuple[Named, ...]) -> dict[tuple[str, str], Named]:
    """Return the types by (schema, name); without a schema, what the search path finds first."""
    found = {(each.location.schema, each.location.table): each for each in types}
    for each in types:  # a later schema of the search path is not printed either
        found.setdefault(("", each.location.table), each)
    # Printed without a schema, these are the server's own, whatever a project has called so.
    return {key: each for key, each in found.items() if key[0] or key[1] not in OWN}


def _table(table: Table, types: Mapping[tuple[str, str], Named]) -> Table:
    columns, added = [], []
    for column in table.columns:
        known = _column(column, types)
        columns.append(known)
        if known is not column:
            added += [(column.name, rule) for rule in _rules(column, types)]
    if columns == list(table.columns):
        return table
    named = [rule.name for _, rule in added] + [each.name for each in table.constraints]
    constraints = [
        replace(rule, name=f"{column}_{rule.name}") if named.count(rule.name) > 1 else rule
        for column, rule in added
    ]
    return replace(table, columns=tuple(columns), constraints=(*table.constraints, *constraints))


def _column(column: Column, types: Mapping[tuple[str, str], Named]) -> Column:
    element = None if column.element is None else _column(column.element, types)
    if element is not column.element:
        column = replace(column, element=element)
    found, array = _found(column.database_type, types)
    match found:
        case EnumType(values=labels) if not array:
            return column if column.enum == labels else replace(column, enum=labels)
        case DomainType() if array:
            return replace(column, database_type=found.base + array)
        case DomainType():
            inner = Column("", found.element) if found.element else None
            made = replace(
                column,
                database_type=found.base,
                null=column.null and not found.not_null,
                element=column.element or inner,
            )
            return _column(made, types)  # of an enum type, or an array of one
    return column


def _rules(column: Column, types: Mapping[tuple[str, str], Named]) -> Iterator[Constraint]:
    """Yield what the column's domain demands of it."""
    found, array = _found(column.database_type, types)
    if not isinstance(found, DomainType):
        return
    for check in found.checks:
        if array:
            reason = "it is the rule of a domain within an array"
            yield replace(check, columns=(column.name,), expression=Opaque("VALUE", reason))
        else:
            yield renamed(check, {VALUE: column.name})


def _found(database_type: str, types: Mapping[tuple[str, str], Named]) -> tuple[Named | None, str]:
    """Return the type that a column's names, and the brackets of an array."""
    match = QUALIFIED.fullmatch(database_type)
    if match is None:
        return None, ""
    return types.get((_plain(match[1] or ""), _plain(match[2]))), match[3]


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
