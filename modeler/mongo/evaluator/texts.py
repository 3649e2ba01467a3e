"""Operators of texts, in code points.

Source: MongoDB manual, "String Expression Operators"; letters beyond a to z keep their case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from modeler.mongo.evaluator.dates import whole
from modeler.mongo.evaluator.errors import EvaluationError, ExpressionFailed
from modeler.mongo.evaluator.kinds import KINDS, NULLISH, kind
from modeler.mongo.evaluator.order import binary

# What $trim takes off if it is not told.
SPACES = "\0 \t\n\v\f\r\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def length(value: Any) -> int:
    """``$strLenCP``."""
    if KINDS[type(value)] != "string":
        raise ExpressionFailed(f"$strLenCP requires a string argument, found: {kind(value)}")
    return len(value)


def binary_size(value: Any) -> Any:
    """``$binarySize``."""
    match KINDS[type(value)]:
        case "binData":
            return len(binary(value)[0])
        case "string":
            return len(value.encode())
        case "null" | "missing":
            return None
    raise ExpressionFailed(f"$binarySize requires a string or BinData, found: {kind(value)}")


def concatenate(*values: Any) -> Any:
    """``$concat``."""
    for value in values:
        name = KINDS[type(value)]
        if name in NULLISH:
            return None
        if name != "string":
            raise ExpressionFailed(f"$concat only supports strings, not {kind(value)}")
    return "".join(values)


def _text(operator: str, value: Any) -> str:
    """Return what the server turns into a text by itself."""
    match KINDS[type(value)]:
        case "string":
            return str(value)
        case "null" | "missing":
            return ""
        case "int" | "long":
            return str(int(value))
        case "double" | "decimal" | "date" | "timestamp":
            raise EvaluationError(f"{operator} meets a {kind(value)}, whose text is not known")
    raise ExpressionFailed(f"{operator} can't convert from BSON type {kind(value)} to String")


def lower(value: Any) -> str:
    """``$toLower``."""
    return _text("$toLower", value).translate(LOWER)


def upper(value: Any) -> str:
    """``$toUpper``."""
    return _text("$toUpper", value).translate(UPPER)


def trimmer(operator: str, strip: Callable[[str, str], str]) -> Callable[..., Any]:
    """``$trim``, ``$ltrim``, ``$rtrim``."""

    def trim(value: Any, characters: Any = SPACES) -> Any:
        if KINDS[type(value)] in NULLISH:
            return None
        if KINDS[type(value)] != "string":
            raise ExpressionFailed(f"{operator} requires its input to be a string")
        if KINDS[type(characters)] in NULLISH:
            return None
        if KINDS[type(characters)] != "string":
            raise ExpressionFailed(f"{operator} requires 'chars' to be a string")
        return strip(value, characters) if characters else value

    return trim


def part(text: Any, start: Any, count: Any) -> str:
    """``$substrCP``."""
    told = _text("$substrCP", text)
    begin, many = whole("$substrCP", start), whole("$substrCP", count)
    if begin < 0 or many < 0:
        raise ExpressionFailed("$substrCP needs a start and a length that are not negative")
    return told[begin : begin + many]


def position(text: Any, sought: Any, start: Any = 0, end: Any = None) -> Any:
    """``$indexOfCP``."""
    if KINDS[type(text)] in NULLISH:
        return None
    if KINDS[type(text)] != "string" or KINDS[type(sought)] != "string":
        raise ExpressionFailed("$indexOfCP requires strings")
    begin = whole("$indexOfCP", start)
    stop = len(text) if end is None else whole("$indexOfCP", end)
    if begin < 0 or stop < 0:
        raise ExpressionFailed("$indexOfCP needs bounds that are not negative")
    return text.find(sought, begin, stop) if begin <= len(text) else -1


def replacer(operator: str, most: int) -> Callable[[Any, Any, Any], Any]:
    """``$replaceAll`` and ``$replaceOne``."""

    def replace(text: Any, sought: Any, new: Any) -> Any:
        names = [KINDS[type(value)] for value in (text, sought, new)]
        if not {"string", *NULLISH}.issuperset(names):
            raise ExpressionFailed(f"{operator} requires strings")
        if not NULLISH.isdisjoint(names):
            return None
        if not sought and not text.isascii():
            # The server goes by bytes there, and cuts characters in two.
            raise EvaluationError(f"{operator} looks for nothing in a text beyond ASCII")
        return text.replace(sought, new, most)

    return replace


def matcher(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """``$regexMatch`` with a constant pattern."""
    search = pattern.search

    def match(value: Any) -> bool:
        name = KINDS[type(value)]
        if name == "string":
            return search(value) is not None
        if name in NULLISH:
            return False
        raise ExpressionFailed("$regexMatch needs 'input' to be of type string")

    return match
