"""A migration preview: what each operation ran on the shadow, and what would undo it."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.postgres.preflight.obstacle import Obstacle
from modeler.previews.estimates.estimate import Grounds, Held
from modeler.previews.replay.replay import Replay
from modeler.previews.statement import Statement
from modeler.reporting.finding import Finding


@dataclass(frozen=True, slots=True)
class OperationPreview:
    """One operation of a migration.

    Attributes:
        kind: the operation's class (``AddField``), with its module where it is not Django's.
        description: as ``migrate --plan`` prints it.
        forward_note: why there is no forward statement, ``""`` where there is one.
        backward_note: why there is no backward statement, ``""`` where there is one.
        reversible: Django can undo it.
        atomic: it runs inside a transaction.
        python: it runs code of the project.
    """

    kind: str
    description: str
    forward_note: str = ""
    backward_note: str = ""
    reversible: bool = True
    atomic: bool = True
    python: bool = False


@dataclass(frozen=True, slots=True)
class Reversal:
    """A migration undone and done again on the shadow.

    Attributes:
        left: what differs from before once it was undone, a sentence each; empty if nothing.
        lost: tables whose rows differ from before, with how many of how many.
        again: what differs when it was done a second time from when it was done first.
        error: what failed on the way, ``""`` if nothing did.
    """

    left: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class MigrationPreview:
    """One migration.

    Attributes:
        app, name: its key.
        applied: it is applied on the project's own database.
        atomic: it runs in one transaction.
        reversible: every operation is.
        replaces: the migrations that a squashed one stands for, as ``app.name``.
        file: its path, relative to the working directory where it lies below it.
        operations: in order.
        forward: the statements in the order in which they ran, those at the end included.
        backward: the statements that undo it, in their order.
        reversal: what a real way back and forth showed, None where it was not gone.
        replay: what the code before and after it met on the schemas before and after it, None
            where that was not tried.
        seconds: that its way forward took on the shadow, measuring included.
        held: locks that make people wait while work with an estimate goes on.
        broken_by_rows: what was said when it failed on generated rows that the schema allows;
            what is shown then ran on plain rows or on none.
        error: what PostgreSQL or Django said when it failed on the shadow, ``""`` if it ran.
        broke_at: position of the operation that failed so, -1 where none did.
        broke_on: the statement that the server refused, ``""`` where it was none.
    """

    app: str
    name: str
    applied: bool
    atomic: bool
    reversible: bool
    replaces: tuple[str, ...] = ()
    file: str = ""
    operations: tuple[OperationPreview, ...] = ()
    forward: tuple[Statement, ...] = ()
    backward: tuple[Statement, ...] = ()
    reversal: Reversal | None = None
    replay: Replay | None = None
    seconds: float = 0.0
    broken_by_rows: str = ""
    error: str = ""
    held: tuple[Held, ...] = ()
    broke_at: int = -1
    broke_on: str = ""

    @property
    def key(self) -> str:
        return f"{self.app}.{self.name}"

    def of_operation(self, position: int) -> tuple[Statement, ...]:
        """Return the forward statements that one operation sent."""
        return tuple(found for found in self.forward if found.operation == position)

    def undoing(self, position: int) -> tuple[Statement, ...]:
        """Return the backward statements of one operation."""
        return tuple(found for found in self.backward if found.operation == position)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding with the reason why it is accepted, and by whom (``""`` in code)."""

    finding: Finding
    reason: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What ``migrate`` would do, or did.

    Attributes:
        database: the alias.
        asked: what was asked for, in words (``pending``, ``catalog 0001..0003``).
        nothing_pending: nothing is pending, so that applied migrations are shown.
        together: the migrations run in one deploy; else each is looked at on its own.
        server_version: of the shadow that ran it.
        database_version: of the project's server, ``""`` where it was not asked.
        migrations: in the order they run.
        notes: what a reader must know of the rehearsal.
        replay: the same for all shown migrations as one deploy; None for a single one.
        tables: how many tables were empty and were to get rows; 0 without a trace.
        filled: how many of them got some.
        findings: what the rules found, gravest first.
        accepted: findings that somebody accepted.
        obstacles: what stood in the way on the live server when it was asked; None if it was not.
        grounds: what its estimates rest on; None where there are none.
    """

    database: str
    asked: str
    nothing_pending: bool
    server_version: str
    database_version: str = ""
    together: bool = False
    migrations: tuple[MigrationPreview, ...] = ()
    notes: tuple[str, ...] = ()
    replay: Replay | None = None
    tables: int = 0
    filled: int = 0
    findings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    obstacles: tuple[Obstacle, ...] | None = None
    grounds: Grounds | None = None

    def findings_of(self, migration: MigrationPreview) -> tuple[Finding, ...]:
        """Return the findings about one migration."""
        return tuple(
            found for found in self.findings if found.subject.partition(":")[0] == migration.key
        )

    @property
    def release(self) -> Replay | None:
        """What running code meets when all of it is deployed."""
        if self.replay is None and len(self.migrations) == 1:
            return self.migrations[0].replay
        return self.replay

    @property
    def failed(self) -> bool:
        """A migration did not run on the shadow."""
        return any(migration.error for migration in self.migrations)
