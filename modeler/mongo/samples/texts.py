"""Texts that a pattern finds, for samples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

# What PCRE2 spells otherwise than Python.
POSIX = {
    "[:space:]": r"\s",
    "[:digit:]": r"0-9",
    "[:alpha:]": "a-zA-Z",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:xdigit:]": "0-9a-fA-F",
}
# Tried in this order where one of many characters may stand.
LETTERS = "a1A-_. @/:#+0bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ23456789!?,;äß€\n\t"
FEW = 3  # repetitions of what may be repeated without end


class _NoText(Exception):
    """A part of a pattern for which no text is made here."""


def text_for(pattern: str) -> str | None:
    """Return a short text that a pattern finds, None where none could be made.

    Args:
        pattern: in PCRE2, as validators hold it. Where it looks around, or refers to a group,
            the text may not fit; whoever asks has to judge it.
    """
    plain = re.sub(r"^\(\*\w+\)", "", pattern).replace(r"\z", r"\Z")
    for name, spelled in POSIX.items():
        plain = plain.replace(name, spelled)
    try:
        return _tokens(_parsed(plain))
    except (re.error, _NoText, RecursionError, OverflowError):
        return None


def _parsed(pattern: str) -> Any:
    # Not public, and the only parser of patterns that Python has; a change there costs samples
    # of fields with patterns, no more.
    try:
        from re import _parser  # type: ignore[attr-defined]
    except ImportError as error:
        raise _NoText from error
    return _parser.parse(pattern)


def _tokens(tokens: Sequence[Any]) -> str:
    return "".join(_token(str(operator), argument) for operator, argument in tokens)


def _token(operator: str, argument: Any) -> str:
    match operator:
        case "LITERAL":
            return chr(argument)
        case "ANY" | "CATEGORY" | "NOT_LITERAL" | "IN":
            return _one_of(operator, argument)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            # One more than must be shows what it is about.
            return _tokens(inner) * max(least, min(int(most), 1 if least else FEW - 2))
        case "SUBPATTERN":
            return _tokens(argument[-1])
        case "ATOMIC_GROUP":
            return _tokens(argument)
        case "BRANCH":
            return _tokens(argument[1][0])
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return ""
    raise _NoText(operator)


def _one_of(operator: str, argument: Any) -> str:
    if operator == "ANY":
        return "a"
    parts = argument if operator == "IN" else [(operator, argument)]
    negated = bool(parts) and str(parts[0][0]) == "NEGATE"
    for letter in LETTERS:
        if any(_fits(letter, str(kind), value) for kind, value in parts) is not negated:
            return letter
    for kind, value in parts:  # letters that are not in the list
        if str(kind) == "LITERAL":
            return chr(value)
        if str(kind) == "RANGE":
            return chr(value[0])
    raise _NoText


def _fits(letter: str, kind: str, value: Any) -> bool:
    match kind:
        case "LITERAL":
            return letter == chr(value)
        case "NOT_LITERAL":
            return letter != chr(value)
        case "RANGE":
            return bool(value[0] <= ord(letter) <= value[1])
        case "CATEGORY":
            name = str(value)
            found = {
                "DIGIT": letter.isdigit(),
                "SPACE": letter.isspace(),
                "WORD": letter.isalnum() or letter == "_",
            }
            told = found.get(name.rpartition("_")[2], False)
            return not told if "NOT" in name else told
    return False
