"""A schema as a database can hold it, so that models and a live server compare.

What only Django knows (labels, choices, validators, defaults of Python) and what no model says
(triggers, partitions, storage) is left out, models on one table become one, and names that nobody
declared give way to what they stand for.
"""

from __future__ import annotations

import re
from dataclasses import replace

from modeler.schema.column import Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import (
    Case,
    Cast,
    Expression,
    Function,
    Literal,
    Operation,
    When,
)
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

NUMBERS = frozenset({"integer", "decimal", "float"})
LONGEST_NAME = 63  # bytes; PostgreSQL cuts what is longer (NAMEDATALEN)
MADE_UP = re.compile(r"_[0-9a-f]{8}(?:_like|_uniq)?$")


def table_of_location(schema: Schema) -> dict[Location, Table]:
    """Return, of the models on each table, the one that declares it; ordered by location."""
    found: dict[Location, Table] = {}
    for table in schema.tables:
        if table.location is None or table.kind in {TableKind.SWAPPED, TableKind.PROXY}:
            continue
        for location in (table.location, *table.also_at):
            known = found.get(location)
            # Of several models on one table the managed one declares it.
            if known is None or (table.managed and not known.managed):
                found[location] = table
    return dict(sorted(found.items()))


def database_view(schema: Schema) -> Schema:
    """Return the tables that a database would have, one a location, ordered by it."""
    found = table_of_location(schema)
    return replace(
        schema, tables=tuple(_table(table, location) for location, table in found.items())
    )


def _table(table: Table, location: Location) -> Table:
    constraints = tuple(
        _constraint(constraint)
        for constraint in table.constraints
        # Every column says whether it takes NULL; the constraint of that name is new in 18.
        if constraint.kind is not ConstraintKind.NOT_NULL and not constraint.index_only
    )
    indexes = [_index(index) for index in table.indexes if index.source != "constraint"]
    indexes += [_unique_index(c) for c in table.constraints if c.index_only]
    return Table(
        key=str(location),
        location=location,
        kind=TableKind.TABLE,
        name=location.table,
        primary_key=table.primary_key,
        columns=tuple(sorted((_column(c) for c in table.columns), key=lambda c: c.name)),
        indexes=tuple(sorted(indexes, key=lambda index: index.name)),
        constraints=tuple(sorted(constraints, key=lambda c: (c.kind, c.name, c.columns))),
        comment=table.comment,
    )


def _column(column: Column) -> Column:
    default = plain(column.database_default)
    if column.identity == "serial":
        # The server says the default of a serial column, a model does not.
        default = None
    generated = column.generated
    return Column(
        name=column.name,
        database_type=column.database_type,
        null=column.null,
        collation=column.collation,
        identity=column.identity,
        database_default=default,
        generated=None
        if generated is None
        else Generated(plain(generated.expression) or generated.expression, generated.stored),
        comment=column.comment,
    )


def _index(index: Index) -> Index:
    declared = index.source in {"meta", "database"}
    name = cut_name(index.name) if declared and index.name else ""
    parts = tuple(_part(part) for part in index.parts)
    if index.source != "meta" and _made_up(name):
        name = ""
    return replace(
        index, name=name, parts=parts, condition=plain(index.condition), source="", comment=""
    )


def _unique_index(constraint: Constraint) -> Index:
    parts = constraint.parts or tuple(IndexPart(column) for column in constraint.columns)
    return Index(
        name=cut_name(constraint.name),
        parts=tuple(_part(part) for part in parts),
        unique=True,
        nulls_distinct=constraint.nulls_distinct,
        condition=plain(constraint.condition),
        include=constraint.include,
        source="",
    )


def cut_name(name: str) -> str:
    """Return a name as PostgreSQL stores it: cut, but never inside a character."""
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")


def _made_up(name: str) -> bool:
    """Tell whether Django made a name up: ``…_owner_id_ff7c9277``, ``…_like``, ``…_uniq``."""
    return MADE_UP.search(name) is not None


def _constraint(constraint: Constraint) -> Constraint:
    # Keys and unique columns get their names from the server, foreign keys from Django; checks
    # of a field from the server. Declared names are compared.
    nameless = constraint.kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.FOREIGN_KEY}
    nameless |= constraint.source == "field" or _server_named(constraint)
    return Constraint(
        name="" if nameless else cut_name(constraint.name),
        kind=constraint.kind,
        columns=constraint.columns,
        parts=tuple(_part(part) for part in constraint.parts)
        if constraint.kind is ConstraintKind.EXCLUSION
        else (),
        expression=plain(constraint.expression),
        condition=plain(constraint.condition),
        include=constraint.include,
        method=constraint.method,
        deferrable=constraint.deferrable,
        nulls_distinct=constraint.nulls_distinct,
        valid=constraint.valid,
        enforced=constraint.enforced,
        target=constraint.target,
        target_columns=constraint.target_columns,
        on_delete=constraint.on_delete,
        on_update=constraint.on_update,
        source="",
    )


def _server_named(constraint: Constraint) -> bool:
    """Tell whether nobody declared the name: ``table_column_key`` of PostgreSQL, or Django's."""
    if len(constraint.columns) != 1:
        return False
    if constraint.kind is ConstraintKind.UNIQUE and _made_up(constraint.name):
        return True
    ending = {ConstraintKind.UNIQUE: "_key", ConstraintKind.CHECK: "_check"}.get(constraint.kind)
    if constraint.source != "database" or ending is None:
        return False
    return constraint.name.rstrip("0123456789").endswith(ending)


def _part(part: IndexPart) -> IndexPart:
    return replace(part, expression=plain(part.expression))


def plain(expression: Expression | None) -> Expression | None:
    """Return an expression without the casts that a server adds and with numbers in one form.

    Two expressions that differ only there are the same to whoever compares a model with a
    database; drift between two databases is not judged here.
    """
    match expression:
        case None:
            return None
        case Cast(operand=operand):
            return plain(operand)
        case Literal(type=kind, value=value) if kind in NUMBERS:
            whole = value.rstrip("0").rstrip(".") if "." in value else value
            return Literal("decimal", whole or "0")
        case Operation(operator=operator, operands=operands):
            return Operation(operator, _all(operands))
        case Function(name=name, arguments=arguments):
            return Function(name, _all(arguments))
        case Case(arms=arms, default=default):
            return Case(
                tuple(
                    When(plain(arm.condition) or arm.condition, plain(arm.result) or arm.result)
                    for arm in arms
                ),
                plain(default),
            )
    return expression


def _all(expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
    return tuple(plain(part) or part for part in expressions)
