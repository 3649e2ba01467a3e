"""Values worth trying in a column: edges of its type and of its checks, and other rows' values.

All are texts as PostgreSQL reads them; None is NULL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from modeler.mongo.documents.sql import array_literal, base_type
from modeler.mongo.types import PRECISION
from modeler.schema.column import Column
from modeler.schema.constraint import ConstraintKind
from modeler.schema.expression import Literal, columns_of
from modeler.schema.table import Table

Value = str | None
WHOLE = {"smallint": 15, "integer": 31, "bigint": 63}
LIMITS = {name: (-(2**bits), 2**bits - 1) for name, bits in WHOLE.items()}
MOMENTS = (
    "0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "2025-06-30 12:34:56.123456",
    "9999-12-31", "infinity", "-infinity", "10000-01-01",
)  # fmt: skip
TEXTS = (
    "", " ", "a", "A", "0", "Ä", "ß", "日本", "🙂", "a b", "a.b", "a\nb", "-1", "DE", "de", "+49",
    "x@y.example", "http://x.example/", "a" * 300,
)  # fmt: skip
# What SQL quotes, and its numbers.
CONSTANT = re.compile(r"'((?:[^']|'')*)'|(?<![\w.$])(\d+(?:\.\d+)?)(?![\w.])")
LONGEST = 600


def candidates(
    table: Table, column: Column, current: Value, others: Iterable[Value], chance: Random,
    kind: str = "", sql: str = "",
) -> tuple[Value, ...]:  # fmt: skip
    """Return values for a column, each once.

    Args:
        table: with its checks.
        column: that is changed.
        current: what the row has.
        others: what other rows have.
        chance: for what is drawn.
        kind: the type below a domain; else the column's own.
        sql: a condition, whose constants are tried as well.
    """
    kind = kind or column.database_type
    base = base_type(kind)
    constants = [one.value for one in _constants(table, column.name) if one.type != "null"]
    constants += [quoted.replace("''", "'") or number for quoted, number in CONSTANT.findall(sql)]
    found: list[Value] = [None, *others]
    if base in WHOLE:
        found += _whole(WHOLE[base], current, constants)
    elif base == "numeric":
        found += _numeric(kind, current, constants)
    elif base in ("real", "double precision"):
        found += ["0", "-1", "1e300" if base == "double precision" else "1e30", "NaN", "Infinity"]
        found += [c for c in constants if _number(c) is not None]
    elif base == "boolean":
        found += ["true", "false"]
    elif base == "uuid":
        found += [f"{chance.getrandbits(128):032x}"]
    elif base == "date" or base.startswith("timestamp"):
        found += [*MOMENTS, *constants, *_near(current, base)]
    elif base.startswith("time"):
        found += ["00:00", "23:59:59.999999", "24:00", "12:00:00.5"]
    elif base == "interval":
        found += ["0", "-1 second", "1 microsecond", "1 mon", "100 years", "292000 years"]
    elif base in ("json", "jsonb"):
        found += ["null", "{}", "[]", '"x"', "1", "true", '{"a.b": 1}', '{"$a": [null, {}]}']
        shapes: tuple[Any, ...] = (None, 1, "x", [])
        found += [json.dumps({text: shape}) for text in constants for shape in shapes]
    elif base.endswith("[]"):
        found += ["{}", "{NULL}"]
        sizes = [int(text) for text in constants if text.isdigit() and int(text) < LONGEST]
        for size in {1, *sizes, *(n + 1 for n in sizes)}:
            found += [f"{{{','.join([letter] * size)}}}" for letter in ("1", "a")]
        if sql:
            inner = candidates(table, column, None, (), chance, kind.removesuffix("[]"), sql)
            texts = [text for text in inner if text is not None]
            found += [array_literal([text]) for text in texts]
    elif base in ("inet", "cidr"):
        found += ["10.0.0.1", "::1", "10.0.0.0/8", "2001:db8::/32"]
    elif base in ("text", "character varying", "character", "citext"):
        found += _text(column, kind, current, constants)
    elif base == "bytea":
        found += ["", "\\x00", "\\x" + "ff" * 300]
    elif "range" in base:
        found += ["empty", "(,)"]
    return tuple(dict.fromkeys(found))


def _whole(bits: int, current: Value, constants: Iterable[str]) -> Iterator[str]:
    edges = [0, 2**15, -(2**15), 2**31, -(2**31), 2**63, -(2**63), 2**bits - 1]
    edges += [int(number) for text in constants if (number := _number(text)) is not None]
    edges += [int(current)] if current is not None else []
    for edge in edges:
        yield from (str(edge - 1), str(edge), str(edge + 1))


def _numeric(kind: str, current: Value, constants: Iterable[str]) -> Iterator[str]:
    match = PRECISION.search(kind)
    digits, places = (int(match[1]), int(match[2] or 0)) if match else (20, 4)
    step = Decimal(1).scaleb(-places)
    largest = Decimal(10) ** (digits - places)
    edges = [Decimal(0), largest, -largest]
    edges += [number for text in constants if (number := _number(text)) is not None]
    edges += [Decimal(current)] if current not in (None, "NaN") else []
    for edge in edges:
        yield from (format(edge + n * step, "f") for n in (-1, 0, 1))
        yield format(edge + step / 2, "f")
    yield from ("NaN", "Infinity", "-Infinity")


def _text(column: Column, kind: str, current: Value, constants: Iterable[str]) -> Iterator[str]:
    yield from TEXTS
    yield from (choice.value for choice in column.choices)
    for text in constants:
        yield from (text, text.upper(), text.lower(), text + "x", text[:-1], text[1:])
        if text.isdigit() and int(text) < LONGEST:
            # A length may be meant.
            yield from ("x" * size for size in (int(text) - 1, int(text), int(text) + 1))
    match = PRECISION.search(kind)
    if current:
        yield from (
            current.upper(), current.lower(), current.title(), current + " ", " " + current,
            current + "\n", current[:-1], current[1:], current + current, current + "x",
            current + "7", current.replace("a", "ä"),
        )  # fmt: skip
    if match:
        length = int(match[1])
        for size in (length - 1, length, length + 1):
            for letter in ("x", "ä", "🙂", " ", "7"):
                yield letter * size
            if current:
                yield (current * (size // len(current) + 1))[:size]


def _near(current: Value, base: str) -> Iterator[str]:
    if current is None or "infinity" in current:
        return
    whole = current.replace("+00", "")
    if base == "date":
        yield from (whole, whole[:8] + "01", whole[:8] + "28")
        return
    head, _, fraction = whole.partition(".")
    digits = (fraction + "000000")[:6]
    # The same millisecond, and the next.
    yield f"{head}.{digits[:3]}{(int(digits[3:]) + 1) % 1000:03}+00"
    yield f"{head}.{(int(digits[:3]) + 1) % 1000:03}{digits[3:]}+00"


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal("1e40") else None


def _constants(table: Table, column: str) -> Iterator[Literal]:
    for constraint in table.constraints:
        condition = constraint.expression if constraint.kind is ConstraintKind.CHECK else None
        if condition is not None and column in columns_of(condition):
            yield from _literals(condition)
    for index in table.indexes:
        if index.condition is not None and column in columns_of(index.condition):
            yield from _literals(index.condition)
    for constraint in table.constraints:
        if constraint.condition is not None and column in columns_of(constraint.condition):
            yield from _literals(constraint.condition)


def _literals(part: Any) -> Iterator[Literal]:
    if isinstance(part, Literal):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _literals(one)
    elif is_dataclass(part):
        for name in (field.name for field in fields(part)):
            yield from _literals(getattr(part, name))
