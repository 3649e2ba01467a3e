"""What the rules of migrations look at: all pending migrations with everything known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from modeler.previews.effects.effect import Dropped, Lock, Work, WorkKind
from modeler.previews.hazards.graph_facts import GraphFacts
from modeler.previews.hazards.operations import FieldFacts, OperationFacts
from modeler.previews.hazards.running import RunningTable
from modeler.previews.hazards.session_facts import SessionFacts
from modeler.previews.hazards.table_facts import TableFacts
from modeler.previews.holds import Hold, holds_of, measured_or_expected
from modeler.previews.preview import MigrationPreview
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.actions import Action, Rename
from modeler.previews.sql.commands import AlterRelation, Command, CreateTable
from modeler.previews.sql.definitions import Name, ObjectKind
from modeler.previews.statement import Statement
from modeler.reporting.finding import Place

A = TypeVar("A", bound=Action)
TABLES = frozenset({ObjectKind.TABLE, ObjectKind.FOREIGN_TABLE})


@dataclass(frozen=True, slots=True)
class Size:
    """How big a table of the live database is.

    Attributes:
        rows: estimated, None where nothing is known of them.
        bytes: heap, indexes and TOAST.
        analysed: the rows are what ANALYZE counted; else what the planner reckons from the files.
    """

    rows: float | None
    bytes: int
    analysed: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement with what it says.

    Attributes:
        position: in the migration, from 0.
        statement: it, with effects and trace.
        commands: what it says; several where the text holds several.
        locks, work: measured where they were, else what the rules say; without relations that
            the plan itself makes. Measured are locks that its transaction did not hold before.
        touched: what it locks and the plan does not make, by the rules or measured, also where
            its transaction held the lock already.
    """

    position: int
    statement: Statement
    commands: tuple[Command, ...]
    locks: tuple[Lock, ...] = ()
    work: tuple[Work, ...] = ()
    touched: frozenset[str] = frozenset()

    @property
    def drops(self) -> tuple[Dropped, ...]:
        """What is gone after it, of what was there before the migration."""
        return self.statement.effects.drops if self.statement.effects else ()

    def works(self, *kinds: WorkKind) -> tuple[Work, ...]:
        """Return its work of some kinds."""
        return tuple(entry for entry in self.work if entry.kind in kinds)

    def relation(self, name: Name) -> str:
        """Return how previews name a relation that it names.

        The schema is left out where the effects leave it out.
        """
        full, bare = relation_name(name.schema, name.name), relation_name("", name.name)
        if full == bare:
            return bare
        effects = self.statement.effects
        known = {lock.relation for lock in effects.locks} if effects else set()
        known |= set(effects.creates) if effects else set()
        return bare if full not in known and bare in known else full


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
        running: what code that runs while it is applied knows, by relation name.
        made: relations that it makes, or earlier migrations of the same deploy.
        renames: tables that it renames, before and after, in order.
        blocking: the holds that make others wait while work goes on, by relation, with the
            positions of the statements that do it.
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
    running: Mapping[str, RunningTable] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    renames: tuple[tuple[str, str], ...] = ()
    blocking: Mapping[str, tuple[tuple[Hold, frozenset[int]], ...]] = field(default_factory=dict)

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

    def every_part(self) -> Iterator[tuple[Sent, str, Action]]:
        """Return every part of every ALTER TABLE, with its statement and relation."""
        for sent, command in self.commands():
            if isinstance(command, AlterRelation) and command.kind in TABLES:
                relation = sent.relation(command.name)
                for action in command.actions:
                    yield sent, relation, action

    def parts(self, kind: type[A]) -> Iterator[tuple[Sent, str, A]]:
        """Return those parts that are of one kind."""
        for sent, relation, action in self.every_part():
            if isinstance(action, kind):
                yield sent, relation, action

    def names_of(self, relation: str) -> frozenset[str]:
        """Return every name that a table bears in the course of this migration."""
        names = {relation}
        for before, after in self.renames:
            names |= {after} if before in names else set()
        for before, after in reversed(self.renames):
            names |= {before} if after in names else set()
        return frozenset(names)

    def known(self, relation: str) -> RunningTable | None:
        """Return what running code knows of a table, None where it does not use it."""
        names = sorted(self.names_of(relation))
        return next((self.running[name] for name in names if name in self.running), None)

    def known_column(self, relation: str, column: str) -> FieldFacts | None:
        """Return the field of running code that a column belongs to."""
        table = self.known(relation)
        return table.columns.get(column) if table else None


@dataclass(frozen=True, slots=True, order=True)
class Wait:
    """Users of a table wait while a statement works on something that grows.

    Attributes:
        migration: its key.
        relation: the table whose users wait.
        position: of the working statement in the migration.
    """

    migration: str
    relation: str
    position: int


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
        explained: waits that a rule has spoken of, for those that say what is left.
    """

    migrations: tuple[Planned, ...]
    database: str = "default"
    server_version: int | None = None
    sizes: Mapping[str, Size] | None = None
    made: frozenset[str] = frozenset()
    models: Mapping[str, str] = field(default_factory=dict)
    graph: GraphFacts = field(default_factory=GraphFacts)
    session: SessionFacts = field(default_factory=SessionFacts)
    release: str = ""
    estimates: Mapping[tuple[str, int], float] = field(default_factory=dict)
    explained: frozenset[Wait] = frozenset()


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
    running: Mapping[str, RunningTable] | None = None,
) -> Planned:
    """Join a preview with what its statements say.

    Args:
        preview: of one migration.
        commands, undo_commands: of each forward and backward statement.
        made: relations that the plan made before or makes in this migration.
        operations, source, needs, tables, apps, running: see ``Planned``.
    """

    def joined(statements: tuple[Statement, ...], read: tuple) -> tuple[Sent, ...]:
        return tuple(
            _sent(position, statement, said, made)
            for position, (statement, said) in enumerate(zip(statements, read, strict=True))
        )

    sent = joined(preview.forward, commands)
    known = {one.statement: (one.locks, one.work) for one in sent}
    holds = holds_of(preview.forward, known.__getitem__)
    blocking: dict[str, list[tuple[Hold, frozenset[int]]]] = {}
    for hold in holds:
        if hold.blocks_long:
            places = frozenset(position for position, _ in hold.during)
            blocking.setdefault(hold.relation, []).append((hold, places))
    return Planned(
        preview,
        operations,
        sent,
        joined(preview.backward, undo_commands),
        holds,
        source,
        needs,
        tables or {},
        apps,
        running or {},
        made,
        tuple(
            (one.relation(command.name), relation_name("", action.to))
            for one in sent
            for command in one.commands
            if isinstance(command, AlterRelation) and command.kind in TABLES
            for action in command.actions
            if isinstance(action, Rename) and not action.column and not action.constraint
        ),
        {relation: tuple(found) for relation, found in blocking.items()},
    )


def _sent(
    position: int, statement: Statement, commands: tuple[Command, ...], made: frozenset[str]
) -> Sent:
    locks, work = measured_or_expected(statement)
    locks = tuple(lock for lock in locks if not {lock.relation, lock.table} & made)
    work = tuple(entry for entry in work if entry.relation not in made)
    sent = Sent(position, statement, commands)
    # Of a foreign key of a new table there is nothing to check: no row of the other is read.
    if any(
        isinstance(command, (AlterRelation, CreateTable)) and sent.relation(command.name) in made
        for command in commands
    ):
        work = tuple(entry for entry in work if entry.kind is not WorkKind.VALIDATION)
    expected = statement.effects.locks if statement.effects else ()
    touched = frozenset(
        lock.relation
        for lock in (*locks, *expected)
        if lock.kind.holds_rows and not {lock.relation, lock.table} & made
    )
    return Sent(position, statement, commands, locks, work, touched)
