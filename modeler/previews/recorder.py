"""Writing down the statements that pass through a connection, with what they do."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.analyst import Analyst
from modeler.previews.effects.effect import Effects
from modeler.previews.sql.reader import split_statements
from modeler.previews.trace.shape import commits, waits_outside
from modeler.previews.trace.trace import Trace
from modeler.previews.trace.tracer import Tracer
from modeler.previews.words import in_words, storable

# Django's own savepoints are no statements of the migration.
SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE SAVEPOINT)\b", re.I)
UNDONE = re.compile(r"\s*ROLLBACK TO SAVEPOINT\b", re.I)
READING = re.compile(r"\s*(SELECT|SHOW|WITH\b(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A statement that ran; see ``Statement`` for its attributes."""

    sql: str
    transaction: int
    effects: Effects | None = None
    trace: Trace | None = None
    error: str = ""


class Recorder:
    """Notes what runs on one connection.

    Args:
        connection: a Django connection to PostgreSQL.
        analyst: says what the rules expect; None to note statements alone.
        tracer: measures; None to run without.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        *,
        analyst: Analyst | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        self.connection = connection
        self.analyst = analyst
        self.tracer = tracer
        self.reading = False
        self._recorded: list[Recorded] = []
        self._transaction = 0
        self._count_transactions()

    @contextmanager
    def listening(self) -> Iterator[Recorder]:
        with self.connection.execute_wrapper(self._note):
            yield self

    def take(self) -> tuple[Recorded, ...]:
        """Return what was noted since the last call."""
        taken, self._recorded = tuple(self._recorded), []
        return taken

    def _note(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        text = str(sql)
        if SAVEPOINT.match(text):
            return execute(sql, params, many, context)
        if UNDONE.match(text):
            result = execute(sql, params, many, context)
            self._forget()
            return result
        # Django asks the catalog for names of constraints; only Python code's own reading counts.
        if not self.reading and READING.match(text):
            return execute(sql, params, many, context)
        parts = self._parts(text, params, many)
        if len(parts) > 1:
            return self._script(execute, parts, params, context)
        return self._statement(execute, sql, params, many=many, context=context)

    def _parts(self, text: str, params: Any, many: bool) -> tuple[str, ...]:
        """Return the statements of a script that can be run one by one, else the text alone.

        PostgreSQL runs a script that is sent at once in one transaction, and refuses there what
        it refuses in any; such a script is left whole, to be refused as it would be.
        """
        if many or params or ";" not in text.rstrip().rstrip(";") or not self.analyst:
            return (text,)
        parts = split_statements(text)
        commands = tuple(command for part in parts for command in self.analyst.read(part))
        if commits(commands) or waits_outside(commands) is not None:
            return (text,)
        return parts

    def _script(self, execute: Callable[..., Any], parts: Any, params: Any, context: Any) -> Any:
        result = None
        with transaction.atomic(using=self.connection.alias, savepoint=False):
            for part in parts:
                result = self._statement(execute, part, params, many=False, context=context)
        return result

    def _statement(
        self, execute: Callable[..., Any], sql: Any, params: Any, *, many: bool, context: Any
    ) -> Any:
        rows = params if many else [params]
        filled = [self._filled(str(sql), row) for row in rows or [None]]
        commands = self.analyst.read(filled[0]) if self.analyst else ()
        effects = self.analyst.effects(commands) if self.analyst else None
        if not self.connection.in_atomic_block:
            self._transaction += 1
        number = self._transaction
        trace = None
        try:
            if self.tracer:
                result, trace = self.tracer.run(
                    lambda: execute(sql, params, many, context), commands, transaction=number
                )
            else:
                result = execute(sql, params, many, context)
        except Exception as error:  # noted with its statement, and raised again
            self._recorded.append(Recorded(filled[0], number, effects, error=in_words(error)))
            raise
        if self.analyst:
            self.analyst.ran(commands)
        # What was measured belongs to all rows of executemany at once.
        self._recorded += [
            Recorded(one, number, effects, trace if position == 0 else None)
            for position, one in enumerate(filled)
        ]
        return result

    def _forget(self) -> None:
        if self.tracer:
            self.tracer.refresh()
        if self.analyst:
            self.analyst.forget()

    def _count_transactions(self) -> None:
        """Give each outermost transaction a number; Django begins one by ending autocommit."""
        plain = self.connection.set_autocommit

        def set_autocommit(autocommit: bool, *args: Any, **kwargs: Any) -> None:
            if not autocommit:
                self._transaction += 1
            plain(autocommit, *args, **kwargs)

        self.connection.set_autocommit = set_autocommit  # type: ignore[method-assign]

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
    text = storable(first + newline + textwrap.dedent(rest))
    return text if text.endswith(";") else f"{text};"
