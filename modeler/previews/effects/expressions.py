"""What the text of an expression tells: which functions it calls, what a check proves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from modeler.previews.effects.catalog import Catalog, Relation
from modeler.previews.sql.definitions import Name

LITERAL = re.compile(r"'(?:[^']|'')*'")
CALL = re.compile(
    r'(?:(?:"(?:[^"]|"")+"|[a-z_]\w*)\s*\.\s*)?("(?:[^"]|"")+"|[a-z_]\w*)\s*\(', re.I
)
NEXTVAL = re.compile(r"nextval\s*\(\s*'((?:[^']|'')*)'", re.IGNORECASE)
NOT_NULL = re.compile(r'^\(*\s*("(?:[^"]|"")+"|[\w$]+)\s+IS\s+NOT\s+NULL\s*\)*$', re.IGNORECASE)


def functions(text: str) -> tuple[str, ...]:
    """Return the names of what looks like a call, in lower case where they are not quoted."""
    bare = LITERAL.sub("''", text)
    return tuple(
        name[1:-1] if name.startswith('"') else name.lower() for name in CALL.findall(bare)
    )


def is_volatile(catalog: Catalog, text: str) -> bool:
    """Tell whether an expression must be computed for each row."""
    return any(catalog.volatility(name) == "volatile" for name in functions(text))


def sequences(text: str) -> tuple[Name, ...]:
    """Return the sequences that ``nextval('…')`` names."""
    return tuple(read_name(found) for found in NEXTVAL.findall(text))


def read_name(text: str) -> Name:
    """Read a name as ``regclass`` does."""
    parts = [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
        for part in re.findall(r'"(?:[^"]|"")+"|[^."]+', text.strip())
    ]
    return Name(parts[-1], parts[-2] if len(parts) > 1 else "") if parts else Name("")


def is_null(text: str | None) -> bool:
    """No default, or one that is NULL."""
    return text is None or bool(re.fullmatch(r"\(*\s*null\s*(::.*)?\)*", text.strip(), re.I))


def conjuncts(expression: str) -> list[str]:
    """Split ``CHECK ((a AND b))`` or a bare condition into what must hold at once."""
    text = re.sub(r"^CHECK\s*", "", expression.strip(), flags=re.IGNORECASE)
    text = re.sub(r"\s+(NOT VALID|NO INHERIT|NOT ENFORCED)$", "", text)
    return _split(text)


def _split(text: str) -> list[str]:
    text = text.strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    depth, start, parts, quote = 0, 0, [], ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif depth == 0 and re.match(r"\sand\s", text[place : place + 5], re.IGNORECASE):
            parts.append(text[start:place])
            start = place + 5
    parts.append(text[start:])
    if len(parts) == 1:
        return [text]
    return [found for part in parts for found in _split(part)]


def _closes(text: str) -> int:
    depth, quote = 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return place
    return -1


def valid_checks(relation: Relation) -> list[str]:
    """Return what the valid checks of a table prove, each a condition."""
    return [
        part
        for constraint in relation.constraints
        if constraint.kind == "check" and constraint.validated and constraint.enforced
        for part in conjuncts(constraint.expression)
    ]


def proves_not_null(relation: Relation, column: str) -> str:
    """Return the condition that shows a column to hold no NULL, ``""`` where none does.

    Source: ``NotNullImpliedByRelConstraints``; a mere comparison proves nothing, since a check
    passes where it is NULL.
    """
    return next((part for part in valid_checks(relation) if not_null_of(part) == column), "")


def not_null_of(condition: str) -> str:
    match = NOT_NULL.match(condition.strip())
    if not match:
        return ""
    name = match[1]
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def mentions(text: str, columns: Iterable[str]) -> bool:
    """Tell whether an expression names one of the columns."""
    bare = LITERAL.sub("''", text)
    return any(re.search(rf'(?<![\w"]){re.escape(name)}(?![\w"])|"{re.escape(name)}"', bare)
               for name in columns)  # fmt: skip
