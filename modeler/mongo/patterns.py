"""From a regular expression of Python to one of PCRE2, as ``$jsonSchema.pattern`` reads it.

Sources: Python's ``re``; pcre2pattern(3), ``(*UCP)``, ``\\z``, quantifiers. MongoDB searches like
``re.search``: nothing is anchored that does not say so.
"""

from __future__ import annotations

import re
import unicodedata
import warnings

from modeler.errors import ModelerError

FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
TOKEN = re.compile(
    r"\\N\{(?P<named>[^}]+)\}"
    r"|\\u(?P<short>[0-9a-fA-F]{4})"
    r"|\\U(?P<long>[0-9a-fA-F]{8})"
    r"|\\(?P<escape>.)"
    r"|\(\?(?P<flags>[aiLmsux]+(?:-[imsx]+)?)(?P<end>[:)])"
    r"|\{,(?P<most>\d+)\}"
    r"|(?P<posix>\[:)"
    r"|(?P<other>.)",
    re.DOTALL,
)
# What Python counts by Unicode and PCRE2 by ASCII unless it is told.
BY_UNICODE = frozenset("wWdDsSbB")


class NotTranslated(ModelerError):
    """A regular expression that has no counterpart; the message is the reason."""


def to_pcre2(pattern: str, flags: int = 0, *, or_empty: bool = False) -> str:
    """Translate a regular expression.

    Args:
        pattern: as ``re`` reads it.
        flags: of ``re``.
        or_empty: the empty text matches as well.

    Raises:
        NotTranslated: it means something that PCRE2 cannot say, or is no regular expression.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Python may read otherwise one day
            re.compile(pattern, flags)
    except (re.error, RecursionError) as error:
        raise NotTranslated(f"{pattern!r} is no regular expression: {error}") from error
    if "\0" in pattern:
        raise NotTranslated("a pattern of MongoDB cannot hold NUL")
    parts: list[str] = []
    unicode = False
    for token in TOKEN.finditer(pattern):
        text, by_unicode = _translated(token)
        parts.append(text)
        unicode = unicode or by_unicode
    body = "".join(parts)
    inline = "".join(letter for flag, letter in FLAGS.items() if flags & flag)
    if inline:
        body = f"(?{inline}:{body}\n)" if "x" in inline else f"(?{inline}:{body})"
    if or_empty:
        body = rf"^\z|(?:{body})"
    # Matching without case goes by Unicode in Python, also for letters written out.
    wanted = unicode or bool(flags & re.IGNORECASE)
    return f"(*UCP){body}" if wanted and not flags & re.ASCII else body


def _translated(token: re.Match[str]) -> tuple[str, bool]:
    """Return the token for PCRE2, and whether it counts characters by Unicode."""
    if token["named"] is not None:
        return _code(ord(unicodedata.lookup(token["named"]))), False
    if digits := token["short"] or token["long"]:
        return _code(int(digits, 16)), False
    if token["escape"] is not None:
        return _escape(token["escape"])
    if token["flags"] is not None:
        if set("aL") & set(token["flags"]):
            raise NotTranslated(f"(?{token['flags']}) changes what letters are")
        kept = token["flags"].replace("u", "")
        if not kept:
            return ("(?:" if token["end"] == ":" else ""), False
        return f"(?{kept}{token['end']}", "i" in kept.partition("-")[0]
    if token["most"] is not None:
        return f"{{0,{token['most']}}}", False
    if token["posix"] is not None:
        raise NotTranslated("'[:' begins a class in PCRE2 and is plain text in Python")
    return token["other"], False


def _escape(character: str) -> tuple[str, bool]:
    if character == "Z":
        return r"\z", False
    return f"\\{character}", character in BY_UNICODE


def _code(point: int) -> str:
    return f"\\x{{{point:X}}}"
