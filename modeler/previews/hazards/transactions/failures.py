"""The statement on which a rehearsal failed."""

from __future__ import annotations

from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.sql.definitions import Name


def failed_at(migration: Planned, words: str) -> Sent | None:
    """Return the statement that the server refused, if its message holds these words."""
    return next((sent for sent in migration.sent if words in sent.statement.error), None)


def failed_table(migration: Planned, failed: Sent) -> str:
    """Return the table that a statement speaks of."""
    for command in failed.commands:
        for part in ("table", "name"):
            found = getattr(command, part, None)
            if isinstance(found, Name):
                return found.name
    operation = migration.operation(failed.statement.operation)
    return operation.table if operation and operation.table else "the table"
