"""The reader of SQL statements.

Source: PostgreSQL manual, part VI (SQL commands), 14 to 18.
"""

from __future__ import annotations

from modeler.errors import FormatError
from modeler.previews.sql.commands import Command, Unread
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.splitting import split_tokens
from modeler.previews.sql.statements import read_command
from modeler.schema.sql_tokens import Token


def split_statements(sql: str) -> tuple[str, ...]:
    """Return each statement's own text, without the semicolon and without comments around it.

    ``read_statements`` gives as many commands, in the same order.
    """
    return tuple(sql[found[0].start : found[-1].end] for found in split_tokens(sql))


def read_statements(sql: str) -> tuple[Command, ...]:
    """Read a text of any number of statements.

    Args:
        sql: for PostgreSQL; placeholders of database drivers (``%s``, ``%(name)s``, ``$1``) may
            stand for values.

    Returns:
        One command a statement; ``Unread`` with the reason where one cannot be read. Comments
        and empty statements give none.
    """
    return tuple(_read(sql, found) for found in split_tokens(sql))


def _read(sql: str, found: list[Token]) -> Command:
    for token in found:
        if token.kind == "bad":
            return Unread(_what_is_bad(token))
        if token.kind == "quoted" and sql[token.start] == "`":
            return Unread('backquotes are MySQL\'s; PostgreSQL quotes names with "…"')
    place = found[-1].end
    cursor = Cursor(sql, [*found, Token("end", "", place, place)])
    try:
        command = read_command(cursor)
        cursor.finish()
    except FormatError as error:
        return Unread(str(error))
    except RecursionError:
        return Unread("its parts are nested too deep")
    return command


def _what_is_bad(token: Token) -> str:
    match token.text[:1]:
        case '"':
            return "a quoted name does not end"
        case "'" | "e" | "E" | "b" | "B" | "x" | "X" | "u" | "U" | "n" | "N":
            return "a string does not end"
        case "$" if len(token.text) > 1:
            return "a dollar-quoted string does not end"
        case "/":
            return "a comment does not end"
        case "\\":
            return "a command of psql (it begins with a backslash) is no SQL"
    return f"no statement of PostgreSQL holds {token.text[:20]!r}"
