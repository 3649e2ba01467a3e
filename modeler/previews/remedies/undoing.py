"""What undoes a statement that stays as it is, as far as Django's own way back says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from modeler.previews.hazards.plan import Sent
from modeler.previews.remedies.atom import Atom
from modeler.previews.remedies.statements import (
    action_text,
    alter,
    concurrently,
    constraint_text,
    quoted,
    table_text,
    without_end,
)
from modeler.previews.sql import actions, commands
from modeler.previews.sql.actions import Action
from modeler.previews.sql.definitions import Constraint, Name


@dataclass(frozen=True, slots=True)
class Undoing:
    """The backward statements of one operation.

    Attributes:
        sent: them, in the order in which they run.
    """

    sent: tuple[Sent, ...]

    def of(self, atom: Atom) -> str | None:
        """Return what undoes a command; ``""``: nothing need be done, None: unknown."""
        return self._of_action(atom) if atom.action else self._of_command(atom)

    def constraint(self, table: Name | None, name: str) -> Constraint | None:
        """Return a constraint as the way back would make it again, None where it does not."""
        again = [
            action.constraint
            for action in self._actions(table)
            if isinstance(action, actions.AddConstraint)
        ]
        named = [constraint for constraint in again if constraint.name == name]
        if named:
            return named[0]
        # A name that PostgreSQL chose comes back as one that Django chooses; it is the same.
        return replace(again[0], name=name) if len(again) == 1 else None

    def index(self, name: str) -> str | None:
        """Return the statement that builds an index again, concurrently."""
        for sent in self.sent:
            for command in sent.commands:
                if isinstance(command, commands.CreateIndex) and command.name == name:
                    return concurrently(sent.statement.sql)
        return None

    def same_column(self, atom: Atom, kind: type[Action], column: str) -> str | None:
        """Return the backward statement of a kind about a column."""
        for action in self._actions(atom.name):
            if isinstance(action, kind) and getattr(action, "column", "") == column:
                text = action_text(action)
                return alter(atom.table, text) if text else None
        return None

    def _actions(self, table: Name | None) -> Iterator[Action]:
        for sent in self.sent:
            for command in sent.commands:
                if isinstance(command, commands.AlterRelation) and command.name == table:
                    yield from command.actions

    def _of_action(self, atom: Atom) -> str | None:
        table = atom.table
        match atom.action:
            case actions.AddColumn(column=column):
                return alter(table, f"DROP COLUMN IF EXISTS {quoted(column.name)}")
            case actions.AddConstraint(constraint=constraint) if constraint.name:
                return alter(table, f"DROP CONSTRAINT IF EXISTS {quoted(constraint.name)}")
            case actions.SetDefault(column=column, expression=None):
                # Django's own default of the moment, or one that the way back sets again.
                return self.same_column(atom, actions.SetDefault, column) or ""
            case actions.SetDefault(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} DROP DEFAULT")
            case actions.SetNotNull(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} DROP NOT NULL")
            case actions.DropNotNull(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} SET NOT NULL")
            case actions.DropConstraint(name=name):
                again = self.constraint(atom.name, name)
                text = constraint_text(again) if again else ""
                return alter(table, f"ADD {text}") if text else None
            case actions.AlterType(column=column):
                return self.same_column(atom, actions.AlterType, column)
            case actions.ValidateConstraint():
                return ""
            case actions.Rename(to=to, column=old) if old:
                return alter(table, f"RENAME COLUMN {quoted(to)} TO {quoted(old)}")
            case actions.Rename(to=to, constraint=old) if old:
                return alter(table, f"RENAME CONSTRAINT {quoted(to)} TO {quoted(old)}")
            case actions.Rename(to=to) if atom.name:
                renamed = table_text(Name(to, atom.name.schema))
                return alter(renamed, f"RENAME TO {quoted(atom.bare)}")
        return None

    def _of_command(self, atom: Atom) -> str | None:
        match atom.command:
            case commands.CreateIndex(name=name, table=table):
                return f"DROP INDEX IF EXISTS {table_text(Name(name, table.schema))}"
            case commands.Comment(name=name):
                for sent in self.sent:
                    for found in sent.commands:
                        if isinstance(found, commands.Comment) and found.name == name:
                            return without_end(sent.statement.sql)
        return None
