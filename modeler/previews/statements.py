"""Writing down the statements that pass through a connection."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

# Django's own savepoints are no statements of the migration.
SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.I)
READING = re.compile(r"\s*(SELECT|SHOW|WITH\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))", re.I | re.S)


class StatementLog:
    """Statements that ran on one connection.

    Args:
        connection: a Django connection to PostgreSQL.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.statements: list[str] = []
        self.reading = False

    @contextmanager
    def listening(self) -> Iterator[StatementLog]:
        with self.connection.execute_wrapper(self._note):
            yield self

    def take(self) -> tuple[str, ...]:
        """Return what was noted since the last call."""
        taken, self.statements = tuple(self.statements), []
        return taken

    def _note(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, params, many, context)
        text = str(sql)
        # Django asks the catalog for names of constraints; only Python code's own reading counts.
        if not SAVEPOINT.match(text) and (self.reading or not READING.match(text)):
            rows = params if many else [params]
            self.statements += [self._filled(text, row) for row in rows or [None]]
        return result

    def _filled(self, sql: str, params: Any) -> str:
        """Put parameters in; for people to read, and for psql where the values are plain."""
        if params is None:
            return _ended(sql)
        editor = self.connection.SchemaEditorClass(self.connection)
        try:
            if isinstance(params, dict):
                return _ended(sql % {name: editor.quote_value(v) for name, v in params.items()})
            return _ended(sql % tuple(editor.quote_value(value) for value in params))
        except (TypeError, ValueError, KeyError, DatabaseError):
            return f"{_ended(sql)} -- with {params!r}"


def _ended(sql: str) -> str:
    """Return a statement with its semicolon, and without the indentation of the Python around."""
    first, newline, rest = sql.strip().partition("\n")
    text = first + newline + textwrap.dedent(rest)
    return text if text.endswith(";") else f"{text};"
