"""CREATE TABLE in all its forms.

Source: PostgreSQL manual, CREATE TABLE, CREATE TABLE AS and CREATE FOREIGN TABLE, 14 to 18.
"""

from __future__ import annotations

from typing import Any

from modeler.previews.sql.columns import column_definition
from modeler.previews.sql.commands import CreateTable
from modeler.previews.sql.constraints import at_table_constraint, table_constraint
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Column, Constraint, Name
from modeler.previews.sql.queries import read_query


def create_table(cursor: Cursor, **kind: bool) -> CreateTable:
    """Read what follows ``CREATE … TABLE``.

    Args:
        cursor: behind the word TABLE.
        kind: ``temporary``, ``unlogged`` or ``foreign``, as written before it.
    """
    facts: dict[str, Any] = {**kind, "if_not_exists": cursor.take("if", "not", "exists")}
    name = cursor.name()
    if cursor.take("partition", "of"):
        facts["partition_of"] = cursor.name()
        _elements(cursor, facts, typed=False)
        facts["bounds"] = partition_bounds(cursor)
    elif cursor.take("of"):
        facts["of_type"] = cursor.name()
        _elements(cursor, facts, typed=False)
    elif _only_names(cursor):
        # CREATE TABLE AS may name its columns.
        facts["columns"] = tuple(Column(column, "") for column in cursor.columns())
        _options(cursor, facts)
        if not cursor.at("as"):
            raise cursor.unexpected("AS")
    elif cursor.is_mark("("):
        _elements(cursor, facts, typed=True)
    _options(cursor, facts)
    if cursor.take("as"):
        _selected(cursor, facts)
    elif not facts.keys() & {"columns", "of_type", "partition_of"}:
        raise cursor.unexpected("a list of columns or AS")
    cursor.finish()
    return CreateTable(name, **facts)


def partition_bounds(cursor: Cursor) -> str:
    """Read ``FOR VALUES …`` or ``DEFAULT`` and return its text."""
    start = cursor.position
    if cursor.take("default"):
        return cursor.text(start)
    cursor.need("for", "values")
    if cursor.take("from"):
        cursor.bracketed()
        cursor.need("to")
    elif not cursor.take_one_of("in", "with"):
        raise cursor.unexpected("IN, FROM or WITH")
    cursor.bracketed()
    return cursor.text(start)


def _elements(cursor: Cursor, facts: dict[str, Any], *, typed: bool) -> None:
    columns: list[Column] = []
    constraints: list[Constraint] = []
    like: list[Name] = []
    if not typed and not cursor.is_mark("("):
        return
    cursor.expect("(")
    while not cursor.is_mark(")"):
        if at_table_constraint(cursor):
            constraints.append(table_constraint(cursor))
        elif cursor.take("like"):
            like.append(cursor.name())
            while cursor.take_one_of("including", "excluding"):
                cursor.label()
        else:
            columns.append(column_definition(cursor, typed=typed))
        if not cursor.take_mark(","):
            break
    cursor.expect(")")
    facts |= {"columns": tuple(columns), "constraints": tuple(constraints), "like": tuple(like)}


def _options(cursor: Cursor, facts: dict[str, Any]) -> None:
    while True:
        if cursor.take("inherits"):
            facts["inherits"] = cursor.listed(cursor.name) if not _empty(cursor) else ()
        elif cursor.take("partition", "by"):
            start = cursor.position
            cursor.label()
            cursor.bracketed()
            facts["partition_by"] = cursor.text(start)
        elif cursor.take("using") or cursor.take("tablespace") or cursor.take("server"):
            cursor.label()
        elif cursor.take("with") or cursor.take("options"):
            cursor.bracketed()
        elif cursor.take("without", "oids"):
            pass
        elif cursor.take("on", "commit"):
            if not (cursor.take("preserve", "rows") or cursor.take("delete", "rows")):
                cursor.need("drop")
        else:
            return


def _selected(cursor: Cursor, facts: dict[str, Any]) -> None:
    """Read the query of CREATE TABLE AS, and WITH [NO] DATA after it."""
    start = cursor.position
    cursor.rest()
    end, facts["with_data"] = without_data_clause(cursor)
    facts["query"] = cursor.text(start, end)
    facts["selected"] = read_query(cursor.source, cursor.tokens[start:end])


def without_data_clause(cursor: Cursor) -> tuple[int, bool]:
    """Return where a query ends that WITH [NO] DATA may follow, and whether it has data."""
    end = len(cursor.tokens) - 1
    words = [token.text if token.kind == "name" else "" for token in cursor.tokens[:end]]
    if words[-3:] == ["with", "no", "data"]:
        return end - 3, False
    if words[-2:] == ["with", "data"]:
        return end - 2, True
    return end, True


def _only_names(cursor: Cursor) -> bool:
    """Tell whether brackets with names of columns alone follow."""
    if not cursor.is_mark("("):
        return False
    following = cursor.tokens[cursor.position + 1 : cursor.position + 3]
    return len(following) == 2 and (
        following[0].kind in {"name", "quoted"}
        and following[1].kind == "mark"
        and following[1].text in {",", ")"}
    )


def _empty(cursor: Cursor) -> bool:
    if cursor.is_mark("(") and cursor.tokens[cursor.position + 1].text == ")":
        cursor.skip_group()
        return True
    return False
