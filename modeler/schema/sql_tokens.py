"""Tokens of SQL expressions.

Source: PostgreSQL manual, section 4.1 (lexical structure). Placeholders ``%s`` are Django's;
backquotes are MySQL's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from modeler.errors import FormatError


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its meaning, and where it starts and ends.

    Attributes:
        kind: ``name``, ``quoted``, ``string``, ``bits``, ``number``, ``operator``, ``mark``
            (brackets, comma, dot, ``::``, ``:``), ``placeholder`` or ``end``.
        text: names in lower case, quoted names and strings without their quotes and escapes.
    """

    kind: str
    text: str
    start: int
    end: int


# The longest first; an operator of PostgreSQL may not contain -- or /*.
GRAMMAR = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<string>[eE]?'(?:[^'\\]|''|\\.)*'|[uU]&'(?:[^']|'')*')
    |(?P<bits>[bBxX]'[0-9a-fA-F]*')
    |(?P<dollar>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w$]*)
    |(?P<placeholder>%s)
    |(?P<mark>::|[()\[\],.;:])
    |(?P<operator>[-+*/<>=~!@\#%^&|?]+)""",
    re.VERBOSE | re.DOTALL,
)
# Plain strings have no backslash escapes: standard_conforming_strings is on everywhere.
PLAIN = re.compile(r"'(?:[^']|'')*'")
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)


def tokens(sql: str, *, placeholders: bool = False) -> list[Token]:
    """Return the tokens of an expression, an ``end`` token last.

    Args:
        sql: the text.
        placeholders: ``%s`` stands for a parameter and ``%%`` for a percent sign.

    Raises:
        FormatError: a character or a string that does not end.
    """
    # Tuples, so that whoever asks for the same text again may share them.
    return list(_tokens(sql, placeholders))


@lru_cache(maxsize=1024)
def _tokens(sql: str, placeholders: bool) -> tuple[Token, ...]:
    found: list[Token] = []
    position = 0
    while position < len(sql):
        match = PLAIN.match(sql, position) or GRAMMAR.match(sql, position)
        if match is None:
            raise FormatError(f"cannot read {sql[position : position + 20]!r}")
        kind = match.lastgroup or "string"
        text, end = match[0], match.end()
        if not match.re.groups:
            kind = "string"
        elif match["dollar"]:
            kind = "string"
            text = text[len(match["tag"]) + 2 : -(len(match["tag"]) + 2)]
            found.append(Token(kind, text, position, end))
            position = end
            continue
        if kind == "operator":
            end = position + _operator_length(text, placeholders)
            text = sql[position:end]
        if kind != "space":
            found.append(Token(kind, _meaning(kind, text, placeholders), position, end))
        position = end
    found.append(Token("end", "", len(sql), len(sql)))
    return tuple(found)


def _operator_length(text: str, placeholders: bool) -> int:
    """Return how much of a run of operator characters is one operator (manual, 4.1.3)."""
    if placeholders and "%s" in f"{text}s" and text != "%" and text.endswith("%"):
        # ``=%s`` is an operator before a placeholder.
        text = text[:-1] if not text.endswith("%%") else text
    for comment in ("--", "/*"):
        if comment in text:
            text = text[: text.index(comment)]
    # It may end in + or - only when it has one of these.
    while len(text) > 1 and text[-1] in "+-" and not set(text) & set("~!@#%^&|?"):
        text = text[:-1]
    return max(len(text), 1)


def _meaning(kind: str, text: str, placeholders: bool) -> str:
    if kind == "string":
        return _string(text, placeholders)
    if kind == "quoted":
        inner = text[1:-1].replace(text[0] * 2, text[0])
        return inner.replace("%%", "%") if placeholders else inner
    if kind == "name":
        return text.lower()
    if kind == "operator" and placeholders:
        return text.replace("%%", "%")
    return text


def _string(text: str, placeholders: bool) -> str:
    escaped = text[:1] in "eE"
    if text[:1] in "uU" and "\\" in text:
        raise FormatError("a U& string with escapes is not read")
    inner = text[text.index("'") + 1 : -1].replace("''", "'")
    if placeholders:
        inner = inner.replace("%%", "%")
    return ESCAPE.sub(_unescape, inner) if escaped else inner


def _unescape(match: re.Match[str]) -> str:
    octal, short, four, eight, other = match.groups()
    if octal:
        return chr(int(octal, 8))
    if short or four or eight:
        return chr(int(short or four or eight, 16))
    return ESCAPES.get(other, other)
