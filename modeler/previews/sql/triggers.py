"""Triggers, rules and row-level policies: what hangs on a table.

Source: PostgreSQL manual, CREATE TRIGGER, CREATE RULE, CREATE POLICY, ALTER POLICY, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.commands import CreateRule, CreateTrigger, Policy
from modeler.previews.sql.cursor import Cursor


def create_trigger(cursor: Cursor, *, constraint: bool, or_replace: bool) -> CreateTrigger:
    """Read what follows ``CREATE … TRIGGER``."""
    name = cursor.identifier()
    timing = (
        "instead of" if cursor.take("instead", "of") else cursor.take_one_of("before", "after")
    )
    if not timing:
        raise cursor.unexpected("BEFORE, AFTER or INSTEAD OF")
    events = [_event(cursor)]
    while cursor.take("or"):
        events.append(_event(cursor))
    cursor.need("on")
    table = cursor.name()
    referenced = cursor.name() if cursor.take("from") else None
    while not cursor.at("execute"):
        if cursor.ended:
            raise cursor.unexpected("EXECUTE FUNCTION")
        cursor.skip_group()
    cursor.need("execute")
    if not cursor.take_one_of("function", "procedure"):
        raise cursor.unexpected("FUNCTION")
    function = cursor.name()
    cursor.bracketed()
    return CreateTrigger(
        name, table, constraint, or_replace, timing, tuple(events), function, referenced
    )


def create_rule(cursor: Cursor, *, or_replace: bool) -> CreateRule:
    """Read what follows ``CREATE [OR REPLACE] RULE``."""
    name = cursor.identifier()
    cursor.need("as", "on")
    if not cursor.take_one_of("select", "insert", "update", "delete"):
        raise cursor.unexpected("SELECT, INSERT, UPDATE or DELETE")
    cursor.need("to")
    table = cursor.name()
    if cursor.take("where"):
        cursor.expression("do")
    cursor.need("do")
    cursor.rest()
    return CreateRule(name, table, or_replace)


def policy(cursor: Cursor, *, creates: bool) -> Policy:
    """Read what follows ``CREATE POLICY`` or ``ALTER POLICY``."""
    name = cursor.identifier()
    cursor.need("on")
    table = cursor.name()
    if not creates and cursor.take("rename", "to"):
        return Policy(name, table, creates, cursor.identifier())
    if cursor.take("as") and not cursor.take_one_of("permissive", "restrictive"):
        raise cursor.unexpected("PERMISSIVE or RESTRICTIVE")
    if cursor.take("for") and not cursor.take_one_of(
        "all", "select", "insert", "update", "delete"
    ):
        raise cursor.unexpected("a command")
    if cursor.take("to"):
        cursor.several(cursor.label)
    if cursor.take("using"):
        cursor.bracketed()
    if cursor.take("with", "check"):
        cursor.bracketed()
    return Policy(name, table, creates)


def _event(cursor: Cursor) -> str:
    event = cursor.take_one_of("insert", "update", "delete", "truncate")
    if not event:
        raise cursor.unexpected("INSERT, UPDATE, DELETE or TRUNCATE")
    if event == "update" and cursor.take("of"):
        cursor.several(cursor.identifier)
    return event
