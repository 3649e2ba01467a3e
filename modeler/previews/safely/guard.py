"""Every statement of the migrating connection goes through here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction
from django.db import Error as DatabaseProblem

from modeler.previews.safely.attempts import Attempts, Execute
from modeler.previews.safely.interruption import Interruption
from modeler.previews.safely.journal import Journal
from modeler.previews.safely.leftovers import leftover_of
from modeler.previews.safely.log import Log
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.statements import (
    changes_nothing,
    fits_transaction,
    may_run_again,
    read,
)
from modeler.previews.safely.stopped import (
    Stopped,
    first_line,
    sqlstate,
)
from modeler.previews.safely.watch import Watch
from modeler.previews.sql.commands import Command
from modeler.previews.trace.shape import waits_outside

END = 1_000_000  # position of the statements that Django keeps for a migration's end


@dataclass(slots=True)
class Course:
    """The operation of a migration without a transaction that runs now.

    Attributes:
        position: from 0; END for what runs after all operations.
        opaque: it runs code of the project, whose statements may differ the next time.
        seen: how often each text was sent.
        noted: it is noted as begun; the transaction in which that was noted, or True.
    """

    position: int
    said: str
    opaque: bool = False
    seen: Counter[str] = field(default_factory=Counter)
    noted: object = None


class Guard(Attempts):
    """An execute wrapper.

    Inside of a transaction it sets the lock timeout and names blockers. Outside of one, in a
    migration without a transaction, each statement that changes something gets a transaction of
    its own together with the note that it is done; what cannot run in one is mended where an
    earlier attempt left it half done; and both are tried again when a lock was not to be had.

    Attributes:
        course: set while a migration without a transaction is applied, outside of retries by
            whole transactions.
        last_sql: the statement that was sent last.
    """

    def __init__(
        self,
        session: MigratingSession,
        patience: Patience,
        watch: Watch,
        log: Log,
        journal: Journal,
        interruption: Interruption,
    ) -> None:
        super().__init__(session, patience, watch, log)
        self.journal, self.interruption = journal, interruption
        self.course: Course | None = None
        self.last_sql = ""

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.session.quiet:
            return execute(sql, params, many, context)

        given = sql

        def run() -> Any:
            return execute(given, params, many, context)

        sql = _text(sql, self.session.connection.connection)
        self.last_sql = sql
        inside = self.session.connection.in_atomic_block
        if self.course is None or inside:
            if inside:
                self.session.set_local()
            if self.course is not None and self.course.opaque:
                self._note_begun(self.course, sql, inside=inside)
            return self.watched(run)
        return self._alone(run, self.course, sql, params, many)

    def _alone(self, run: Execute, course: Course, sql: str, params: Any, many: bool) -> Any:
        commands = () if many else read(sql)
        if course.opaque:
            self._note_begun(course, sql, inside=False)
        if waits_outside(commands):
            return self._outside(run, course, sql, commands)
        if many or course.opaque or changes_nothing(commands) or self._of_django(course, commands):
            return self.attempts(lambda: self.watched(run))
        text = sql if not params else f"{sql} {params!r}"
        if not fits_transaction(commands):
            return self._outside(run, course, text, commands)
        number = self._number(course, text)
        if self._done(course, text, number, commands):
            return None
        return self.attempts(lambda: self._inside(run, course, text, number))

    def _of_django(self, course: Course, commands: tuple[Command, ...]) -> bool:
        """Tell whether it is the note of the migration itself, which comes after all the rest."""
        return course.position == END and all(
            getattr(command, "verb", "") in {"insert", "update", "delete"} for command in commands
        )

    def _inside(self, run: Execute, course: Course, text: str, number: int) -> Any:
        with transaction.atomic(using=self.session.connection.alias):
            self.session.set_local()
            result = self.watched(run)
            self.journal.note_statement(course.position, text, number, done=True)
            return result

    def _outside(
        self, run: Execute, course: Course, text: str, commands: tuple[Command, ...]
    ) -> Any:
        """Run what no transaction can hold."""
        number = self._number(course, text)
        if self._done(course, text, number, commands):
            return None
        known = self.journal.statement(course.position, text, number)
        again = may_run_again(commands)
        if (
            known is not None
            and not again
            and not leftover_of(self.session, commands, begun=True).instead
        ):
            raise Stopped(
                f"{self.words}: an earlier run sent this statement and did not see its end: "
                f"{_short(text)} It may commit by itself, so that nobody can tell what is done "
                "of it. Look, then run the same command with --half-done again or "
                "--half-done skip."
            )
        if not course.opaque:
            self.journal.note_statement(course.position, text, number, done=False)

        def attempt() -> Any:
            left = leftover_of(self.session, commands, begun=known is not None)
            for statement, reason in left.first:
                self._mend(statement, reason)
            return self.patiently(
                (lambda: self._send(left.instead)) if left.instead else run, commands
            )

        try:
            result = self.attempts(attempt, mend=lambda: self._clean(commands), enabled=again)
        except (DatabaseError, Stopped, KeyboardInterrupt) as error:
            if not course.opaque and self._left_nothing(error, text, commands):
                self.journal.forget_statement(course.position, text, number)
            raise
        if not course.opaque:
            self.journal.note_statement(course.position, text, number, done=True)
        return result

    def _left_nothing(
        self, error: BaseException, text: str, commands: tuple[Command, ...]
    ) -> bool:
        if self.session.connection.connection is None or not self.session.connection.is_usable():
            return False
        if may_run_again(commands):
            left = leftover_of(self.session, commands)
            return not (left.first or left.instead)
        # The server said no, and nothing in the text commits on the way.
        words = text.lower()
        return bool(sqlstate(error)) and "commit" not in words and "call" not in words

    def _clean(self, commands: tuple[Command, ...]) -> None:
        """Take an index away that was not built to its end; who comes next does it otherwise."""
        blockers = self.last
        try:
            for statement, reason in leftover_of(self.session, commands).first:
                self._mend(statement, reason)
        except (DatabaseProblem, Stopped) as error:
            self.log.say(
                f"{self.words}: what the failed statement left could not be taken away "
                f"({first_line(error)}); the next run does it."
            )
        finally:
            self.last = blockers

    def _mend(self, statement: str, reason: str) -> None:
        self.log.say(f"{self.words}: {reason[0].lower()}{reason[1:]}; {statement}")
        self.patiently(lambda: self._send(statement), read(statement))

    def _send(self, statement: str) -> None:
        with self.session.unguarded() as cursor:
            cursor.execute(statement)

    def _done(self, course: Course, text: str, number: int, commands: tuple[Command, ...]) -> bool:
        """Tell whether a statement need not run, by the journal or by the catalog, and say so."""
        known = self.journal.statement(course.position, text, number)
        if known is not None and known.done:
            self.log.say(f"{self.words}: done by an earlier run: {_short(text)}")
            return True
        left = leftover_of(self.session, commands, begun=known is not None)
        if left.done:
            self.log.say(f"{self.words}: {left.done}; nothing to do.")
            if not course.opaque:
                self.journal.note_statement(course.position, text, number, done=True)
        return bool(left.done)

    def _number(self, course: Course, text: str) -> int:
        course.seen[text] += 1
        return course.seen[text]

    def _note_begun(self, course: Course, sql: str, *, inside: bool) -> None:
        """Note before its first change that code of the project is under way."""
        if course.noted is True or sql.lstrip()[:6].upper() == "SELECT":
            return
        block = self.session.connection.atomic_blocks[0] if inside else True
        if course.noted is not block:
            self.journal.note_operation(course.position, course.said, done=False)
            course.noted = block


def _text(sql: Any, raw: Any) -> str:
    """Return a statement's text; drivers take bytes and composed SQL as well."""
    if isinstance(sql, bytes):
        return sql.decode(errors="replace")
    return sql.as_string(raw) if hasattr(sql, "as_string") else str(sql)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{line[:120]}…" if len(line) > 120 else f"{line.rstrip(';')}."
