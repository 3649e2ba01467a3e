"""What a change of a column's type does to values: which of them no longer fit."""

from __future__ import annotations

from modeler.previews.effects.type_text import TypeText, read_type_text
from modeler.previews.hazards.operations import FieldFacts
from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.actions import AlterType

INTEGERS = {"int2": 1, "int4": 2, "int8": 3}
INTEGER_FIELDS = {
    "SmallIntegerField": 1, "PositiveSmallIntegerField": 1, "SmallAutoField": 1,
    "IntegerField": 2, "PositiveIntegerField": 2, "AutoField": 2,
    "BigIntegerField": 3, "PositiveBigIntegerField": 3, "BigAutoField": 3, "DurationField": 3,
}  # fmt: skip
STRINGS = frozenset({"varchar", "bpchar"})
MANY_DIGITS = frozenset({"DecimalField", "FloatField"})


def field_before(
    migration: Planned, sent: Sent, relation: str, action: AlterType
) -> FieldFacts | None:
    """Return the field whose column changes: of the operation, else of running code."""
    operation = migration.operation(sent.statement.operation)
    if operation is not None and operation.old and operation.old.column == action.column:
        return operation.old
    return migration.known_column(relation, action.column)


def what_does_not_fit(old: FieldFacts, text: str) -> str:
    """Return which values of a field a type cannot hold, ``""`` where it holds all.

    Args:
        old: the field as it was.
        text: the new type as it is written.

    Returns:
        Such as ``values longer than 20 characters``.
    """
    kind = read_type_text(text)
    if kind is None or kind.array:
        return ""
    if kind.name in INTEGERS:
        return _integers(old, kind)
    if kind.name in STRINGS:
        return _strings(old, kind)
    if kind.name == "numeric" and kind.modifiers and old.max_digits is not None:
        return _digits(old, kind)
    if kind.name == "date" and old.kind == "DateTimeField":
        return "the time of the day"
    return ""


def _integers(old: FieldFacts, new: TypeText) -> str:
    if old.kind in MANY_DIGITS:
        return "digits behind the point" if old.decimal_places != 0 else ""
    before = INTEGER_FIELDS.get(old.kind)
    if before is None or before <= INTEGERS[new.name]:
        return ""
    return "numbers beyond " + {"int2": "32,767", "int4": "2,147,483,647"}[new.name]


def _strings(old: FieldFacts, new: TypeText) -> str:
    if not new.modifiers or not isinstance(new.modifiers[0], int):
        return ""
    most = new.modifiers[0]
    is_text = old.kind == "TextField" or (old.kind == "CharField" and old.max_length is None)
    if is_text or (old.max_length is not None and old.max_length > most):
        return f"values longer than {most} characters"
    return ""


def _digits(old: FieldFacts, new: TypeText) -> str:
    digits, scale = (part for part in new.modifiers if isinstance(part, int))
    old_digits, old_scale = old.max_digits or 0, old.decimal_places or 0
    if digits - scale < old_digits - old_scale:
        return f"numbers with more than {_counted(digits - scale)} before the point"
    return f"more than {_counted(scale)} behind the point" if scale < old_scale else ""


def _counted(digits: int) -> str:
    return "1 digit" if digits == 1 else f"{digits} digits"
