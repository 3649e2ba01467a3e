"""ADD COLUMN … UNIQUE. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard, size_in_words, size_of
from modeler.previews.hazards.new_columns import Source, source_of_values
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_for_own_locks
from modeler.previews.sql.actions import AddColumn
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class UniqueColumnBuildsIndex(Hazard):
    code = "MP207"
    slug = "unique-column-builds-index"
    title = "A unique column is added"
    level = Level.ERROR
    hint = (
        "Add the column without unique=True, build the unique index concurrently, and attach it "
        "as "
        "the constraint."
    )

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, action in migration.parts(AddColumn):
            column = action.column
            if relation in migration.made or not any(
                part.kind in {"unique", "primary key"} for part in column.constraints
            ):
                continue
            subject = f"{relation}.{column.name}"
            if source_of_values(column) is Source.CONSTANT:
                size = size_of(plan, migration, relation)
                single = size is not None and size.rows is not None and 0 <= size.rows <= 1
                yield self.found(
                    migration,
                    sent.statement.operation,
                    subject,
                    f"Adding the unique column {subject} fails as soon as {relation} has two "
                    "rows: "
                    "all of them get the same value.",
                    level=Level.INFO if single else None,
                    hint="Add it with null=True and without the default, give each row a value of "
                    "its own, then make it unique.",
                    evidence=(("size", size_in_words(relation, size)),) if size else (),
                    waits=waits_for_own_locks(migration, sent),
                )
            elif sent.works(WorkKind.INDEX_BUILD) and not sent.works(WorkKind.REWRITE):
                yield from self.waiting(
                    migration,
                    [sent],
                    relation,
                    subject,
                    f"the index of the unique column {column.name} is built",
                    plan,
                )
