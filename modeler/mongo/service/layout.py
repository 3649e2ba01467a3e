"""Python expressions, laid out as black and ruff lay them out in 88 columns.

What fits stands on one line; what does not has one item a line and a comma after the last, which
both formatters leave alone at any width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

WIDTH = 88
STEP = 4
# Where one item stands alone: a tuple needs its comma, and a subscript must have none.
ONE_TUPLE = ",)"


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression as it stands: a name, ``str | None``."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call with arguments, each with its keyword or ``""``."""

    name: str
    arguments: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Subscript:
    """A name with items in brackets: ``Literal["a", "b"]``."""

    name: str
    items: tuple[Any, ...]


def laid_out(value: Any, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """Return an expression.

    Args:
        value: a value of Extended JSON, a tuple, or one of the classes here.
        indent: of the line that it begins on, in columns.
        before, after: columns that are taken on that line before and after it.

    Raises:
        ValueError: a value that has no literal.
    """
    flat = _flat(value)
    if columns(flat) + indent + before + after <= WIDTH:
        return flat
    opened = _opened(value)
    if opened is None:
        return flat
    start, end, items = opened
    if not items:
        return flat
    inner = indent + STEP
    if isinstance(value, Subscript) and len(items) == 1:
        return flat
    pad = " " * inner
    lines = [f"{pad}{lead}{laid_out(part, inner, columns(lead), 1)}," for lead, part in items]
    return "\n".join([start, *lines, " " * indent + end])


def columns(text: str) -> int:
    """Return how wide a text is: letters of East Asia take two columns, marks on letters none."""
    if text.isascii():
        return len(text)
    return sum(
        2
        if unicodedata.east_asian_width(one) in ("W", "F")
        else unicodedata.category(one) not in ("Mn", "Me", "Cf")
        for one in text
    )


def text_literal(text: str) -> str:
    """Return a string literal with the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = (
        "\\" + one if one == quote else one if one in "'\"" else repr(one)[1:-1] for one in text
    )
    return f"{quote}{''.join(body)}{quote}"


def _opened(value: Any) -> tuple[str, str, list[tuple[str, Any]]] | None:
    """Return the brackets and the items, each with what leads it."""
    match value:
        case Call(name, arguments):
            return f"{name}(", ")", [(f"{key}=" if key else "", part) for key, part in arguments]
        case Subscript(name, items):
            return f"{name}[", "]", [("", part) for part in items]
        case tuple():
            return "(", ")", [("", part) for part in value]
        case list():
            return "[", "]", [("", part) for part in value]
        case dict() if _typed(value) is None:
            return "{", "}", [(f"{text_literal(key)}: ", part) for key, part in value.items()]
    return None


def _flat(value: Any) -> str:
    match value:
        case None | bool():
            return repr(value)
        case str():
            return text_literal(value)
        case int():
            return repr(value)
        case float():
            return _float(value)
        case Raw(text):
            return text
        case dict() if (typed := _typed(value)) is not None:
            return typed
    opened = _opened(value)
    if opened is None:
        raise ValueError(f"{value!r} has no literal")
    start, end, items = opened
    inner = ", ".join(lead + _flat(part) for lead, part in items)
    return f"{start}{inner}{ONE_TUPLE if isinstance(value, tuple) and len(value) == 1 else end}"


def _float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    return repr(value).replace("e+", "e")


def _typed(value: dict[str, Any]) -> str | None:
    """Return the constructor of a value that plain JSON cannot say."""
    if len(value) != 1:
        return None
    ((name, inner),) = value.items()
    make = CONSTRUCTORS.get(name)
    return None if make is None else make(inner)


def _date(inner: Any) -> str:
    if isinstance(inner, dict):  # milliseconds; the year may be one that Python does not know
        return f"DatetimeMS({int(inner['$numberLong'])})"
    return f"datetime.fromisoformat({text_literal(str(inner))})"


def _binary(inner: Any) -> str:
    data, kind = text_literal(inner["base64"]), int(inner["subType"], 16)
    return f"Binary(b64decode({data}), {kind})"


CONSTRUCTORS: dict[str, Callable[[Any], str]] = {
    "$numberInt": lambda inner: str(int(inner)),
    "$numberLong": lambda inner: f"Int64({int(inner)})",
    "$numberDecimal": lambda inner: f"Decimal128({text_literal(inner)})",
    "$numberDouble": lambda inner: _float(float(inner)),
    "$uuid": lambda inner: f"UUID({text_literal(inner)})",
    "$oid": lambda inner: f"ObjectId({text_literal(inner)})",
    "$date": _date,
    "$binary": _binary,
}


def docstring(text: str, indent: int, more: Iterable[str] = ()) -> str:
    """Return a docstring that fits, with its quotes; further lines stand below an empty one."""
    pad = " " * indent
    first, *rest = wrapped(sentence(text), WIDTH - indent - 6) or ["A document."]
    below = [line for one in more for line in wrapped(sentence(one), WIDTH - indent)]
    if not rest and not below:
        return f'{pad}"""{first}"""'
    lines = [f'{pad}"""{first}', *(pad + line for line in rest)]
    if below:
        lines += ["", *(pad + line for line in below)]
    return "\n".join([*lines, f'{pad}"""'])


def comment(text: str, indent: int) -> str:
    """Return a comment that fits."""
    pad = " " * indent
    return "\n".join(f"{pad}# {line}" for line in wrapped(plain(text), WIDTH - indent - 2))


def sentence(text: str) -> str:
    """Return text that can stand in a docstring, with a capital and a full stop."""
    safe = plain(text).replace("\\", "/").replace('"', "'")
    safe = safe[:1].upper() + safe[1:]
    return safe if not safe or safe.endswith((".", "!", "?")) else f"{safe}."


def plain(text: str) -> str:
    """Return text on one line, without characters that cannot be seen."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def wrapped(text: str, width: int) -> list[str]:
    """Return lines of whole words; a word that is longer is cut."""
    lines: list[str] = []
    for word in text.split():
        for start in range(0, len(word), width):
            piece = word[start : start + width]
            if lines and not start and len(lines[-1]) + 1 + len(piece) <= width:
                lines[-1] += f" {piece}"
            else:
                lines.append(piece)
    return lines
