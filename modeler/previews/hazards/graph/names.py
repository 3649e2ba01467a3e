"""Names: of migrations, and those that PostgreSQL would cut off or want in quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql import actions
from modeler.previews.sql.commands import (
    AlterRelation,
    Command,
    CreateIndex,
    CreateTable,
    CreateTrigger,
)
from modeler.reporting.finding import Finding, Level
from modeler.schema.sql_text import quoted_name

# NAMEDATALEN - 1 (manual, section 4.1.1).
LONGEST = 63


@HAZARDS.register
class Names(Hazard):
    code = "MP706"
    slug = "names"
    title = "A name says nothing, is too long, or is a word of SQL"
    level = Level.WARNING
    hint = "Choose a name that says what it is, in at most 63 bytes."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        name = migration.preview.name
        if _is_automatic(name):
            yield self.found(
                migration, -1, name, f"The name of {migration.key} does not say what it does."
            )
        # Statements are read as the server reads them, with names cut off already.
        for operation in migration.operations:
            new = operation.new
            names = (operation.table, operation.name, new.column if new else "")
            for given in dict.fromkeys(names):
                if len(given.encode()) > LONGEST:
                    yield self.found(
                        migration,
                        operation.position,
                        given,
                        f"PostgreSQL cuts {given} off after {LONGEST} bytes.",
                    )
        for sent, command in migration.commands():
            for given in _given(command):
                if given.isidentifier() and given == given.lower() != quoted_name(given):
                    yield self.found(
                        migration,
                        sent.statement.operation,
                        given,
                        f"{given} is a word of SQL: it must be quoted wherever it is written.",
                        level=Level.INFO,
                    )


def _is_automatic(name: str) -> bool:
    """``0002_auto_20260102_0304``: Django's name where it finds no better one."""
    parts = name.split("_")
    return len(parts) == 4 and parts[1] == "auto" and parts[2].isdigit() and parts[3].isdigit()


def _given(command: Command) -> Iterator[str]:
    """Return the names that a command gives to new things."""
    if isinstance(command, CreateTable):
        yield command.name.name
        for column in command.columns:
            yield column.name
        yield from (constraint.name for constraint in command.constraints if constraint.name)
    elif isinstance(command, CreateIndex | CreateTrigger):
        if command.name:
            yield command.name
    elif isinstance(command, AlterRelation):
        for action in command.actions:
            if isinstance(action, actions.AddColumn):
                yield action.column.name
            elif isinstance(action, actions.AddConstraint) and action.constraint.name:
                yield action.constraint.name
            elif isinstance(action, actions.Rename):
                yield action.to
