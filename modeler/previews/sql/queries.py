"""Data statements: SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE, WITH and COPY.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from collections.abc import Sequence

from modeler.errors import FormatError
from modeler.previews.sql.commands import CreateTable, Query
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.parsed_queries import parsed_query
from modeler.previews.sql.plain_queries import plain_query
from modeler.previews.sql.written_columns import with_columns
from modeler.schema.sql_tokens import Token

QUERIES = frozenset({"select", "insert", "update", "delete", "merge", "with", "values", "table"})


def data_statement(cursor: Cursor) -> Query | CreateTable:
    """Read a data statement from the cursor to the end.

    Raises:
        FormatError: it cannot be read; the message says why.
    """
    found = cursor.tokens[cursor.position :]
    cursor.rest()
    plain = plain_query(cursor.source, found)
    read = parsed_query(cursor.source, found) if plain is None else plain
    return with_columns(read, found) if isinstance(read, Query) else read


def read_query(source: str, found: Sequence[Token]) -> Query | None:
    """Read a query within another statement; None where it cannot be read.

    Args:
        source: the text that the tokens point into.
        found: the query's tokens, without an ``end`` token.
    """
    if not found:
        raise FormatError("a query is expected, not the end")
    if not (found[0].text in QUERIES and found[0].kind == "name") and found[0].text != "(":
        return None  # such as EXECUTE
    place = found[-1].end
    cursor = Cursor(source, [*found, Token("end", "", place, place)])
    try:
        read = data_statement(cursor)
    except FormatError:
        return None
    return read if isinstance(read, Query) else None


def copy(cursor: Cursor) -> Query:
    """Read what follows COPY."""
    if cursor.is_mark("("):
        start = cursor.position + 1
        cursor.skip_group()
        inner = read_query(cursor.source, cursor.tokens[start : cursor.position - 1])
        cursor.need("to")
        cursor.rest()
        if inner is None:
            raise FormatError("the query of COPY cannot be read")
        return Query(
            "copy to", inner.writes, inner.reads, inner.locks_rows, inner.filtered,
            functions=inner.functions,
        )  # fmt: skip
    cursor.take("binary")
    table = cursor.relation()
    columns = tuple(cursor.columns()) if cursor.is_mark("(") else ()
    way = cursor.take_one_of("from", "to")
    if not way:
        raise cursor.unexpected("FROM or TO")
    if cursor.ended:
        raise cursor.unexpected("a file, STDIN or STDOUT")
    text = cursor.rest().lower()
    if way == "from":
        return Query("copy from", (table,), filtered=" where " in text, columns=columns)
    return Query("copy to", reads=(table,))
