"""The statement on which a rehearsal failed."""

from __future__ import annotations

from modeler.previews.hazards.plan import Planned, Sent


def failed_at(migration: Planned, words: str) -> Sent | None:
    """Return the statement that the server refused, if its message holds these words."""
    return next((sent for sent in migration.sent if words in sent.statement.error), None)


def failed_table(migration: Planned, failed: Sent) -> str:
    """Return the table that a statement speaks of."""
    for command in failed.commands:
        for part in ("table", "name"):
            found = getattr(command, part, None)
            if found is not None and getattr(found, "name", ""):
                return str(found.name)
    operation = migration.operation(failed.statement.operation)
    return operation.table if operation and operation.table else "the table"
