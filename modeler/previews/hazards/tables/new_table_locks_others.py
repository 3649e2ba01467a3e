"""A new table's foreign keys lock the tables they refer to.

Source: PostgreSQL manual, section 13.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard, blocking_in_words
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed, waits_of
from modeler.previews.sql.actions import AddColumn, AddConstraint
from modeler.previews.sql.commands import CreateTable
from modeler.previews.sql.definitions import Name
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class NewTableLocksOthers(Hazard):
    code = "MP101"
    slug = "new-table-locks-others"
    title = "A new table's foreign key locks the table that it refers to"
    level = Level.INFO
    hint = "Keep the migration short, and run it with lock_timeout and retries."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        keys: dict[str, list[tuple[Sent, str]]] = {}
        for sent, table, name in _references(migration):
            target = sent.relation(name)
            if table in migration.made and target not in migration.made:
                keys.setdefault(target, []).append((sent, table))
        for target, found in keys.items():
            first = min(sent.position for sent, _ in found)
            operation = found[0][0].statement.operation
            working = [sent for sent in migration.sent[first:] if sent.work]
            waits = waits_of(migration, [sent.position for sent in working], [target])
            names = list(dict.fromkeys(table for _, table in found))
            new = (
                f"the new table {names[0]} refers to it"
                if len(names) == 1
                else (f"the new tables {listed(names)} refer to it")
            )
            if not waits:
                yield self.found(
                    migration,
                    operation,
                    target,
                    f"Writes to {target} wait until the migration ends, because {new}.",
                    waits=(),
                )
                continue
            worked = [sent for sent in working if sent.position in {w.position for w in waits}]
            yield self.found(
                migration,
                operation,
                target,
                f"Writes to {target} wait while the rest of the migration works, because {new}.",
                plan=plan,
                table=worked[0].work[0].relation,
                level=Level.ERROR,
                hint="Make the table in a migration of its own.",
                evidence=blocking_in_words(migration, worked, waits),
                waits=waits,
            )


def _references(migration: Planned) -> Iterator[tuple[Sent, str, Name]]:
    """Return what foreign keys refer to, with their statement and table."""
    for sent, command in migration.commands():
        if isinstance(command, CreateTable):
            parts = [*command.constraints, *(p for c in command.columns for p in c.constraints)]
            for part in parts:
                if part.references:
                    yield sent, sent.relation(command.name), part.references.table
    for sent, relation, added in migration.parts(AddConstraint):
        if added.constraint.references:
            yield sent, relation, added.constraint.references.table
    for sent, relation, column in migration.parts(AddColumn):
        for part in column.column.constraints:
            if part.references:
                yield sent, relation, part.references.table
