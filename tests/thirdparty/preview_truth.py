"""What a traced preview measured, against what the rules said: one line a migration.

The trace is the truth: locks from ``pg_locks``, work from the server's own messages and counters,
with rows in every table that took some. The rules never see it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import WorkKind
from modeler.previews.holds import Hold, by_rules, by_trace, holds_of
from modeler.previews.preview import MigrationPreview
from modeler.previews.sql.commands import AlterRelation, CreateIndex, Drop, Query, Truncate
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.reader import read_statements
from modeler.previews.statement import Statement
from modeler.schema.sql_text import quoted_name


@dataclass(frozen=True, slots=True)
class Account:
    """What one side says of a migration; relations are tables that were there before it.

    Attributes:
        blocking: tables whose writers wait while work goes on that grows with rows.
        rewrites: tables that are written anew.
        locks: strongest mode by table.
        others: pairs of statement and table that is locked although the statement is not about it.
    """

    blocking: frozenset[str]
    rewrites: frozenset[str]
    locks: dict[str, str]
    others: frozenset[tuple[int, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "blocking": sorted(self.blocking),
            "rewrites": sorted(self.rewrites),
            "locks": dict(sorted(self.locks.items())),
            "others": sorted(map(list, self.others)),
        }


def account(migration: MigrationPreview, part: Any) -> Account:
    """Return what ``by_rules`` or ``by_trace`` says of a migration."""
    holds = [hold for hold in holds_of(migration.forward, part) if hold.kind.holds_rows]
    strongest: dict[str, Hold] = {}
    for hold in holds:
        known = strongest.get(hold.relation)
        if known is None or hold.mode.strength > known.mode.strength:
            strongest[hold.relation] = hold
    return Account(
        frozenset(hold.relation for hold in holds if hold.blocks_long),
        frozenset(
            entry.relation
            for statement in migration.forward
            for entry in part(statement)[1]
            if entry.kind is WorkKind.REWRITE
        ),
        {
            name: hold.mode.value
            for name, hold in strongest.items()
            if hold.mode is not LockMode.ACCESS_SHARE
        },
        frozenset(
            (position, lock.relation)
            for position, statement in enumerate(migration.forward)
            for lock in part(statement)[0]
            if lock.kind.holds_rows
            and lock.mode is not LockMode.ACCESS_SHARE
            and lock.relation not in _about(statement)
        ),
    )


def lines(
    project: str, migrations: Iterable[MigrationPreview]
) -> Iterator[tuple[MigrationPreview, Account, Account]]:
    """Give each migration that could be traced with the rules' account and the measured one."""
    for migration in migrations:
        if not migration.error:
            yield migration, account(migration, by_rules), account(migration, by_trace)


def as_line(project: str, migration: MigrationPreview, measured: Account) -> str:
    """Return a line of the record."""
    return json.dumps({"project": project, "migration": migration.key, **measured.as_json()})


@dataclass(slots=True)
class Score:
    """Counts of right and wrong answers."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    def add(self, said: Iterable[Any], true: Iterable[Any]) -> None:
        said, true = frozenset(said), frozenset(true)
        self.right += len(said & true)
        self.invented += len(said - true)
        self.missed += len(true - said)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.invented) if self.right + self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.right + self.invented + self.missed
        return 2 * self.right / total if total else 1.0


def _about(statement: Statement) -> frozenset[str]:
    """Return the tables that a statement itself speaks of changing."""
    names: set[str] = set()
    for command in read_statements(statement.sql):
        match command:
            case AlterRelation(name=name):
                names.add(_text(name))
            case CreateIndex(table=table):
                names.add(_text(table))
            case Drop(names=dropped):
                names.update(map(_text, dropped))
            case Query(writes=writes):
                names.update(map(_text, writes))
            case Truncate(tables=tables):
                names.update(map(_text, tables))
    return frozenset(names)


def _text(name: Name) -> str:
    return ".".join(quoted_name(part) for part in (name.schema, name.name) if part)
