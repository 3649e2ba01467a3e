"""An index that another one could serve for, or that has many columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level

MANY_COLUMNS = 4


@HAZARDS.register
class IndexRepeatsAnother(Hazard):
    code = "MP409"
    slug = "index-repeats-another"
    title = "Another index begins with the same columns, or there are many of them"
    level = Level.WARNING
    hint = "Leave the shorter one out: each index costs every write."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            columns = _plain_columns(command)
            if not isinstance(command, CreateIndex) or not columns:
                continue
            table = command.table.name
            if not command.unique:
                for other in _others(migration, sent, table):
                    if other[: len(columns)] == columns:
                        yield self.found(
                            migration,
                            sent.statement.operation,
                            f"{table}.{command.name}",
                            f"The index {command.name} repeats one of {table} that begins with "
                            f"the same columns ({', '.join(other)}).",
                        )
                        break
            if len(columns) >= MANY_COLUMNS:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{command.name}",
                    f"The index {command.name} has {len(columns)} columns; the later ones rarely "
                    "help a query.",
                    level=Level.INFO,
                    hint="See whether fewer columns serve as well.",
                )


def _plain_columns(command: object) -> tuple[str, ...]:
    """Return the columns of an index that is like those which constraints make."""
    if not isinstance(command, CreateIndex) or command.where or command.method != "btree":
        return ()
    if any(
        not element.column or element.operator_class or element.order or element.collation
        for element in command.elements
    ):
        return ()
    return tuple(element.column for element in command.elements)


def _others(migration: Planned, sent: Sent, table: str) -> Iterator[tuple[str, ...]]:
    facts = migration.tables.get(table)
    yield from facts.indexed if facts else ()
    for earlier, command in migration.commands():
        if (
            earlier.position < sent.position
            and isinstance(command, CreateIndex)
            and command.table.name == table
        ):
            yield _plain_columns(command)
