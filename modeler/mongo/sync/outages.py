"""What a worker says when a server does not answer, or entries are not its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from pymongo.errors import AutoReconnect, PyMongoError, ServerSelectionTimeoutError

from modeler.errors import ServerError
from modeler.mongo.server import said_clearly
from modeler.reporting.words import plural

SHOWN = 5
AFTER_LOSS = 1.0  # seconds until what was lost with a connection is tried again
T = TypeVar("T")


def tried_twice(action: Callable[[], T]) -> T:
    """Do something, and again where its connection to MongoDB broke or the primary changed.

    As the driver does for retryable writes ("Retryable Writes" in MongoDB's manual), which is
    switched off for ours.

    Args:
        action: that may be repeated as a whole.

    Raises:
        pymongo.errors.PyMongoError: the second time failed too, or no server was found at all.
    """
    try:
        return action()
    except ServerSelectionTimeoutError:
        raise
    except AutoReconnect:
        time.sleep(AFTER_LOSS)
        return action()


def outage_said(error: Exception) -> str:
    """Return one sentence: which server, and what is wrong."""
    if isinstance(error, PyMongoError):
        try:
            with said_clearly():
                raise error
        except ServerError as said:
            return str(said).replace(" Run the command again.", "")
    lines = str(error).strip().splitlines() or ["no reason"]
    # Where it is, and what the driver was doing, is in front of what the server said.
    text = lines[0].rpartition("FATAL:")[2].strip().rstrip(".")
    if isinstance(error, OperationalError | InterfaceError):
        return f"PostgreSQL does not answer: {text}."
    assert isinstance(error, DatabaseError)
    return (
        f"PostgreSQL refuses: {text}. If the tables have changed, start workers anew with the "
        "models of today."
    )


def unclaimed_said(found: Sequence[tuple[str, int]]) -> str:
    """Return a sentence about entries that a worker leaves alone."""
    count = sum(number for _, number in found)
    names = ", ".join(watch for watch, _ in found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    return (
        f"{plural(count, 'entry', 'entries')} in the queue are left to other workers ({names}): "
        "of collections that this one does not follow, or of newer triggers. If nobody follows "
        "them, start workers anew, or run --install."
    )
