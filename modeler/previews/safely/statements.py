"""What may be done with a statement: run in a transaction of its own, or run once more."""

from __future__ import annotations

from functools import lru_cache

from modeler.previews.sql.commands import (
    AlterObject,
    Command,
    CreateIndex,
    CreateObject,
    Drop,
    Maintain,
    Opaque,
    Query,
    RefreshView,
    Reindex,
    Session,
    SetConstraints,
    SetParameter,
    Transaction,
    Unread,
)
from modeler.previews.sql.reader import read_statements
from modeler.previews.trace.shape import commits, waits_outside

# Their kinds cannot be made, dropped or set inside of a transaction.
OUTSIDE = frozenset({"database", "tablespace", "subscription", "system"})


@lru_cache(maxsize=512)
def read(sql: str) -> tuple[Command, ...]:
    return read_statements(sql)


def changes_nothing(commands: tuple[Command, ...]) -> bool:
    """Tell whether a statement leaves no trace in the database, so that it needs no note."""
    return all(
        (isinstance(one, Query) and not one.writes)
        or isinstance(one, SetParameter | Session | SetConstraints)
        for one in commands
    )


def fits_transaction(commands: tuple[Command, ...]) -> bool:
    """Tell whether it is known that a statement may run inside of a transaction.

    ``DO``, ``CALL`` and what cannot be read may commit by themselves, so they do not count.
    """
    if waits_outside(commands) or commits(commands):
        return False
    return not any(
        isinstance(one, Opaque | Unread | Transaction)
        or (isinstance(one, CreateObject | AlterObject | Drop) and one.written in OUTSIDE)
        or (isinstance(one, Maintain) and one.verb == "cluster" and not one.tables)
        for one in commands
    )


def may_run_again(commands: tuple[Command, ...]) -> bool:
    """Tell whether a statement whose end is not known can simply be run once more."""
    return all(
        isinstance(one, Maintain | RefreshView | Reindex)
        # An unnamed index would be there twice.
        or (isinstance(one, CreateIndex) and one.name)
        or (isinstance(one, Drop) and (one.concurrently or one.if_exists))
        for one in commands
    )
