"""Character classes of PCRE, ``[…]``, for Python's ``re``."""

from __future__ import annotations

import re

from modeler.errors import ModelerError
from modeler.mongo.evaluator.characters import members, other_cases, ranges

MEMBER = re.compile(
    r"\[:(?P<not>\^?)(?P<posix>\w+):\]"
    r"|\\x\{(?P<code>[0-9A-Fa-f]{1,6})\}"
    r"|\\x(?P<byte>[0-9A-Fa-f]{2})"
    r"|\\(?P<escape>.)"
    r"|(?P<other>.)",
    re.DOTALL,
)
CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "a": 7, "e": 27, "b": 8}
SETS = "dwshv"


class NotPython(ModelerError):
    """A pattern that Python's ``re`` cannot say exactly; the message is the reason."""


def set_of(letter: str, *, unicode: bool) -> str:
    r"""Return ``\d``, ``\W`` and so on."""
    held = members(letter.lower(), unicode=unicode)
    return f"[{'^' if letter.isupper() else ''}{held}]"


def read_class(pattern: str, start: int, *, unicode: bool, any_case: bool) -> tuple[str, int]:
    """Translate the class that begins at a place.

    Args:
        pattern: the whole.
        start: where its ``[`` stands.
        unicode: sets count by Unicode.
        any_case: letters stand for their other case too.

    Returns:
        The class, and the place after it.

    Raises:
        NotPython: a member is not known, or the class has no end.
    """
    position = start + 1
    negated = pattern.startswith("^", position)
    position += negated
    codes: list[int] = []
    sets: list[str] = []
    outside: list[str] = []  # members of sets of which all others are meant
    waiting: int | None = None  # the beginning of a range, where a hyphen follows
    hyphen, first = False, True
    while True:
        token = MEMBER.match(pattern, position)
        if token is None:
            raise NotPython(f"the pattern {pattern!r} has a class without an end")
        position = token.end()
        if token["other"] == "]" and not first:
            break
        first = False
        if token["other"] == "-" and waiting is not None and not hyphen:
            hyphen = True
            continue
        code = _code(token, pattern)
        if code is None:
            if hyphen:
                raise NotPython(f"the pattern {pattern!r} has a range that ends in a set")
            if waiting is not None:
                codes.append(waiting)
                waiting = None
            held, is_outside = _set(token, pattern, unicode=unicode, any_case=any_case)
            (outside if is_outside else sets).append(held)
        elif hyphen and waiting is not None:
            if code < waiting:
                raise NotPython(f"the pattern {pattern!r} has a range that runs backwards")
            codes += range(waiting, code + 1)
            waiting, hyphen = None, False
        else:
            if waiting is not None:
                codes.append(waiting)
            waiting = code
    codes += [] if waiting is None else [waiting]
    codes += [ord("-")] if hyphen else []
    told = ranges(other_cases(codes) if any_case else sorted({*codes})) + "".join(sets)
    return _joined(told, outside, negated=negated), position


def _joined(told: str, outside: list[str], *, negated: bool) -> str:
    """Return one class, or several side by side: ``re`` has no negated set within a class."""
    if not outside:
        return f"[{'^' if negated else ''}{told}]"
    either = "|".join([*([f"[{told}]"] if told else []), *(f"[^{one}]" for one in outside)])
    return rf"(?:(?!{either})[\s\S])" if negated else f"(?:{either})"


def _code(token: re.Match[str], pattern: str) -> int | None:
    """Return the member's code point, None for a set."""
    if digits := token["code"] or token["byte"]:
        if int(digits, 16) > 0x10FFFF:
            raise NotPython(f"\\x{{{digits}}} in the pattern {pattern!r} is no character")
        return int(digits, 16)
    if token["posix"]:
        return None
    if (letter := token["escape"]) is not None:
        if letter in CONTROLS:
            return CONTROLS[letter]
        if letter.lower() in SETS and letter.isascii():
            return None
        if letter.isascii() and letter.isalnum():
            raise NotPython(f"\\{letter} within a class of {pattern!r} has no exact counterpart")
        return ord(letter)
    if token["other"] == "[" and re.match(r"[.=].*?[.=]\]", pattern[token.end() :]):
        raise NotPython(f"the pattern {pattern!r} names collating elements")
    return ord(token["other"])


def _set(token: re.Match[str], pattern: str, *, unicode: bool, any_case: bool) -> tuple[str, bool]:
    """Return the members of a set, and whether all others are meant."""
    if letter := token["escape"]:
        return members(letter.lower(), unicode=unicode) or "", letter.isupper()
    name = token["posix"]
    if any_case and name in ("lower", "upper"):
        name = "alpha"  # PCRE reads them so where case does not matter
    held = members(name, unicode=unicode)
    if held is None:
        raise NotPython(f"the class [:{name}:] of {pattern!r} is not known")
    return held, bool(token["not"])
