"""Texts that match a regular expression, as a row of slots.

Read is what PostgreSQL's regular expressions and Python's share (manual, section 9.7.3): classes,
groups, alternatives, repetition and anchors. Look-around and back references are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from re import _parser as parser  # type: ignore[attr-defined]  # no other reader of patterns
from typing import Any

from modeler.errors import FormatError

PREFERRED = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@/+# "
POSIX = {
    "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:alnum:]": "A-Za-z0-9", "[:upper:]": "A-Z",
    "[:lower:]": "a-z", "[:space:]": " ", "[:xdigit:]": "0-9A-Fa-f", "[:punct:]": "!-/:-@",
    "[:word:]": "A-Za-z0-9_",
}  # fmt: skip
# How often something is repeated at most where the pattern sets no end.
MOST = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text, and the characters that may stand there."""

    characters: str


@lru_cache(maxsize=512)
def slots(pattern: str, *, shortest: int = 0, longest: int | None = None, seed: int = 0,
          ignore_case: bool = False) -> tuple[Slot, ...]:  # fmt: skip
    """Return slots whose texts match a pattern.

    Args:
        pattern: as PostgreSQL takes it.
        shortest, longest: characters that the text must have.
        seed: which alternative and how many repetitions are taken.

    Raises:
        FormatError: the pattern is none that is read, or no text of that length was found.
    """
    text = pattern
    for name, members in POSIX.items():
        text = text.replace(name, members)
    text = text.replace("\\m", "\\b").replace("\\M", "\\b").replace("\\Z", "$")
    try:
        tree = parser.parse(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise FormatError(f"The pattern {pattern!r} is not read: {error}.") from error
    for turn in range(40):
        random = Random(f"{seed} {turn} {pattern}")
        found = _walk(list(tree), random, turn)
        if shortest <= len(found) and (longest is None or len(found) <= longest):
            return tuple(found)
    raise FormatError(f"No text of the length asked for was found for {pattern!r}.")


def _walk(items: list[Any], random: Random, turn: int) -> list[Slot]:
    found: list[Slot] = []
    for operation, argument in items:
        match str(operation):
            case "LITERAL":
                found.append(Slot(chr(argument)))
            case "NOT_LITERAL":
                found.append(Slot(PREFERRED.replace(chr(argument), "")))
            case "ANY":
                found.append(Slot(PREFERRED[:36]))
            case "IN":
                found.append(Slot(_class(argument)))
            case "BRANCH":
                found += _walk(list(random.choice(argument[1])), random, turn)
            case "SUBPATTERN":
                found += _walk(list(argument[3]), random, turn)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, below = argument
                # The later turns try longer texts, and then all that is allowed.
                reach = MOST if turn < 10 else 4 * turn
                most = min(int(high), int(low) + reach)
                for _ in range(random.randint(int(low), most)):
                    found += _walk(list(below), random, turn)
            case "AT":
                continue
            case "ATOMIC_GROUP":
                found += _walk(list(argument), random, turn)
            case name:
                raise FormatError(f"{name} in a pattern is not read.")
    return found


def _class(members: list[Any]) -> str:
    """Return the characters of ``[…]``, usual ones first."""
    negated = str(members[0][0]) == "NEGATE"
    found: list[str] = []
    for operation, argument in members[1 if negated else 0 :]:
        match str(operation):
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                low, high = argument
                found += [chr(code) for code in range(low, min(high, low + 200) + 1)]
            case "CATEGORY":
                found += _category(str(argument))
    if negated:
        found = [character for character in PREFERRED if character not in found]
    usual = [character for character in PREFERRED if character in found]
    result = "".join(dict.fromkeys(usual or found))
    if not result:
        raise FormatError("A class of a pattern has no character that we know.")
    return result


def _category(name: str) -> list[str]:
    word = [character for character in PREFERRED if character.isalnum() or character == "_"]
    match name.removeprefix("CATEGORY_").lower():
        case "digit":
            return list("0123456789")
        case "not_digit":
            return [character for character in PREFERRED if not character.isdigit()]
        case "word":
            return word
        case "not_word":
            return [character for character in PREFERRED if character not in word]
        case "space":
            return [" "]
    return [character for character in PREFERRED if character != " "]
