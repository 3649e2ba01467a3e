"""An error as a ``Failure``: what the server said, without the values that it was told."""

from __future__ import annotations

import re
from typing import Any

from django.db import DatabaseError

from modeler.previews.replay.replay import Failure

# Messages of class 22 (data exception) quote the value; others quote names alone.
QUOTED = re.compile(r'"(?:[^"]|"")*"')
NUMBER = re.compile(r"(?<![\w(])-?\d[\d.]*(?![\w)])")
COLUMN = re.compile(r'column "?(?:(?P<table>[\w$]+)"?\."?)?(?P<column>[^"\s]+)"?')
RELATION = re.compile(r'(?:relation|table) "(?P<table>[^"]+)"')


def failure_of(error: BaseException) -> Failure:
    """Return an error of the database, the driver, the ORM or a field."""
    reported = error.__cause__ if isinstance(error, DatabaseError) else None
    diagnosis: Any = getattr(reported, "diag", None)
    sqlstate = getattr(diagnosis, "sqlstate", None) or ""
    if not sqlstate:
        words = " ".join(str(error).split())
        return Failure("", f"{type(error).__name__}: {_without_values(words)}".rstrip(": "))
    message = " ".join((diagnosis.message_primary or "").split())
    table, column = diagnosis.table_name or "", diagnosis.column_name or ""
    if sqlstate in ("42703", "428C9", "42804") and (found := COLUMN.search(message)):
        column = found["column"]
    if not table and (found := RELATION.search(message)):
        table = found["table"]
    if sqlstate == "42703":
        # PostgreSQL names the table in some statements and its alias in others.
        message = f'column "{column}" does not exist'
        table = ""
    if sqlstate.startswith(("22", "P0")):
        message = _without_values(message)
    return Failure(sqlstate, message, table, column, diagnosis.constraint_name or "")


def _without_values(message: str) -> str:
    return NUMBER.sub("…", QUOTED.sub("…", message))
