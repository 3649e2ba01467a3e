"""VACUUM, ANALYZE, CLUSTER, TRUNCATE, LOCK, REFRESH.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from modeler.postgres.locks import LockMode
from modeler.previews.sql.commands import LockTable, Maintain, RefreshView, Truncate
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.options import options_in_brackets
from modeler.previews.sql.relation_actions import cascades

# The longest first: SHARE begins others.
MODES = sorted((tuple(mode.value.split()) for mode in LockMode), key=len, reverse=True)


def vacuum(cursor: Cursor) -> Maintain:
    chosen = options_in_brackets(cursor)
    if not chosen:
        while word := cursor.take_one_of("full", "freeze", "verbose", "analyze", "analyse"):
            chosen["analyze" if word == "analyse" else word] = True
    full = chosen.get("full", False)
    analyze = chosen.get("analyze", chosen.get("analyse", False))
    return Maintain("vacuum full" if full else "vacuum", _tables(cursor), analyze)


def analyze(cursor: Cursor) -> Maintain:
    if not options_in_brackets(cursor):
        cursor.take("verbose")
    return Maintain("analyze", _tables(cursor), analyze=True)


def cluster(cursor: Cursor) -> Maintain:
    if not options_in_brackets(cursor):
        cursor.take("verbose")
    if cursor.ended:
        return Maintain("cluster")
    first = cursor.relation()
    if cursor.take("on"):
        return Maintain("cluster", (cursor.relation(),))
    if cursor.take("using"):
        cursor.identifier()
    return Maintain("cluster", (first,))


def truncate(cursor: Cursor) -> Truncate:
    cursor.take("table")
    only = cursor.at("only")
    tables = cursor.several(lambda: _table(cursor))
    restart = cursor.take("restart", "identity")
    cursor.take("continue", "identity")
    return Truncate(tables, cascades(cursor), restart, only)


def lock(cursor: Cursor) -> LockTable:
    cursor.take("table")
    only = cursor.at("only")
    tables = cursor.several(lambda: _table(cursor))
    mode = LockMode.ACCESS_EXCLUSIVE
    if cursor.take("in"):
        words = next((words for words in MODES if cursor.take(*words)), None)
        if words is None:
            raise cursor.unexpected("a lock mode")
        mode = LockMode(" ".join(words))
        cursor.need("mode")
    return LockTable(tables, mode, cursor.take("nowait"), only)


def refresh(cursor: Cursor) -> RefreshView:
    cursor.need("materialized", "view")
    concurrently = cursor.take("concurrently")
    name = cursor.name()
    empty = cursor.take("with", "no", "data")
    cursor.take("with", "data")
    return RefreshView(name, concurrently, not empty)


def _table(cursor: Cursor) -> Name:
    if cursor.take("only") and cursor.take_mark("("):
        name = cursor.relation()
        cursor.expect(")")
        return name
    return cursor.relation()


def _tables(cursor: Cursor) -> tuple[Name, ...]:
    def table() -> Name:
        name = _table(cursor)
        if cursor.is_mark("("):
            cursor.columns()
        return name

    return () if cursor.ended else cursor.several(table)
