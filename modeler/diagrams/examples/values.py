"""Values for examples, made up by a column's type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modeler.schema.column import Column
from modeler.schema.sql_text import quoted_text


@dataclass(frozen=True, slots=True)
class Value:
    """The same value as Python and as SQL write it."""

    python: str
    sql: str


NUMBERS = {"smallint", "integer", "bigint", "numeric"}
TEXTS = {"text", "character varying", "character", "varchar", "char"}
BY_FIELD = {
    "EmailField": "somebody@example.org", "SlugField": "a-slug", "URLField": "https://example.org/",
}  # fmt: skip
BY_TYPE = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date": "2026-01-31",
    "timestamp with time zone": "2026-01-31T00:00:00Z",
    "timestamp without time zone": "2026-01-31T00:00:00",
    "time without time zone": "12:00:00",
    "inet": "192.0.2.1",
}
MODIFIER = re.compile(r"\([^)]*\)")


def value_of(column: Column) -> Value | None:
    """Return a value that the column could hold; None where its type has no plain one."""
    kind = MODIFIER.sub("", column.database_type)
    chosen = next((choice.value for choice in column.choices if choice.value), "")
    if kind in NUMBERS:
        number = chosen if re.fullmatch(r"-?\d{1,4}", chosen) else "1"
        return Value(number, number)
    if kind in {"real", "double precision"}:
        return Value("1.5", "1.5")
    if kind == "boolean":
        return Value("True", "TRUE")
    if kind in TEXTS:
        text = chosen or BY_FIELD.get(column.field_type, "text")
        return text_value(text[: column.max_length or len(text)])
    if kind in BY_TYPE:
        return text_value(BY_TYPE[kind])
    return None


def is_text(column: Column) -> bool:
    """Tell whether words can be searched in it."""
    return MODIFIER.sub("", column.database_type) in TEXTS


def is_time(column: Column) -> bool:
    """Tell whether it says when."""
    return column.database_type.startswith(("date", "timestamp")) and "range" not in (
        column.database_type
    )


def text_value(text: str) -> Value:
    """Return a string constant of both languages."""
    return Value(python_text(text), quoted_text(text))


def python_text(text: str) -> str:
    """Return a Python string with double quotes, where it needs no escapes."""
    plain = text.isprintable() and not set(text) & {'"', "\\"}
    return f'"{text}"' if plain else repr(text)
