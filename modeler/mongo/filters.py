"""From a condition in SQL's logic to a ``partialFilterExpression``.

Source: MongoDB manual, "Partial Indexes": equality, ``$exists: true``, ``$gt $gte $lt $lte``,
``$type``, ``$and``, and from 6.0 ``$or`` and ``$in``. Never ``$ne``, ``$not``, ``$nor``,
``$regex`` or ``$expr``: what would need one of them is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.errors import ModelerError
from modeler.mongo.ejson import decimal, int64, number
from modeler.mongo.field import FieldSpec, HeldBy
from modeler.schema.expression import Cast, ColumnRef, Expression, Literal, Operation

COMPARISONS = {"=": "$eq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class NotCarried(ModelerError):
    """A condition that no partial filter of MongoDB can say; the message is the reason."""


def partial_filter(condition: Expression, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """Compile a condition.

    Args:
        condition: of a partial index.
        fields: by column.

    Raises:
        NotCarried: MongoDB has no partial filter that says it.
    """
    match condition:
        case Operation(operator="and", operands=parts):
            return {"$and": [partial_filter(part, fields) for part in parts]}
        case Operation(operator="or", operands=parts):
            return {"$or": [partial_filter(part, fields) for part in parts]}
        case Operation(operator="not", operands=(inner,)):
            return _negated(inner, fields)
        case Operation(operator="in", operands=(ColumnRef() as column, *choices)):
            field = _field(column, fields)
            return {field.name: {"$in": [literal(choice, field) for choice in choices]}}
        case Operation(operator="is-null", operands=(ColumnRef() as column,)):
            return {_field(column, fields).name: None}
        case Operation(operator=sign, operands=(left, right)) if sign in COMPARISONS:
            return _comparison(sign, _bare(left), _bare(right), fields)
        case ColumnRef() as column:
            return {_field(column, fields).name: True}
    raise NotCarried("the condition has a part that only PostgreSQL can evaluate")


def _bare(expression: Expression) -> Expression:
    """Take off the casts that the server prints around constants and columns."""
    while isinstance(expression, Cast):
        expression = expression.operand
    return expression


def _negated(inner: Expression, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    match inner:
        case Operation(operator="is-null", operands=(ColumnRef() as column,)):
            return not_null(_field(column, fields))
        case ColumnRef() as column:
            return {_field(column, fields).name: False}
        case Operation(operator="=", operands=(ColumnRef() as column, Literal() as value)):
            return _other_choices(_field(column, fields), [value])
        case Operation(operator="in", operands=(ColumnRef() as column, *choices)):
            return _other_choices(_field(column, fields), choices)
    raise NotCarried("MongoDB's partial filters have no negation")


def _other_choices(field: FieldSpec, refused: list[Expression]) -> dict[str, Any]:
    """``NOT x = a`` over a closed set of choices is ``x IN (the others)``; NULL is not in it."""
    allowed = field.keyword("enum")
    if allowed is None:
        raise NotCarried(
            f"MongoDB's partial filters have no negation, and {field.name} no choices"
        )
    gone = [literal(value, field) for value in refused]
    return {field.name: {"$in": [v for v in allowed if v is not None and v not in gone]}}


def _comparison(
    sign: str, left: Expression, right: Expression, fields: Mapping[str, FieldSpec]
) -> dict[str, Any]:
    if isinstance(left, Literal) and isinstance(right, ColumnRef):
        left, right, sign = right, left, MIRRORED[sign]
    if isinstance(left, ColumnRef) and isinstance(right, Literal):
        field = _field(left, fields)
        if sign != "=" and _has_labels(field):
            raise NotCarried(f"{field.name} is ordered by the place of its labels, not as text")
        value = literal(right, field)
        return {field.name: value if sign == "=" else {COMPARISONS[sign]: value}}
    raise NotCarried(
        "it compares columns with each other or with what changes, not with constants"
    )


def _has_labels(field: FieldSpec) -> bool:
    return any(rule.keyword == "enum" and rule.held_by is HeldBy.DATABASE for rule in field.rules)


def _field(column: ColumnRef, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    field = fields.get(column.column)
    if field is None or not field.stored:
        raise NotCarried(f"the document does not hold the column {column.column}")
    if column.path:
        raise NotCarried(f"it looks inside the JSON of {column.column}")
    return field


def not_null(field: FieldSpec) -> dict[str, Any]:
    """Return a filter that a field's value other than null passes.

    Ranges instead of ``$type`` wherever there is one: the planner does not use an index with a
    ``$type`` filter for equality queries.
    """
    whole: dict[str, dict[str, Any]] = {
        "string": {"$gte": ""},
        "int": {"$gte": number(-(2**31)), "$lte": number(2**31 - 1)},
        "long": {"$gte": int64(-(2**63)), "$lte": int64(2**63 - 1)},
        "decimal": {"$gte": decimal("-9E+6111"), "$lte": decimal("9E+6111")},
        # From year 1 on, the first that Python (and so Django) can write; drivers read it back.
        "date": {"$gte": {"$date": {"$numberLong": "-62135596800000"}}},
        "bool": {"$in": [True, False]},
    }
    kind = field.types[0] if field.types else ""
    if kind in whole:
        return {field.name: whole[kind]}
    if kind == "double":
        # NaN is in no range of numbers; in PostgreSQL it is a value like others.
        every = ({"$gte": {"$numberDouble": "-Infinity"}}, {"$numberDouble": "NaN"})
        return {"$or": [{field.name: one} for one in every]}
    if not kind:
        raise NotCarried(f"{field.name} may hold any type, so no filter says that it is not null")
    return {field.name: {"$type": kind}}


def literal(value: Expression, field: FieldSpec) -> Any:
    """Return a constant as the field stores it, in Extended JSON.

    Raises:
        NotCarried: it is no constant, or not one of the field's type.
    """
    value = _bare(value)
    if not isinstance(value, Literal):
        raise NotCarried("it compares with something that is no constant")
    if value.type == "null":
        return None
    kind = field.types[0] if field.types else ""
    try:
        match kind:
            case "string":
                return value.value
            case "int":
                return number(int(value.value))
            case "long":
                return int64(int(value.value))
            case "decimal":
                return decimal(value.value)
            case "double":
                return {"$numberDouble": repr(float(value.value))}
            case "bool":
                return value.value == "true"
            case "binData" if value.type in {"uuid", "text"}:
                return {"$uuid": value.value}
            case "date" if value.type in {"date", "datetime"}:
                text = value.value.replace(" ", "T")
                return {"$date": text if "T" in text else f"{text}T00:00:00Z"}
    except ValueError as error:
        raise NotCarried(
            f"the constant {value.value!r} is not of the type of {field.name}"
        ) from error
    raise NotCarried(f"the constant {value.value!r} has no form in the type of {field.name}")
