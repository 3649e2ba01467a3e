"""From a pattern of PCRE, as validators hold it, to one of Python's ``re`` that says the same.

Source: pcrepattern(3). The result needs no flags: options, letters without case and sets of
characters are written out, since the two engines differ in all of them. What has no exact
counterpart is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from modeler.mongo.evaluator.characters import escaped, members, other_cases, ranges
from modeler.mongo.evaluator.classes import NotPython, read_class, set_of

TOKEN = re.compile(
    r"\\x\{(?P<code>[0-9A-Fa-f]{1,6})\}"
    r"|\\x(?P<byte>[0-9A-Fa-f]{2})"
    r"|\\(?P<escape>.)"
    r"|\(\?\#[^)]*\)"
    r"|\(\?(?P<on>[imsx]*)(?:-(?P<off>[imsx]*))?(?P<end>[:)])"
    r"|\(\?P?<(?P<name>[A-Za-z_]\w*)>"
    r"|\(\?P=(?P<same>[A-Za-z_]\w*)\)"
    r"|\((?P<open>\?[=!>]|\?<[=!]|)(?![?*])"
    r"|(?P<times>\{[0-9]+(?:,[0-9]*)?\}|[*+?])(?P<greed>[?+]?)"
    r"|(?P<other>.)",
    re.DOTALL,
)
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "a": "\a", "e": "\x1b"}
LINE_START = r"(?:(?<![\s\S])|(?<=\n)(?=[\s\S]))"


@dataclass(frozen=True, slots=True)
class Options:
    """What holds from here to the end of the group."""

    i: bool = False
    m: bool = False
    s: bool = False
    x: bool = False

    def changed(self, on: str, off: str) -> Options:
        return replace(self, **dict.fromkeys(on, True), **dict.fromkeys(off, False))


def compile_pattern(pattern: str, options: str = "") -> re.Pattern[str]:
    """Translate a pattern and compile it; ``search`` of the result says what the server says.

    Args:
        pattern: of PCRE, with ``(*UCP)`` before it or not.
        options: letters of ``i``, ``m``, ``s``, ``x``.

    Raises:
        NotPython: it has a part without an exact counterpart, or is no pattern.
    """
    if set(options) - set("imsx"):
        raise NotPython(f"the options {options!r} of a pattern are not known")
    translated = _Reader(pattern, Options().changed(options, "")).translate()
    try:
        return re.compile(translated)
    except (re.error, RecursionError, OverflowError) as error:
        raise NotPython(
            f"the pattern {pattern!r} has no counterpart in Python: {error}"
        ) from error


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, options: Options) -> None:
        self.pattern, self.options = pattern, options
        self.unicode = False
        self.parts: list[str] = []
        self.groups: list[Options] = []

    def translate(self) -> str:
        while self.pattern.startswith(("(*UCP)", "(*UTF8)", "(*UTF)")):
            verb, self.pattern = self.pattern.split(")", 1)
            self.unicode = self.unicode or verb == "(*UCP"
        position, pattern = 0, self.pattern
        while position < len(pattern):
            if pattern[position] == "[":
                found, position = read_class(
                    pattern, position, unicode=self.unicode, any_case=self.options.i
                )
                self.parts.append(found)
                continue
            if self.options.x and (pattern[position].isspace() or pattern[position] == "#"):
                comment = pattern[position] == "#"
                end = pattern.find("\n", position) if comment else position
                position = len(pattern) if end < 0 else end + 1
                continue
            token = TOKEN.match(pattern, position)
            assert token is not None
            position = token.end()
            self._add(token)
        if self.groups:
            raise self._refused("a group is not closed")
        return "".join(self.parts)

    def _refused(self, what: str) -> NotPython:
        return NotPython(f"the pattern {self.pattern!r} has no exact counterpart: {what}")

    def _add(self, token: re.Match[str]) -> None:
        if digits := token["code"] or token["byte"]:
            if int(digits, 16) > 0x10FFFF:
                raise self._refused(f"\\x{{{digits}}} is no character")
            self.parts.append(self._character(int(digits, 16)))
        elif token["escape"] is not None:
            self.parts.append(self._escape(token["escape"]))
        elif token["end"] is not None:
            self._set_options(token)
        elif token["name"]:
            self._open(f"(?P<{token['name']}>")
        elif token["same"]:
            self._refuse_case("a reference back")
            self.parts.append(token[0])
        elif token["open"] is not None:
            self._open(f"({token['open']}")
        elif token["times"]:
            self.parts.append(token[0])
        elif token["other"] is not None:
            self.parts.append(self._plain(token["other"]))

    def _open(self, text: str) -> None:
        self.groups.append(self.options)
        self.parts.append(text)

    def _set_options(self, token: re.Match[str]) -> None:
        changed = self.options.changed(token["on"], token["off"] or "")
        if token["end"] == ":":
            self._open("(?:")
        self.options = changed

    def _refuse_case(self, what: str) -> None:
        if self.options.i:
            raise self._refused(f"{what} without regard to case")

    def _plain(self, character: str) -> str:
        match character:
            case "(":
                raise self._refused("a kind of group that is not known")
            case ")":
                if not self.groups:
                    raise self._refused("a group is closed that was not opened")
                self.options = self.groups.pop()
                return ")"
            case "|":
                return "|"
            case ".":
                return r"[\s\S]" if self.options.s else r"[^\n]"
            case "^":
                return LINE_START if self.options.m else r"\A"
            case "$":
                return r"(?=\n|\Z)" if self.options.m else r"(?=\n?\Z)"
        return self._character(ord(character))

    def _character(self, code: int) -> str:
        if self.options.i:
            cases = other_cases([code])
            if len(cases) > 1:
                return f"[{ranges(cases)}]"
        return escaped(code)

    def _escape(self, letter: str) -> str:
        match letter:
            case "A":
                return r"\A"
            case "z":
                return r"\Z"
            case "Z":
                return r"(?=\n?\Z)"
            case "b" | "B":
                return self._boundary(negated=letter == "B")
            case "N":
                return r"[^\n]"
        if letter in CONTROLS:
            return escaped(ord(CONTROLS[letter]))
        if letter.lower() in "dwshv" and letter.isascii():
            return set_of(letter, unicode=self.unicode)
        if letter in "123456789":
            self._refuse_case("a reference back")
            # Set apart, lest a digit after it be read as part of the number.
            return f"(?:\\{letter})"
        if letter.isascii() and letter.isalnum():
            raise self._refused(f"\\{letter}")
        return self._character(ord(letter))

    def _boundary(self, *, negated: bool) -> str:
        word = f"[{members('w', unicode=self.unicode)}]"
        if negated:
            return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
        return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
