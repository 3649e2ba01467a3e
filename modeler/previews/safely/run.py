"""Django's ``migrate`` with attempts: one call of the project's command, migration by migration.

``MigrationExecutor.apply_migration`` is stood in for while it runs. So ``pre_migrate`` and
``post_migrate`` are sent once, with the whole plan and to the models' final state, as handlers
expect, and an override of ``migrate`` keeps its say; yet each migration is tried by itself, and is
recorded when it is done.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db import Error as DatabaseProblem
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from modeler.errors import ModelerError
from modeler.previews.safely.alone import Alone
from modeler.previews.safely.executor import standing_in
from modeler.previews.safely.explained import explained
from modeler.previews.safely.guard import Guard
from modeler.previews.safely.interruption import Interruption
from modeler.previews.safely.journal import Journal
from modeler.previews.safely.log import Log
from modeler.previews.safely.operations import HalfDone, noted
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.session import MigratingSession
from modeler.previews.safely.stopped import (
    AGAIN,
    Interrupted,
    Stopped,
    first_line,
    origin,
    sqlstate,
)
from modeler.previews.safely.watch import EVERY, Watch
from modeler.reporting.words import spoken

Node = tuple[str, str]
RUN_AGAIN = "Run the same command again to go on."


class SafeRun:
    """One run.

    Args:
        alias: of the database.
        plan: what is pending, in order.
        alone: the lock of this run, held.
        half_done: see HalfDone.
    """

    def __init__(
        self,
        alias: str,
        plan: tuple[Node, ...],
        *,
        patience: Patience,
        log: Log,
        alone: Alone,
        interruption: Interruption,
        pooled: bool = False,
        half_done: HalfDone = HalfDone.STOP,
    ) -> None:
        self.connection = connections[alias]
        self.plan, self.patience, self.log, self.alone = plan, patience, log, alone
        self.interruption, self.half_done = interruption, half_done
        self.session = MigratingSession(self.connection, patience.lock_timeout, pooled=pooled)
        self.journal = Journal(self.session)
        every = min(EVERY, patience.lock_timeout / 5)
        self.watch = Watch(self.connection, log, every, interruption.stuck)
        self.guard = Guard(self.session, patience, self.watch, log, self.journal, interruption)
        self.done: list[Node] = []
        self.state = ""  # of the migration that did not come to its end

    def __call__(self, migrate: Callable[[], object], applied: frozenset[Node]) -> None:
        """Call ``migrate`` until it has come to its end.

        Args:
            migrate: calls the project's command.
            applied: what is applied already.

        Raises:
            Stopped: it did not; the message says where it stands and how to go on.
        """
        with ExitStack() as stack:
            stack.callback(self.watch.close)
            self.watch.start()
            stack.enter_context(self.session)
            self.journal.sweep(applied)
            stack.enter_context(self.connection.execute_wrapper(self.guard))
            stack.enter_context(standing_in(self.connection.alias, self._apply))
            try:
                self._call(migrate)
            except Interrupted as error:
                raise Interrupted(self.where()) from error
            except Stopped as error:
                raise Stopped(f"{error} {self.where()}") from error
            except DatabaseProblem as error:
                said = " ".join(explained(origin(error), self.guard.last_sql)).rstrip(".")
                raise Stopped(f"{self.guard.words} failed: {said}. {self.where()}") from error
            except (CommandError, ModelerError):
                raise
            except Exception as error:
                raise Stopped(
                    f"{self.guard.words} failed: {_said(error)}. {self.where()}"
                ) from error

    def _call(self, migrate: Callable[[], object]) -> None:
        """Call it again for locks that handlers of its signals could not have.

        Such handlers are meant to be called by every ``migrate``; migrations that are done are not
        in the plan any more.
        """
        for attempt in range(1, self.patience.attempts + 1):
            self.guard.words = "migrate"
            try:
                migrate()
                return
            except DatabaseError as error:
                if sqlstate(error) not in AGAIN:
                    raise
                if attempt == self.patience.attempts:
                    raise Stopped(
                        f"{self.guard.words}: gave up after {attempt} attempts: "
                        f"{self.guard.why(error)}."
                    ) from error
                self.guard.pause(attempt, error)

    def where(self) -> str:
        """Say what is done, what is not, and how to go on."""
        done = ", ".join(".".join(node) for node in self.done)
        rest = [".".join(node) for node in self.plan if node not in self.done]
        parts = [self.state] if self.state else []
        parts.append(f"Applied in this run: {done or 'nothing'}.")
        if rest:
            parts.append(f"Still pending: {', '.join(rest)}.")
        return " ".join([*parts, RUN_AGAIN])

    def _apply(
        self,
        apply: Callable[..., ProjectState],
        state: ProjectState,
        migration: Migration,
        fake: bool,
        fake_initial: bool,
    ) -> ProjectState:
        name = f"{migration.app_label}.{migration.name}"
        if self.connection.in_atomic_block:
            # Somebody put a transaction around it all: what is around it is tried again.
            return apply(state, migration, fake=fake, fake_initial=fake_initial)
        began = time.monotonic()
        place = f"{len(self.done) + 1} of {max(len(self.plan), len(self.done) + 1)}"
        how = "one transaction" if migration.atomic else "no transaction"
        self.log.say(f"{name}: begins ({place}, {how})")
        self.state = f"{name} is not applied."
        for attempt in range(1, self.patience.attempts + 1):
            self.alone.check()
            self.interruption.check()
            self.guard.words = name
            try:
                # An attempt that fails leaves its state half changed.
                found = self._once(apply, state.clone(), migration, fake, fake_initial)
                break
            except DatabaseError as error:
                self._say_state(migration, name)
                if sqlstate(error) not in AGAIN:
                    raise
                if attempt == self.patience.attempts:
                    raise Stopped(
                        f"{name}: gave up after {attempt} attempts: {self.guard.why(error)}."
                    ) from error
                self.guard.pause(attempt, error)
            except BaseException:
                self._say_state(migration, name)
                raise
        self.state = ""
        self.done.append((migration.app_label, migration.name))
        self.log.say(f"{name}: done in {spoken(time.monotonic() - began)}")
        self.guard.words = "migrate"
        self.interruption.check()
        return found

    def _once(
        self,
        apply: Callable[..., ProjectState],
        state: ProjectState,
        migration: Migration,
        fake: bool,
        fake_initial: bool,
    ) -> ProjectState:
        if migration.atomic or fake:
            return apply(state, migration, fake=fake, fake_initial=fake_initial)
        self.journal.open(migration.app_label, migration.name)
        if self.half_done is HalfDone.FORGET and self.journal.entries:
            self.log.say(f"{self.guard.words}: what earlier runs noted is forgotten, as asked for")
            self.journal.close()
            self.journal.open(migration.app_label, migration.name)
            self.half_done = HalfDone.STOP
        with noted(migration, self.guard, self.half_done):
            found = apply(state, migration, fake=fake, fake_initial=fake_initial)
        self.journal.close()
        return found

    def _say_state(self, migration: Migration, name: str) -> None:
        """Find out in what state a migration was left, for the message."""
        if migration.atomic:
            self.state = f"{name} was rolled back whole; nothing of it is left."
            return
        try:
            if self.connection.connection is not None and not self.connection.is_usable():
                self.connection.close()
            self.journal.open(migration.app_label, migration.name)
            entries = self.journal.entries
            if self.journal.close_if_empty():
                self.state = f"Nothing of {name} is done."
                return
        except DatabaseProblem as error:
            self.state = (
                f"{name} runs without a transaction and may be done in part; the next run sees it "
                f"({first_line(error)})."
            )
            return
        self.state = _half(migration, name, entries)


def _half(migration: Migration, name: str, entries: dict[tuple[int, str], Any]) -> str:
    done, begun, missing = [], [], []
    for position, operation in enumerate(migration.operations):
        words = f"{position + 1} ({operation.describe()})"
        own = entries.get((position, ""))
        parts = [entry for (at, key), entry in entries.items() if at == position and key]
        if own is not None and own.done:
            done.append(words)
        elif own is not None or parts:
            finished = sum(part.done for part in parts)
            begun.append(words + (f", {finished} of its statements done" if finished else ""))
        else:
            missing.append(words)
    lists = (("done", done), ("begun", begun), ("not begun", missing))
    told = "; ".join(f"{word}: {', '.join(found)}" for word, found in lists if found)
    return f"{name} runs without a transaction and is done in part. Operations {told}."


def _said(error: Exception) -> str:
    """Return an error of the project's code with the place where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {first_line(error)}{place}"
