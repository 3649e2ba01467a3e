"""Why a safe migration stopped, and what the server's code for it is."""

from __future__ import annotations

from django.db import Error, InterfaceError

from modeler.errors import ModelerError

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK = "40P01"
QUERY_CANCELED = "57014"
UNIQUE_VIOLATION = "23505"
# The server rolled the transaction back for what others did: another attempt may go through.
AGAIN = frozenset({LOCK_NOT_AVAILABLE, DEADLOCK})


class Stopped(ModelerError, RuntimeError):
    """Migrating stopped at a safe point; the message says where it stands and how to go on."""


class Interrupted(KeyboardInterrupt):
    """Somebody asked to leave, by Ctrl-C or SIGTERM."""


def sqlstate(error: BaseException | None) -> str:
    """Return the five characters that PostgreSQL gave an error, ``""`` where it gave none."""
    cause = getattr(error, "__cause__", None)
    for one in (error, cause):
        # psycopg 3 says sqlstate, psycopg2 pgcode.
        code = getattr(one, "sqlstate", None) or getattr(one, "pgcode", None)
        if code:
            return str(code)
    return ""


def origin(error: BaseException) -> BaseException:
    """Return the error that the others followed from.

    Where a session is lost, psycopg 2 says so at the statement, and then, louder, that nothing
    can be rolled back on a closed connection.
    """
    while isinstance(error, InterfaceError) and isinstance(error.__context__, Error):
        error = error.__context__
    return error


def first_line(error: BaseException) -> str:
    """Return the error's first line without its full stop, or its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
