"""Tokens of SQL expressions and statements.

Source: PostgreSQL manual, section 4.1 (lexical structure). Placeholders ``%s`` are Django's;
backquotes are MySQL's.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache

from modeler.errors import FormatError


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its meaning, and where it starts and ends.

    Attributes:
        kind: ``name``, ``quoted``, ``string``, ``bits``, ``number``, ``operator``, ``mark``
            (brackets, comma, dot, ``;``, ``::``, ``:``), ``placeholder`` (``%s``, ``%(name)s``,
            ``$1``), ``bad`` (of lenient reading alone) or ``end``.
        text: names in lower case, quoted names and strings without their quotes and escapes.
    """

    kind: str
    text: str
    start: int
    end: int


# The longest first; an operator of PostgreSQL may not contain -- or /*.
GRAMMAR = re.compile(
    r"""(?P<space>\s+|--[^\n]*)
    |(?P<comment>/\*)
    |(?P<string>[eE]?'(?:[^'\\]|''|\\.)*'|[uU]&'(?:[^']|'')*')
    |(?P<bits>[bBxX]'[0-9a-fA-F]*')
    |(?P<dollar>\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
    |(?P<quoted>(?:[uU]&)?"(?:[^"]|"")*"|`(?:[^`]|``)*`)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w$]*)
    |(?P<placeholder>%s|%\(\w+\)s|\$\d+)
    |(?P<mark>::|[()\[\],.;:])
    |(?P<operator>[-+*/<>=~!@\#%^&|?]+)""",
    re.VERBOSE | re.DOTALL,
)
# Plain strings have no backslash escapes: standard_conforming_strings is on everywhere.
PLAIN = re.compile(r"'(?:[^']|'')*'")
COMMENT = re.compile(r"/\*|\*/")
OPENING = re.compile(r"(?:[eE]|[uU]&)?'|[bBxX]'|(?:[uU]&)?\"|`|\$(?:[^\W\d]\w*)?\$")
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
PERCENT = re.compile(r"%(?:s\b|\(\w+\)s)")
FOLDED = re.compile(r"[A-Z]+")
UNICODE = re.compile(r"\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|\\)")


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
    return tuple(_read(sql, placeholders, lenient=False))


def lenient_tokens(sql: str) -> list[Token]:
    """Return the tokens of a text of statements, an ``end`` token last; never raise.

    A character that begins no token is a ``bad`` one; a string, a quoted name or a comment that
    does not end is a ``bad`` one up to the end of the text, as it is for the server.
    """
    return _read(sql, placeholders=False, lenient=True)


def _read(sql: str, placeholders: bool, *, lenient: bool) -> list[Token]:
    found: list[Token] = []
    position = 0
    while position < len(sql):
        match = PLAIN.match(sql, position) or GRAMMAR.match(sql, position)
        kind = "bad" if match is None else "string" if match.re is PLAIN else match.lastgroup
        if match is None or kind is None:
            end = _end_of_bad(sql, position)
            if not lenient:
                raise FormatError(f"cannot read {sql[position : position + 20]!r}")
            found.append(Token("bad", sql[position:end], position, end))
            position = end
            continue
        text, end = match[0], match.end()
        if kind == "comment":
            end = _end_of_comment(sql, position)
            if end == -1:
                if not lenient:
                    raise FormatError("a comment does not end")
                end = len(sql)
                found.append(Token("bad", sql[position:end], position, end))
        elif kind == "dollar":
            tag = len(match["tag"]) + 2
            found.append(Token("string", text[tag:-tag], position, end))
        elif kind != "space":
            if kind == "placeholder" and text != "%s" and not lenient:
                # Parameters of an expression come in order, without a name or a number.
                raise FormatError(f"cannot read {text!r}")
            if kind == "operator":
                end = position + _operator_length(text, placeholders)
                if lenient and PERCENT.match(sql, end - 1) and end - position > 1:
                    end -= 1
                text = sql[position:end]
            found.append(Token(kind, _meaning(kind, text, placeholders, lenient), position, end))
        position = end
    found.append(Token("end", "", len(sql), len(sql)))
    return found


def _end_of_bad(sql: str, position: int) -> int:
    """Return where a token ends that cannot be read: what is not closed has no end."""
    opened = OPENING.match(sql, position)
    return len(sql) if opened else position + 1


def _end_of_comment(sql: str, position: int) -> int:
    """Return where the comment at ``position`` ends, -1 where it does not; comments nest."""
    depth = 0
    for match in COMMENT.finditer(sql, position):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    return -1


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


def _meaning(kind: str, text: str, placeholders: bool, lenient: bool) -> str:
    if kind == "string":
        if lenient and text[0] in "uU":
            return UNICODE.sub(_code_point, text[3:-1].replace("''", "'"))
        try:
            return _string(text, placeholders)
        except FormatError:
            if lenient:
                return text
            raise
    if kind == "quoted":
        quote = text[-1]
        inner = text[text.index(quote) + 1 : -1].replace(quote * 2, quote)
        if text[0] in "uU":
            inner = UNICODE.sub(_code_point, inner)
        return inner.replace("%%", "%") if placeholders else inner
    if kind == "name":
        # The server folds letters of ASCII alone.
        return text.lower() if text.isascii() else FOLDED.sub(lambda m: m[0].lower(), text)
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


def _code_point(match: re.Match[str]) -> str:
    four, six = match.groups()
    code = int(four or six or "5c", 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _unescape(match: re.Match[str]) -> str:
    octal, short, four, eight, other = match.groups()
    if octal:
        return chr(int(octal, 8))
    if short or four or eight:
        code = int(short or four or eight, 16)
        if code > sys.maxunicode:
            raise FormatError(f"{match[0]} is no character")
        return chr(code)
    return ESCAPES.get(other, other)
