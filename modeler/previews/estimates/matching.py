"""A data statement whose condition holds for as many rows as it does on the live server."""

from __future__ import annotations

import re

from modeler.previews.sql.commands import Query
from modeler.previews.sql.reader import read_statements

TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | --[^\n]* | /\*.*?\*/
    | [()] | \b(?:WHERE|RETURNING)\b
    """,
    re.X | re.I | re.S,
)
PARTS = 10_000


def matching(statement: str, share: float) -> str | None:
    """Return an UPDATE or DELETE with the same condition that changes a share of the rows.

    Which rows those are is decided by where they lie, so that they are spread over the table.

    Args:
        statement: one statement.
        share: 0 to 1.

    Returns:
        None where the statement has no condition, or is another one.
    """
    commands = read_statements(statement)
    if len(commands) != 1 or not isinstance(commands[0], Query):
        return None
    if commands[0].verb not in {"update", "delete"} or not commands[0].filtered:
        return None
    text = statement.rstrip().rstrip(";")
    depth, start, end = 0, -1, len(text)
    for token in TOKEN.finditer(text):
        word = token[0].upper()
        if word in "()":
            depth += 1 if word == "(" else -1
        elif depth == 0 and word == "WHERE":
            start = token.end()
        elif depth == 0 and word == "RETURNING":
            end = token.start()
    if start < 0:
        return None
    condition = text[start:end].strip()
    some = f"abs(hashtext(ctid::text)::bigint) % {PARTS} < {round(share * PARTS)}"
    return f"{text[:start]} ({condition}) IS NULL OR {some} {text[end:]}".rstrip()
