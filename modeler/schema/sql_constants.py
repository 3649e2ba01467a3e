"""Constants in SQL: casts that only say a constant's type, arrays, signs."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from modeler.schema.expression import Cast, Expression, Function, Literal

WHOLE = re.compile(r"[+-]?\d+")
ZONE_SHORT = re.compile(r"([+-]\d\d)$")


def _integer(text: str) -> Literal | None:
    return Literal("integer", str(int(text))) if WHOLE.fullmatch(text.strip()) else None


def _decimal(text: str) -> Literal | None:
    return Literal("decimal", f"{Decimal(text.strip()):f}")


def _float(text: str) -> Literal | None:
    return Literal("float", repr(float(text)))


def _boolean(text: str) -> Literal | None:
    words = {"t": "true", "true": "true", "f": "false", "false": "false"}
    return Literal("boolean", words[text.strip().lower()])


def _date(text: str) -> Literal | None:
    return Literal("date", date.fromisoformat(text).isoformat())


def _datetime(text: str) -> Literal | None:
    # PostgreSQL prints the zone as +00, ISO 8601 wants minutes.
    moment = datetime.fromisoformat(ZONE_SHORT.sub(r"\1:00", text.strip()))
    return Literal("datetime", moment.isoformat())


def _zoned(text: str) -> Literal | None:
    literal = _datetime(text)
    # Without a zone the text means another moment in every session.
    return literal if literal and datetime.fromisoformat(literal.value).tzinfo else None


def _plain(text: str) -> Literal | None:
    literal = _datetime(text)
    return literal if literal and not datetime.fromisoformat(literal.value).tzinfo else None


def _time(text: str) -> Literal | None:
    return Literal("time", time.fromisoformat(text).isoformat())


def _uuid(text: str) -> Literal | None:
    return Literal("uuid", str(uuid.UUID(text)))


def _bytes(text: str) -> Literal | None:
    if not text.startswith("\\x"):
        return None
    return Literal("bytes", bytes.fromhex(text[2:]).hex())


def _json(text: str) -> Literal | None:
    # Numbers of JSON may be longer than floats hold; such text stays a cast.
    value = json.loads(text, parse_float=_same_float)
    return Literal("json", json.dumps(value, sort_keys=True, ensure_ascii=False))


def _same_float(text: str) -> float:
    value = float(text)
    if Decimal(repr(value)) != Decimal(text):
        raise ValueError(f"{text} is no float")
    return value


def _text(text: str) -> Literal | None:
    return Literal("text", text)


# What a quoted constant of a type is. Types with a size may cut the value: they stay casts.
OF_TEXT: dict[str, Callable[[str], Literal | None]] = {
    "text": _text,
    "character varying": _text,
    "smallint": _integer,
    "integer": _integer,
    "bigint": _integer,
    "numeric": _decimal,
    "real": _float,
    "double precision": _float,
    "boolean": _boolean,
    "date": _date,
    "timestamp with time zone": _zoned,
    "timestamp without time zone": _plain,
    "time without time zone": _time,
    "uuid": _uuid,
    "bytea": _bytes,
    "jsonb": _json,
}
# A cast from the first to one of the second keeps the value.
SAME_VALUE = {
    "integer": {"smallint": "integer", "integer": "integer", "bigint": "integer",
                "numeric": "decimal", "double precision": "float", "real": "float"},
    "decimal": {"numeric": "decimal", "double precision": "float"},
    "float": {"double precision": "float"},
    "boolean": {"boolean": "boolean"},
    "date": {"date": "date"},
    "datetime": {"timestamp with time zone": "datetime"},
    "time": {"time without time zone": "time"},
    "interval": {"interval": "interval"},
    "uuid": {"uuid": "uuid"},
    "bytes": {"bytea": "bytes"},
    "json": {"jsonb": "json"},
}  # fmt: skip


def cast_of(operand: Expression, to: str) -> Expression:
    """Return ``operand::to``; a typed literal where the cast only says the constant's type."""
    if isinstance(operand, Literal):
        return _constant(operand, to) or Cast(operand, to)
    if isinstance(operand, Function) and operand.name == "array" and to.endswith("[]"):
        # The server casts the array and its elements: one of both says all.
        members = tuple(cast_of(member, to.removesuffix("[]")) for member in operand.arguments)
        if all(isinstance(member, Literal) for member in members):
            return Function("array", members)
        return Cast(operand, to)
    if isinstance(operand, Cast) and operand.type == to:
        return operand
    return Cast(operand, to)


def _constant(literal: Literal, to: str) -> Literal | None:
    if literal.type == "null":
        return None
    if literal.type == "text":
        reader = OF_TEXT.get(to)
        if reader is None:
            return None
        try:
            return reader(literal.value)
        except (ValueError, KeyError, InvalidOperation):
            return None
    kept = SAME_VALUE.get(literal.type, {}).get(to)
    if kept is None:
        return None
    if kept == "float":
        return _float(literal.value)
    if literal.type == "datetime" and datetime.fromisoformat(literal.value).tzinfo is None:
        return None
    return Literal(kept, literal.value)


def negative(operand: Expression) -> Literal | None:
    """Return a number with its sign turned, None for anything else."""
    if isinstance(operand, Literal) and operand.type in {"integer", "decimal", "float"}:
        value = operand.value
        return Literal(operand.type, value[1:] if value.startswith("-") else f"-{value}")
    return None


def array_elements(choices: Expression) -> tuple[Expression, ...] | None:
    """Return the members of ``ARRAY[…]`` or of ``'{…}'::type[]``; None for other arrays."""
    match choices:
        case Function(name="array", arguments=members):
            return members
        case Cast(operand=Function(name="array", arguments=members), type=to):
            base = to.removesuffix("[]")
            # character varying members that are compared as text.
            return tuple(_retyped(member, base) for member in members)
        case Cast(operand=Literal(type="text", value=text), type=to) if to.endswith("[]"):
            return _members(text, to.removesuffix("[]"))
    return None


def _retyped(member: Expression, to: str) -> Expression:
    return cast_of(member, to)


MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}"]+)')


def _members(text: str, base: str) -> tuple[Expression, ...] | None:
    """Read a flat array constant (manual, section 8.15.2)."""
    if not (text.startswith("{") and text.endswith("}")) or "{" in text[1:-1].replace('"', ""):
        return None
    found: list[Expression] = []
    for match in MEMBER.finditer(text[1:-1]):
        if match[2] is not None and match[2].strip().upper() == "NULL":
            found.append(Literal("null", ""))
            continue
        quoted = match[1] is not None
        value = re.sub(r"\\(.)", r"\1", match[1]) if quoted else match[2].strip()
        found.append(cast_of(Literal("text", value), base))
    return tuple(found)
