"""What the rules of migrations look at: all pending migrations with everything known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from modeler.previews.effects.effect import Lock, Work
from modeler.previews.hazards.graph_facts import GraphFacts
from modeler.previews.hazards.operations import OperationFacts
from modeler.previews.hazards.session_facts import SessionFacts
from modeler.previews.hazards.table_facts import TableFacts
from modeler.previews.holds import Hold, holds_of, measured_or_expected
from modeler.previews.preview import MigrationPreview
from modeler.previews.sql.commands import Command
from modeler.previews.statement import Statement
from modeler.reporting.finding import Place


@dataclass(frozen=True, slots=True)
class Size:
    """How big a table of the live database is.

    Attributes:
        rows: estimated, None where it was never analysed.
        bytes: heap, indexes and TOAST.
    """

    rows: float | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement with what it says.

    Attributes:
        position: in the migration, from 0.
        statement: it, with effects and trace.
        commands: what it says; several where the text holds several.
        locks, work: measured where they were, else what the rules say; without relations that
            the plan itself makes.
    """

    position: int
    statement: Statement
    commands: tuple[Command, ...]
    locks: tuple[Lock, ...] = ()
    work: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """One migration of the plan.

    Attributes:
        preview: what was rehearsed.
        operations: what its file says.
        sent: its forward statements.
        undone: its backward statements.
        holds: locks of its transactions, without relations that the plan itself makes.
        source: the text of its file, ``""`` where there is none.
        needs: migrations that it depends on, as ``app.name``.
        tables: what the state before it says of tables that its statements or operations name;
            of no other table.
        apps: labels of all apps that it can rely on, by way of others too; None: not known.
    """

    preview: MigrationPreview
    operations: tuple[OperationFacts, ...] = ()
    sent: tuple[Sent, ...] = ()
    undone: tuple[Sent, ...] = ()
    holds: tuple[Hold, ...] = ()
    source: str = ""
    needs: tuple[str, ...] = ()
    tables: Mapping[str, TableFacts] = field(default_factory=dict)
    apps: frozenset[str] | None = None

    @property
    def key(self) -> str:
        return self.preview.key

    def of_operation(self, position: int) -> tuple[Sent, ...]:
        """Return the statements that one operation sent."""
        return tuple(sent for sent in self.sent if sent.statement.operation == position)

    def operation(self, position: int) -> OperationFacts | None:
        """Return the operation at a position, the one around where there are inner ones."""
        return next((found for found in self.operations if found.position == position), None)

    def place(self, position: int) -> Place | None:
        """Return where the operation at a position stands."""
        found = self.operation(position)
        return found.place if found else None

    def commands(self) -> Iterator[tuple[Sent, Command]]:
        """Return every command of every forward statement with its statement."""
        for sent in self.sent:
            for command in sent.commands:
                yield sent, command


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will run, and what is known of the live database.

    Attributes:
        migrations: in the order in which they run.
        database: the alias.
        server_version: major version of the project's own server, of the shadow without it.
        sizes: of live tables by relation name; None where the live database was not asked.
        made: relations that the plan itself makes: nobody uses them yet.
        models: models of the project by table, as ``app.model`` in lower case.
        graph: what the project's migrations as a whole say.
        session: how the migrating connection is set up.
        release: the server's whole version (``14.2``), ``""`` where it is not known.
        estimates: rows that a statement changes, by migration and position, where the planner
            was asked with statistics of the live database.
    """

    migrations: tuple[Planned, ...]
    database: str = "default"
    server_version: int | None = None
    sizes: Mapping[str, Size] | None = None
    made: frozenset[str] = frozenset()
    models: Mapping[str, str] = field(default_factory=dict)
    graph: GraphFacts = GraphFacts()
    session: SessionFacts = SessionFacts()
    release: str = ""
    estimates: Mapping[tuple[str, int], float] = field(default_factory=dict)


def planned(
    preview: MigrationPreview,
    commands: tuple[tuple[Command, ...], ...],
    undo_commands: tuple[tuple[Command, ...], ...],
    made: frozenset[str],
    *,
    operations: tuple[OperationFacts, ...] = (),
    source: str = "",
    needs: tuple[str, ...] = (),
    tables: Mapping[str, TableFacts] | None = None,
    apps: frozenset[str] | None = None,
) -> Planned:
    """Join a preview with what its statements say.

    Args:
        preview: of one migration.
        commands, undo_commands: of each forward and backward statement.
        made: relations that the plan made before or makes in this migration.
        operations, source, needs, tables, apps: see ``Planned``.
    """

    def known(statement: Statement) -> tuple[tuple[Lock, ...], tuple[Work, ...]]:
        locks, work = measured_or_expected(statement)
        return (
            tuple(lock for lock in locks if not {lock.relation, lock.table} & made),
            tuple(entry for entry in work if entry.relation not in made),
        )

    def joined(statements: tuple[Statement, ...], read: tuple) -> tuple[Sent, ...]:
        return tuple(
            Sent(position, statement, said, *known(statement))
            for position, (statement, said) in enumerate(zip(statements, read, strict=True))
        )

    return Planned(
        preview,
        operations,
        joined(preview.forward, commands),
        joined(preview.backward, undo_commands),
        holds_of(preview.forward, known),
        source,
        needs,
        tables or {},
        apps,
    )
