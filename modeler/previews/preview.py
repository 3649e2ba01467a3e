"""A migration preview: what each operation ran on the shadow, and what would undo it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperationPreview:
    """One operation of a migration.

    Attributes:
        kind: the operation's class (``AddField``), with its module where it is not Django's.
        description: as ``migrate --plan`` prints it.
        forward: statements that ran, in order, parameters filled in.
        deferred: those that Django keeps for the end of the migration on this one's behalf.
        backward: statements that undo it.
        forward_note: why there is no forward statement, ``""`` where there is one.
        backward_note: why there is no backward statement, ``""`` where there is one.
        reversible: Django can undo it.
        atomic: it runs inside a transaction.
        python: it runs code of the project.
    """

    kind: str
    description: str
    forward: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()
    forward_note: str = ""
    backward_note: str = ""
    reversible: bool = True
    atomic: bool = True
    python: bool = False


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
        error: what PostgreSQL or Django said when it failed on the shadow, ``""`` if it ran.
    """

    app: str
    name: str
    applied: bool
    atomic: bool
    reversible: bool
    replaces: tuple[str, ...] = ()
    file: str = ""
    operations: tuple[OperationPreview, ...] = ()
    error: str = ""

    @property
    def key(self) -> str:
        return f"{self.app}.{self.name}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What ``migrate`` would do, or did.

    Attributes:
        database: the alias.
        asked: what was asked for, in words (``pending``, ``catalog 0001..0003``).
        nothing_pending: nothing is pending, so that applied migrations are shown.
        server_version: of the shadow that ran it.
        database_version: of the project's server, ``""`` where it was not asked.
        migrations: in the order they run.
        notes: what a reader must know of the rehearsal.
    """

    database: str
    asked: str
    nothing_pending: bool
    server_version: str
    database_version: str = ""
    migrations: tuple[MigrationPreview, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """A migration did not run on the shadow."""
        return any(migration.error for migration in self.migrations)
