"""On what a rehearsal failed, be it on generated rows alone."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.hazards.plan import Planned
from modeler.previews.sql.commands import Command
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.reader import read_statements

# What the server says of failures that have rules of their own; the shadow's messages are in
# English.
PENDING_EVENTS = "pending trigger events"
ENUM_VALUE = "unsafe use of new value"
OWN_RULES = (PENDING_EVENTS, ENUM_VALUE)


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong first.

    Attributes:
        operation: its position, -1 where it was none.
        words: what PostgreSQL, Django or the project's code said.
        sql: the statement that the server refused, ``""`` where it was none.
        commands: what that statement says.
        on_rows: it went well on other rows or on none.
    """

    operation: int
    words: str
    sql: str
    commands: tuple[Command, ...]
    on_rows: bool

    @property
    def evidence(self) -> tuple[tuple[str, str], ...]:
        said = ("the server said" if self.sql else "said", self.words)
        return (("statement", self.sql), said) if self.sql else (said,)


def failure(migration: Planned) -> Failed | None:
    """Return on what a migration's rehearsal failed, None where it did not."""
    preview = migration.preview
    words = preview.error or preview.broken_by_rows
    if not words:
        return None
    sql = preview.broke_on
    return Failed(
        preview.broke_at, words, sql, read_statements(sql) if sql else (), not preview.error
    )


def failed_at(migration: Planned, words: str) -> Failed | None:
    """Return the failure if its message holds these words."""
    failed = failure(migration)
    return failed if failed is not None and words in failed.words else None


def failed_table(migration: Planned, failed: Failed) -> str:
    """Return the table that a statement speaks of."""
    for command in failed.commands:
        for part in ("table", "name"):
            found = getattr(command, part, None)
            if isinstance(found, Name):
                return found.name
    operation = migration.operation(failed.operation)
    return operation.table if operation and operation.table else "the table"


def told_apart(migration: Planned, failed: Failed) -> bool:
    """Tell whether a rule of its own speaks of a failure."""
    if any(words in failed.words for words in OWN_RULES):
        return True
    return any(
        sent.statement.error == failed.words
        and sent.statement.effects is not None
        and bool(sent.statement.effects.fails)
        for sent in migration.sent
    )
