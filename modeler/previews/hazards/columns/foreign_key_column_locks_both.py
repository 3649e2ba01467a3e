"""ADD COLUMN … REFERENCES of a nullable foreign key. Source: PostgreSQL manual, section 13.3."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.key_columns import key_columns
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ForeignKeyColumnLocksBoth(Hazard):
    code = "MP209"
    slug = "foreign-key-column-locks-both"
    title = "A foreign key is added: both tables are locked while its index is built"
    level = Level.ERROR
    hint = (
        "Add the field with db_index=False and db_constraint=False, build the index concurrently, "
        "add the constraint NOT VALID, and validate it in another migration."
    )
    instead_of = ("MP208", "MP401")

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for added in key_columns(migration):
            if added.sent.works(WorkKind.VALIDATION) or added.relation in migration.made:
                continue
            subject = f"{added.relation}.{added.column}"
            if added.indexes:
                yield from self.waiting(
                    migration,
                    added.indexes,
                    added.relation,
                    subject,
                    f"the index of the new foreign key {added.column} is built{added.waits_too}",
                    plan,
                    others=[added.target],
                )
            elif added.target not in migration.made and added.target != added.relation:
                yield self.found(
                    migration,
                    added.sent.statement.operation,
                    subject,
                    f"The new foreign key {subject} locks {added.target} against writes until the "
                    "migration ends.",
                    level=Level.INFO,
                    hint=(
                        "Set lock_timeout and try again, and keep the rest of the migration short."
                    ),
                )
