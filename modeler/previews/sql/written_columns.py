"""Which columns a data statement writes, and which sequences it takes values of.

Source: PostgreSQL manual, INSERT, UPDATE, and section 9.17 (sequence functions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modeler.previews.sql.commands import Query
from modeler.previews.sql.definitions import Name
from modeler.schema.sql_tokens import Token

SEQUENCE_CALLS = frozenset({"nextval", "setval"})
END_OF_SET = frozenset({"from", "where", "returning"})


def with_columns(query: Query, found: Sequence[Token]) -> Query:
    """Return the query with its columns, sequences and what it does on a conflict.

    Args:
        found: its tokens. Of a WITH, the statement behind it counts.
    """
    levels = _levels(found)
    columns: tuple[str, ...] = ()
    if query.verb == "insert":
        columns = _inserted(found, levels)
    elif query.verb == "update":
        columns = _updated(found, levels)
    return replace(
        query,
        columns=columns,
        sequences=_sequences(found),
        conflict=_conflict(found, levels),
        serials=_serials(found),
    )


def _levels(found: Sequence[Token]) -> list[int]:
    """How many brackets are open at each token."""
    levels, depth = [], 0
    for token in found:
        if token.kind == "mark" and token.text in ")]":
            depth -= 1
        levels.append(depth)
        if token.kind == "mark" and token.text in "([":
            depth += 1
    return levels


def _word(token: Token, *texts: str) -> bool:
    return token.kind == "name" and token.text in texts


def _inserted(found: Sequence[Token], levels: list[int]) -> tuple[str, ...]:
    """The list behind INSERT INTO table; empty where none is written."""
    start = next(
        (place for place, token in enumerate(found)
         if levels[place] == 0 and _word(token, "into")), None,
    )  # fmt: skip
    if start is None:
        return ()
    place = start + 1
    while place < len(found) and not (found[place].kind == "mark" and found[place].text == "("):
        if _word(found[place], "values", "select", "default", "overriding"):
            return ()
        place += 1
    names = []
    for token in found[place + 1 :]:
        if token.kind == "mark" and token.text == ")":
            break
        if _word(token, "select", "with", "values", "table"):
            return ()
        if token.kind in {"name", "quoted"}:
            names.append(token.text)
    return tuple(names)


def _updated(found: Sequence[Token], levels: list[int]) -> tuple[str, ...]:
    """The names before ``=`` behind the statement's own SET."""
    start = next(
        (place for place, token in enumerate(found)
         if levels[place] == 0 and _word(token, "set")), None,
    )  # fmt: skip
    names: list[str] = []
    expects, place = True, (len(found) if start is None else start + 1)
    while place < len(found):
        token = found[place]
        if levels[place] == 0 and _word(token, *END_OF_SET):
            break
        if expects and token.kind in {"name", "quoted"} and levels[place] <= 1:
            names.append(token.text)
            expects = levels[place] == 1
        elif token.kind == "operator" and token.text == "=" and levels[place] == 0:
            expects = False
        elif token.kind == "mark" and token.text == "," and levels[place] == 0:
            expects = True
        elif expects and token.kind == "mark" and token.text == ")":
            expects = False
        place += 1
    return tuple(names)


def _sequences(found: Sequence[Token]) -> tuple[Name, ...]:
    names = {
        _read_name(found[place + 2].text)
        for place, token in enumerate(found[:-2])
        if _word(token, *SEQUENCE_CALLS)
        and found[place + 1].text == "("
        and found[place + 2].kind == "string"
    }
    return tuple(sorted(names))


def _serials(found: Sequence[Token]) -> tuple[tuple[Name, str], ...]:
    named = {
        (_read_name(found[place + 2].text), found[place + 4].text)
        for place, token in enumerate(found[:-4])
        if _word(token, "pg_get_serial_sequence")
        and [found[place + 2].kind, found[place + 4].kind] == ["string", "string"]
    }
    return tuple(sorted(named))


def _read_name(text: str) -> Name:
    """Read what ``regclass`` would: parts with or without quotes."""
    parts, part, quoted = [], "", False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif letter == "." and not quoted:
            parts.append(part)
            part = ""
        else:
            part += letter if quoted else letter.lower()
    parts.append(part)
    return Name(parts[-1], parts[-2] if len(parts) > 1 else "")


def _conflict(found: Sequence[Token], levels: list[int]) -> str:
    for place, token in enumerate(found[:-2]):
        if levels[place] == 0 and _word(token, "on") and _word(found[place + 1], "conflict"):
            named = not _word(found[place + 2], "do")
            updates = any(
                _word(one, "do") and _word(two, "update")
                for one, two in zip(found[place:], found[place + 1 :], strict=False)
            )
            return "update" if updates else "target" if named else "nothing"
    return ""
