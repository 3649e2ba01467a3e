"""Values that a field of a sample may have, the most telling first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bson import Binary, Decimal128, Int64, ObjectId

from modeler.mongo.extended import to_bson
from modeler.mongo.field import FieldSpec
from modeler.mongo.samples.texts import text_for
from modeler.mongo.types import UUID_NOTE

DAY = datetime(2026, 1, 31)
MOMENT = datetime(2026, 1, 31, 12)
# Shapes that constraints often ask for.
USUAL_TEXTS = (
    "name@example.org", "https://example.org/", "+4930123456", "DE", "EUR", "a", "A1", "1", "0",
    "#a1b2c3", "12:30:00.000000", "10.0.0.1", "a-1", "2026-01-31",
    "00000000-0000-4000-8000-000000000001", "{}", "",
)  # fmt: skip
NUMBERED_TEXTS = ("name{}@example.org", "https://example.org/{}", "+49301234{}", "a{}", "A{}")


def values(field: FieldSpec, number: int, hints: Iterable[Any] = ()) -> list[Any]:
    """Return values to try, as pymongo takes them.

    Args:
        field: of the document.
        number: of the sample, from 1; numbers, keys and texts differ by it.
        hints: constants and patterns from the conditions that name the field.
    """
    hints = list(hints)
    found = [
        *_choices(field),
        *_of_kind(field, number, [hint for hint in hints if isinstance(hint, str)]),
    ]
    found += [hint for hint in hints if type(hint) in (int, Int64, Decimal128, datetime, bool)]
    if field.null or not field.types:
        found.append(None)
    return [one for place, one in enumerate(found) if not _among(one, found[:place])]


def _choices(field: FieldSpec) -> list[Any]:
    return [to_bson(choice) for choice in field.keyword("enum") or () if choice is not None]


def _of_kind(field: FieldSpec, number: int, hints: list[str]) -> Iterator[Any]:
    match field.types[0] if field.types else "":
        case "string":
            yield from _texts(field, number, hints)
        case "int":
            yield from _within(field, [number, 1, 0, 2, 10])
        case "long":
            yield from (Int64(one) for one in _within(field, [number, 1, 0, 2, 10]))
        case "double":
            yield from (number + 0.5, 1.0, 0.0)
        case "decimal":
            yield from _decimals(field, number)
        case "bool":
            yield from (True, False)
        case "date":
            midnight = any("midnight" in reason for reason, _ in field.guards)
            yield from (DAY,) if midnight else (MOMENT, DAY)
        case "binData" if UUID_NOTE in field.note:
            yield Binary(uuid.UUID(int=(7 << 76) | (2 << 62) | number).bytes, 4)
        case "binData":
            yield from (b"a", b"")
        case "array":
            yield from _arrays(field, number)
        case "object":
            yield from _objects(field, number)
        case "objectId":
            yield ObjectId(number.to_bytes(12, "big"))
        case _:
            yield from ({}, [], "a", 1)


def _texts(field: FieldSpec, number: int, hints: list[str]) -> Iterator[str]:
    longest = field.keyword("maxLength") or 40
    end = f" {number}" if number > 1 else ""
    said = (field.column or field.name).removesuffix("_id").replace("_", " ")
    patterns = [*_patterns(field), *hints]
    made = [made for pattern in patterns if (made := text_for(pattern)) is not None]
    readable = (said[: max(0, longest - len(end))] + end)[:longest]
    if number > 1:  # others first: a key may be unique
        made = [f"{number}{one}" for one in made] + [f"{one}{number}" for one in made] + made
        made += [one.format(number) for one in NUMBERED_TEXTS]
        made = [one for one in made if len(one) <= longest]
    yield from made if _patterns(field) else [readable, *made]
    yield from (hint for hint in hints if len(hint) <= longest)
    yield from (text for text in (readable, *USUAL_TEXTS, "a" * longest) if len(text) <= longest)


def _patterns(field: FieldSpec) -> list[str]:
    """Return patterns that the field's rules hold, those in ``allOf`` and ``anyOf`` too."""
    found: list[str] = []

    def walk(told: Any) -> None:
        if isinstance(told, dict):
            if isinstance(told.get("pattern"), str):
                found.append(told["pattern"])
            for key, value in told.items():
                if key != "not":
                    walk(value)
        elif isinstance(told, list):
            for value in told:
                walk(value)

    walk({rule.keyword: rule.value for rule in field.rules})
    return found


def _bounds(field: FieldSpec) -> tuple[Any, Any]:
    low, high = field.keyword("minimum"), field.keyword("maximum")
    return (None if low is None else to_bson(low)), (None if high is None else to_bson(high))


def _within(field: FieldSpec, numbers: list[int]) -> list[int]:
    low, high = _bounds(field)
    told = [value for bound in _limits(field) for value in (bound, bound + 1, bound - 1)]
    return [
        int(one)
        for one in (*numbers, *told)
        if (low is None or one >= low) and (high is None or one <= high)
    ]


def _limits(field: FieldSpec) -> list[int]:
    """Return limits from validators, which lie in ``allOf``."""
    demands = field.keyword("allOf") or []
    found = [
        to_bson(demand[name])
        for demand in demands
        for name in ("minimum", "maximum")
        if name in demand
    ]
    return [int(str(one).partition(".")[0]) for one in found if _is_whole(one)]


def _is_whole(value: Any) -> bool:
    try:
        return Decimal(str(value)) == int(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return False


def _decimals(field: FieldSpec, number: int) -> Iterator[Decimal128]:
    step = field.keyword("multipleOf")
    places = -int(Decimal(step["$numberDecimal"]).adjusted()) if step else 2
    high = field.keyword("maximum")
    most = Decimal(high["$numberDecimal"]) if high else None
    for told in (f"{number}{'.9' if places else ''}", "1", "0", *map(str, _limits(field)), "0.5"):
        value = Decimal(told)
        if most is not None and abs(value) >= most:
            continue
        if value == value.quantize(Decimal(1).scaleb(-places)):
            yield Decimal128(value.quantize(Decimal(1).scaleb(-places)))


def _arrays(field: FieldSpec, number: int) -> Iterator[list[Any]]:
    items = field.keyword("items") or {}
    most = field.keyword("maxItems")
    inner = [one for one in _of_schema(items, field, number) if one is not None]
    if inner and most != 0:
        yield [inner[0]]
        yield [inner[0]] * min(2, most or 2)
    yield []


def _objects(field: FieldSpec, number: int) -> Iterator[dict[str, Any]]:
    if properties := field.keyword("properties"):
        ends = [one for one in _of_schema(properties["lower"], field, number) if one is not None]
        flags = {"li": False, "ui": False, "empty": False}
        if ends:
            yield {"lower": ends[0], "upper": None, **flags, "li": True}
        yield {"lower": None, "upper": None, **flags}
        return
    yield from ({"a": "b"}, {})


def _of_schema(schema: dict[str, Any], holder: FieldSpec, number: int) -> list[Any]:
    """Return values of a part of ``$jsonSchema``, which has the holder's note."""
    told = schema.get("bsonType", ())
    kinds = (told,) if isinstance(told, str) else tuple(told)
    field = FieldSpec("value", "", tuple(k for k in kinds if k != "null"), note=holder.note)
    for keyword, value in schema.items():
        if keyword != "bsonType":
            field = field.with_rule(keyword, value, holder.rules[0].held_by)
    return values(field, number)


def _among(value: Any, others: list[Any]) -> bool:
    return any(type(value) is type(other) and value == other for other in others)
