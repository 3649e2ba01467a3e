"""Names, strings, types and defaults of DBML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from modeler.diagrams.formats.plain_text import JOINERS
from modeler.diagrams.types import short_type
from modeler.schema.expression import Cast, Expression, Literal, Opaque
from modeler.schema.location import Location
from modeler.schema.sql_text import sql_text

BARE_TYPE = re.compile(r"[a-z_][a-z0-9_]*(?:\(\d+(?:, ?\d+)?\))?\Z")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


def name(text: str) -> str:
    """Return a quoted name."""
    return f'"{_escaped(text, chr(34))}"'


def place(location: Location, first: str) -> str:
    """Return a table's or type's name, with its schema where it has one.

    Args:
        location: where it is.
        first: the database whose tables carry no alias.
    """
    parts = [location.alias if location.alias != first else "", location.schema]
    schema = ".".join(part for part in parts if part)
    return f"{name(schema)}.{name(location.table)}" if schema else name(location.table)


def settings_text(settings: Iterable[str]) -> str:
    """Return `` [pk, note: 'x']``, or ``""`` where there are none."""
    listed = ", ".join(settings)
    return f" [{listed}]" if listed else ""


def string(text: str) -> str:
    """Return a string of one line; line ends in it are escapes."""
    return f"'{_escaped(text, chr(39))}'"


def type_text(database_type: str) -> str:
    """Return a type in its short spelling, quoted where it is more than a word."""
    short = short_type(database_type) or "unknown"
    return short if BARE_TYPE.match(short) else name(short)


def default_text(expression: Expression) -> str:
    """Return a database default: a number, boolean, string or SQL in backticks; else ``""``."""
    bare = expression.operand if isinstance(expression, Cast) else expression
    if isinstance(bare, Literal):
        match bare.type:
            case "null" | "boolean":
                return bare.value or "null"
            case "integer" | "decimal" | "float" if NUMBER.match(bare.value):
                return bare.value
            case "text" | "json" | "uuid" | "date" | "time" | "datetime" | "interval":
                return string(bare.value)
    return code(expression)


def code(expression: Expression) -> str:
    """Return SQL in backticks; ``""`` where DBML cannot hold it: it knows no escape there."""
    if isinstance(expression, Opaque) and expression.language != "sql":
        return ""
    text = sql_text(expression)
    return "" if "`" in text or not text.strip() else f"`{text}`"


def _escaped(text: str, quote: str) -> str:
    found = []
    for letter in text:
        if letter in (quote, "\\"):
            found.append(f"\\{letter}")
        elif letter == "\n":
            found.append("\\n")
        elif letter.isprintable() or letter in JOINERS:
            found.append(letter)
        else:
            units = letter.encode("utf-16-be", "surrogatepass")
            found += [f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)]
    return "".join(found)
