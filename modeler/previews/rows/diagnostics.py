"""What the server says of a statement that it refuses, and how to go on after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError

SAVEPOINT = "modeler_rows"


@contextmanager
def savepoint(cursor: Any) -> Iterator[None]:
    """Keep what the block does, or undo it where it raises."""
    cursor.execute(f"SAVEPOINT {SAVEPOINT}")
    try:
        yield
    except BaseException:
        cursor.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")
        raise
    cursor.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")


def diagnosed(error: DatabaseError) -> tuple[str, str]:
    """Return the SQLSTATE and the column that the server named, ``""`` where it named none."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or ""
    diagnostics = getattr(cause, "diag", None)
    return state, getattr(diagnostics, "column_name", None) or ""


def context_of(error: DatabaseError) -> str:
    """Return in which function the server was, ``""`` for none."""
    return getattr(getattr(error.__cause__, "diag", None), "context", None) or ""


def in_words(error: DatabaseError) -> str:
    """Return the server's message as one line."""
    return " ".join(str(error).split())
