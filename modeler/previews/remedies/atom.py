"""The commands of an operation's statements, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.hazards.plan import Sent
from modeler.previews.relation_names import relation_name
from modeler.previews.remedies.change import NoRemedy
from modeler.previews.remedies.statements import table_text, without_end
from modeler.previews.sql import commands
from modeler.previews.sql.actions import Action
from modeler.previews.sql.commands import Command
from modeler.previews.sql.definitions import Name


@dataclass(frozen=True, slots=True)
class Atom:
    """One command of a statement; of ALTER TABLE one of its actions.

    Attributes:
        sent: the statement.
        command: what it says.
        action: the part of ALTER TABLE, None of other commands.
    """

    sent: Sent
    command: Command
    action: Action | None = None

    @property
    def name(self) -> Name | None:
        """The table that it is about, None where it names none."""
        match self.command:
            case commands.AlterRelation(name=name) | commands.CreateIndex(table=name):
                return name
        return None

    @property
    def table(self) -> str:
        """That table as SQL, ``""`` without one."""
        return table_text(self.name) if self.name else ""

    @property
    def bare(self) -> str:
        """That table's name without its schema."""
        return self.name.name if self.name else ""

    @property
    def sql(self) -> str:
        """The whole statement, without its semicolon."""
        return without_end(self.sent.statement.sql)

    @property
    def lives(self) -> bool:
        """Somebody may be waiting: the table was there before."""
        if self.name is None:
            return bool(self.sent.touched)
        return relation_name(self.name.schema, self.name.name) in self.sent.touched

    @property
    def is_partitioned(self) -> bool:
        return any(lock.kind is RelationKind.PARTITIONED_TABLE for lock in self.sent.locks)

    @property
    def works(self) -> bool:
        """Its statement does work that grows with rows."""
        return bool(self.sent.work)

    @property
    def rewrites(self) -> bool:
        return any(entry.kind is WorkKind.REWRITE for entry in self.sent.work)

    def no_remedy(self) -> NoRemedy:
        """Return the error for work that no other statement does in a gentler way."""
        work = " and ".join(dict.fromkeys(str(entry.kind) for entry in self.sent.work))
        name = relation_name(self.name.schema, self.name.name) if self.name else "its table"
        return NoRemedy(f"the {work} of {name} is one step for PostgreSQL")


def atoms_of(statements: tuple[Sent, ...]) -> Iterator[Atom]:
    """Return the commands of statements, without SET CONSTRAINTS.

    That one is there for what was done before in the same transaction.
    """
    for sent in statements:
        for command in sent.commands:
            match command:
                case commands.SetConstraints():
                    continue
                case commands.AlterRelation(actions=found):
                    for action in found:
                        yield Atom(sent, command, action)
                case _:
                    yield Atom(sent, command)
