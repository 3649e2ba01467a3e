"""From regular expressions of PostgreSQL, and from LIKE, to PCRE2.

Sources: PostgreSQL manual, section 9.7; pcre2pattern(3). What the two read differently is
rewritten (``$``, ``.``) or refused (constraint and class-shorthand escapes of PostgreSQL's own,
collating elements, directors).
"""

from __future__ import annotations

import re

from modeler.mongo.filters import NotCarried

TOKEN = re.compile(
    r"(?P<director>^\*\*\*)"
    r"|\(\?(?P<option>[^:=!<)]*\))"
    r"|(?P<look>\(\?<?[=!])"
    r"|(?P<class>\[\^?\]?(?:\[[:.=].*?[:.=]\]|\\.|[^\]\\])*\])"
    r"|\\(?P<escape>.)"
    r"|(?P<end>\$)"
    r"|(?P<any>\.)"
    r"|(?P<other>.)",
    re.DOTALL,
)
# The same in both, inside and outside of classes.
PLAIN_ESCAPES = frozenset("adefnrstvwDSW")
# Of PostgreSQL alone, or meaning something else in PCRE2.
OWN_ESCAPES = frozenset("AbBcmMuUxyYZ0123456789")
COLLATING = re.compile(r"\[[.=]|\[\[:[<>]:\]\]")


def from_posix(pattern: str, *, any_case: bool = False) -> str:
    """Translate an advanced regular expression (``~``, ``~*``).

    Args:
        pattern: as PostgreSQL reads it.
        any_case: letters match without regard to case.

    Raises:
        NotCarried: it says something that PCRE2 reads otherwise.
    """
    parts: list[str] = []
    for token in TOKEN.finditer(pattern):
        if token["director"] or token["option"] is not None:
            raise NotCarried("the regular expression sets options of PostgreSQL's own")
        if token["look"] and token["look"].startswith("(?<"):
            raise NotCarried("PostgreSQL 14 to 18 read look-behind, and servers differ in it")
        if (members := token["class"]) is not None:
            if COLLATING.search(members):
                raise NotCarried("a class of the regular expression names collating elements")
            parts.append(_class(members))
        elif (escaped := token["escape"]) is not None:
            if escaped in OWN_ESCAPES:
                raise NotCarried(f"\\{escaped} is not the same in both kinds of patterns")
            parts.append(f"\\{escaped}")
        elif token["end"]:
            parts.append(r"\z")  # PCRE2's $ matches before a last line feed as well
        else:
            parts.append(token[0])
    return _told("".join(parts), any_case=any_case)


def from_like(pattern: str, *, any_case: bool = False) -> str:
    """Translate a pattern of LIKE or ILIKE with the backslash as its escape."""
    parts: list[str] = []
    escaped = False
    for character in pattern:
        if escaped:
            parts.append(re.escape(character))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append({"%": ".*", "_": "."}.get(character, re.escape(character)))
    if escaped:
        raise NotCarried("the pattern of LIKE ends in its escape character")
    return _told(rf"^{''.join(parts)}\z", any_case=any_case)


def _class(members: str) -> str:
    """Return ``[…]`` for PCRE2, where ``[`` inside has to be escaped."""
    start = 2 if members.startswith("[^") else 1
    body = members[start:-1]
    first = ""
    if body.startswith("]"):
        first, body = r"\]", body[1:]
    pieces = re.split(r"(\[:\w+:\]|\\.)", body)
    escaped = (
        piece if number % 2 else piece.replace("[", r"\[") for number, piece in enumerate(pieces)
    )
    return f"{members[:start]}{first}{''.join(escaped)}]"


def _told(pattern: str, *, any_case: bool) -> str:
    # Letters count by Unicode in a database of UTF-8, and a dot matches every character.
    return f"(*UCP)(?{'i' if any_case else ''}s){pattern}"
