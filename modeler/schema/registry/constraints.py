"""Constraints from model fields and ``Meta``."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import CheckConstraint, Deferrable, ForeignKey, UniqueConstraint

from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.django_expressions import read_condition
from modeler.schema.expression import Expression, columns_of
from modeler.schema.index import IndexPart
from modeler.schema.registry.columns import Stored, server_types, stored_fields
from modeler.schema.registry.indexes import expression_parts
from modeler.schema.registry.reading import Model, Reading
from modeler.schema.registry.relations import on_delete_name
from modeler.schema.registry.uniqueness import primary_key_columns
from modeler.schema.sql_expressions import read_sql

DATABASE_ACTIONS = {
    "DB_CASCADE": "cascade",
    "DB_SET_NULL": "set null",
    "DB_SET_DEFAULT": "set default",
}


def constraints_of(
    model: Model, reading: Reading, unread: list[tuple[str, str]]
) -> tuple[Constraint, ...]:
    """Return the constraints of a model's table.

    Names of field constraints are those that Django gives when it makes the column; ``""``
    where the server chooses (primary keys, unique columns and checks inside CREATE TABLE).
    """
    opts = model._meta
    if opts.proxy or opts.swapped:
        return ()
    found = []
    key = primary_key_columns(model)
    if key:
        found.append(Constraint("", ConstraintKind.PRIMARY_KEY, key, source="field"))
    for stored in stored_fields(model, reading):
        found += _field_constraints(stored, model, reading, key)
    editor = reading.editor(model)
    for together in reading.declared(model, "unique_together"):
        columns = tuple(opts.get_field(name).column for name in together)
        name = editor._create_index_name(opts.db_table, list(columns), suffix="_uniq")
        found.append(Constraint(name, ConstraintKind.UNIQUE, columns))
    for constraint in reading.declared(model, "constraints"):
        found.append(_meta_constraint(constraint, model, reading, unread))
    return tuple(found)


def _field_constraints(
    stored: Stored, model: Model, reading: Reading, key: tuple[str, ...]
) -> list[Constraint]:
    found = []
    field = stored.field
    if field.unique and (field.column,) != key:
        found.append(Constraint("", ConstraintKind.UNIQUE, (field.column,), source="field"))
    if stored.check:
        # Django joins the checks of a field and of its base by AND, with the column filled in.
        found.append(
            Constraint(
                "", ConstraintKind.CHECK, (field.column,), expression=_implied(stored.check),
                source="field",
            )
        )  # fmt: skip
    if model._meta.managed and isinstance(field, ForeignKey) and _in_database(field):
        place, home = reading.location(field.related_fields[0][1].model), reading.location(model)
        if place is not None and home is not None and place.alias == home.alias:
            found.append(_foreign_key(field, model, reading))
    return found


@lru_cache(maxsize=256)
def _implied(check: str) -> Expression:
    """Return the tree of a check that a type implies: many columns have the same."""
    return read_sql(check)


def _in_database(field: Any) -> bool:
    return bool(field.db_constraint)


def _foreign_key(field: Any, model: Model, reading: Reading) -> Constraint:
    far = field.related_fields[0][1]
    suffix = f"_fk_{far.model._meta.db_table.split('.')[-1].strip(chr(34))}_{far.column}"
    name = reading.editor(model)._create_index_name(
        model._meta.db_table, [field.column], suffix=suffix
    )
    deferrable = reading.connection(model).features.can_defer_constraint_checks
    return Constraint(
        name,
        ConstraintKind.FOREIGN_KEY,
        (field.column,),
        deferrable="deferred" if deferrable else "",
        target=reading.location(far.model),
        target_columns=(far.column,),
        on_delete=DATABASE_ACTIONS.get(on_delete_name(field.remote_field.on_delete), ""),
        source="field",
    )


def _meta_constraint(
    constraint: Any, model: Model, reading: Reading, unread: list[tuple[str, str]]
) -> Constraint:
    types = server_types(model, reading)
    message = _message(constraint)
    if isinstance(constraint, CheckConstraint):
        # Called ``check`` until Django 5.0; reading it later warns.
        demanded = getattr(constraint, "condition", None)
        if demanded is None:
            demanded = constraint.check
        tree = read_condition(demanded, model, reading.connection(model), types)
        return Constraint(
            constraint.name, ConstraintKind.CHECK, columns_of(tree), expression=tree,
            message=message,
        )  # fmt: skip
    if isinstance(constraint, UniqueConstraint):
        return _unique(constraint, model, reading, types, message)
    if hasattr(constraint, "index_type") and hasattr(constraint, "expressions"):
        return _exclusion(constraint, model, reading, types, message)
    unread.append(
        (constraint.name, f"{type(constraint).__name__} is a constraint of another library")
    )
    return Constraint(constraint.name, ConstraintKind.CHECK, message=message)


def _unique(
    constraint: Any, model: Model, reading: Reading, types: dict[str, str], message: str
) -> Constraint:
    opts = model._meta
    columns = tuple(opts.get_field(name).column for name in constraint.fields)
    parts: tuple[IndexPart, ...] = ()
    expressions = getattr(constraint, "expressions", ())
    classes = tuple(getattr(constraint, "opclasses", ()))
    if expressions:
        parts = expression_parts(expressions, model, reading, types)
        columns = tuple(part.column for part in parts if part.column)
    elif classes:
        parts = tuple(
            IndexPart(column, operator_class=operator_class)
            for column, operator_class in zip(columns, classes, strict=False)
        )
    condition = _condition(constraint.condition, model, reading, types)
    include = tuple(opts.get_field(name).column for name in constraint.include or ())
    return Constraint(
        constraint.name,
        ConstraintKind.UNIQUE,
        columns,
        parts=parts,
        condition=condition,
        index_only=bool(condition is not None or expressions or include or classes),
        include=include,
        deferrable=_deferrable(constraint),
        nulls_distinct=getattr(constraint, "nulls_distinct", None) is not False,
        message=message,
    )


def _exclusion(
    constraint: Any, model: Model, reading: Reading, types: dict[str, str], message: str
) -> Constraint:
    parts = []
    for expression, operator in constraint.expressions:
        (part,) = expression_parts((expression,), model, reading, types)
        parts.append(
            IndexPart(
                part.column, part.expression, part.descending, part.nulls,
                part.operator_class, part.collation, str(operator),
            )
        )  # fmt: skip
    return Constraint(
        constraint.name,
        ConstraintKind.EXCLUSION,
        tuple(part.column for part in parts if part.column),
        parts=tuple(parts),
        condition=_condition(constraint.condition, model, reading, types),
        include=tuple(model._meta.get_field(n).column for n in constraint.include or ()),
        method=constraint.index_type.lower(),
        deferrable=_deferrable(constraint),
        message=message,
    )


def _condition(
    condition: Any, model: Model, reading: Reading, types: dict[str, str]
) -> Expression | None:
    if condition is None:
        return None
    return read_condition(condition, model, reading.connection(model), types)


def _deferrable(constraint: Any) -> str:
    if constraint.deferrable is None:
        return ""
    return "deferred" if constraint.deferrable is Deferrable.DEFERRED else "immediate"


def _message(constraint: Any) -> str:
    """Return the violation message, without the one that Django makes up."""
    message = str(getattr(constraint, "violation_error_message", "") or "")
    standard = str(getattr(type(constraint), "default_violation_error_message", ""))
    return "" if message == standard else message
