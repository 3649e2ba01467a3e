"""Operations that work on rows at the project's wish."""

from __future__ import annotations

from modeler.previews.hazards.plan import Planned, Sent

DATA_OPERATIONS = frozenset({"RunPython", "RunSQL"})


def data_words(migration: Planned, sent: Sent) -> str:
    """Return who sends a statement: the function's name, or SQL."""
    operation = migration.operation(sent.statement.operation)
    if operation is not None and operation.kind == "RunPython":
        return operation.code if operation.code.isidentifier() else "Python code"
    return "SQL"
