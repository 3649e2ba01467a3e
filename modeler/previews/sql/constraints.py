"""Constraints of tables and columns.

Source: PostgreSQL manual, CREATE TABLE (column_constraint, table_constraint), 14 to 18.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Constraint, Reference

ACTIONS = (("no", "action"), ("restrict",), ("cascade",), ("set", "null"), ("set", "default"))


def at_table_constraint(cursor: Cursor) -> bool:
    """Tell whether a constraint of a table follows; else it is a column."""
    return (
        cursor.is_name("constraint", "check", "unique", "primary", "foreign")
        or (cursor.at("exclude") and _begins_exclusion(cursor))
        or cursor.at("not", "null")
    )  # fmt: skip


def table_constraint(cursor: Cursor) -> Constraint:
    """Read ``[CONSTRAINT name] …`` of CREATE TABLE or ADD."""
    name = cursor.identifier() if cursor.take("constraint") else ""
    if cursor.take("check"):
        found = Constraint("check", name, expression=cursor.bracketed())
    elif cursor.take("not", "null"):
        found = Constraint("not null", name, (cursor.identifier(),))
    elif cursor.take("foreign", "key"):
        columns, _ = _key(cursor)
        cursor.need("references")
        found = Constraint("foreign key", name, columns, references=reference(cursor))
    elif cursor.take("exclude"):
        found = _exclusion(cursor, name)
    elif cursor.is_name("unique", "primary"):
        found = _unique(cursor, name)
    else:
        raise cursor.unexpected("a constraint")
    return attributes(cursor, found)


def column_constraint(cursor: Cursor, column: str) -> Constraint | None:
    """Read a constraint of a column; None where another part of the column follows."""
    start = cursor.position
    name = cursor.identifier() if cursor.take("constraint") else ""
    own = (column,)
    if cursor.take("not", "null"):
        found = Constraint("not null", name, own)
    elif cursor.take("check"):
        found = Constraint("check", name, own, cursor.bracketed())
    elif cursor.take("references"):
        found = Constraint("foreign key", name, own, references=reference(cursor))
    elif cursor.is_name("unique") or cursor.at("primary", "key"):
        kind = "unique" if cursor.take("unique") else "primary key"
        if kind == "primary key":
            cursor.need("primary", "key")
        distinct = kind != "unique" or _nulls_distinct(cursor)
        _index_parameters(cursor)
        found = Constraint(kind, name, own, nulls_distinct=distinct)
    else:
        if name and not cursor.is_name("null", "default", "generated", "collate"):
            raise cursor.unexpected("a constraint")
        # A name of DEFAULT, NULL or GENERATED is allowed and forgotten.
        cursor.position = start + 2 if name else start
        return None
    return attributes(cursor, found)


def attributes(cursor: Cursor, constraint: Constraint) -> Constraint:
    """Read DEFERRABLE, INITIALLY, NOT VALID, ENFORCED, NO INHERIT in any order."""
    found: dict[str, Any] = {}
    while True:
        if cursor.take("not", "deferrable"):
            found["deferrable"] = False
        elif cursor.take("deferrable"):
            found["deferrable"] = True
        elif cursor.take("initially", "deferred"):
            found |= {"deferred": True, "deferrable": True}
        elif cursor.take("initially", "immediate"):
            found["deferred"] = False
        elif cursor.take("not", "valid"):
            found["valid"] = False
        elif cursor.take("not", "enforced"):
            found["enforced"] = False
        elif cursor.take("enforced"):
            found["enforced"] = True
        elif cursor.take("no", "inherit"):
            found["inherited"] = False
        else:
            return replace(constraint, **found) if found else constraint


def reference(cursor: Cursor) -> Reference:
    """Read what follows REFERENCES."""
    table = cursor.relation()
    columns = _key(cursor)[0] if cursor.is_mark("(") else ()
    if cursor.take("match") and not cursor.take_one_of("full", "partial", "simple"):
        raise cursor.unexpected("FULL, PARTIAL or SIMPLE")
    on_delete = on_update = ""
    while cursor.is_name("on"):
        cursor.step()
        if cursor.take("delete"):
            on_delete = _action(cursor)
        else:
            cursor.need("update")
            on_update = _action(cursor)
    return Reference(table, columns, on_delete, on_update)


def _action(cursor: Cursor) -> str:
    for words in ACTIONS:
        if cursor.take(*words):
            if cursor.is_mark("("):
                cursor.columns()
            return " ".join(words)
    raise cursor.unexpected("CASCADE, RESTRICT, NO ACTION, SET NULL or SET DEFAULT")


def _unique(cursor: Cursor, name: str) -> Constraint:
    kind = "unique" if cursor.take("unique") else "primary key"
    if kind == "primary key":
        cursor.need("primary", "key")
    if cursor.take("using", "index"):
        return Constraint(kind, name, using_index=cursor.identifier())
    distinct = kind != "unique" or _nulls_distinct(cursor)
    columns, periods = _key(cursor)
    _index_parameters(cursor)
    return Constraint(
        kind, name, columns, nulls_distinct=distinct, without_overlaps=periods
    )  # fmt: skip


def _key(cursor: Cursor) -> tuple[tuple[str, ...], bool]:
    """Read columns; the last may be a period (18): PERIOD c, or c WITHOUT OVERLAPS."""
    periods = False

    def column() -> str:
        nonlocal periods
        if cursor.at("period") and cursor.tokens[cursor.position + 1].kind in {"name", "quoted"}:
            cursor.step()
            periods = True
        name = cursor.identifier()
        periods = cursor.take("without", "overlaps") or periods
        return name

    return cursor.listed(column), periods


def _nulls_distinct(cursor: Cursor) -> bool:
    if cursor.take("nulls", "not", "distinct"):
        return False
    cursor.take("nulls", "distinct")
    return True


def _exclusion(cursor: Cursor, name: str) -> Constraint:
    method = cursor.identifier() if cursor.take("using") else "gist"
    start, columns = cursor.position, []
    cursor.expect("(")
    while True:
        # A column's name stands alone before its options; anything else is an expression.
        alone = cursor.at_identifier() and cursor.tokens[cursor.position + 1].text not in {
            "(",
            ".",
        }
        if alone:
            columns.append(cursor.identifier())
        else:
            cursor.skip_group()
        while not (cursor.is_mark(",") or cursor.is_mark(")") or cursor.ended):
            cursor.skip_group()
        if not cursor.take_mark(","):
            break
    cursor.expect(")")
    expression = cursor.text(start + 1, cursor.position - 1)
    _index_parameters(cursor)
    where = cursor.bracketed() if cursor.take("where") else ""
    return Constraint(
        "exclude", name, tuple(columns), expression, method=method, where=where
    )  # fmt: skip


def _begins_exclusion(cursor: Cursor) -> bool:
    following = cursor.tokens[cursor.position + 1]
    return following.text == "(" or (following.kind == "name" and following.text == "using")


def _index_parameters(cursor: Cursor) -> None:
    if cursor.take("include"):
        cursor.columns()
    if cursor.take("with"):
        cursor.bracketed()
    if cursor.take("using", "index", "tablespace"):
        cursor.identifier()
