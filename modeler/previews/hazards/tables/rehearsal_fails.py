"""A migration that failed on the shadow, whatever for."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.failures import Failed, failure, told_apart
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

# What the server says where the shadow lacks what production may have.
ABSENT = (
    (" is not available", "Install the extension on the shadow, or name a shadow that has it."),
    ("could not open extension control file",
     "Install the extension on the shadow, or name a shadow that has it."),
    ('role "', "Create the role where it is missing (IF NOT EXISTS in a DO block), or name a "
     "shadow that has it."),
    ("permission denied", "Give the shadow's role the right, or name a shadow where it has it."),
    ("must be superuser", "Give the shadow's role the right, or name a shadow where it has it."),
)  # fmt: skip
PYTHON = (
    "Mend the code, which meets a fresh database. The network, the environment and the project's "
    "other services are kept from it on the shadow: what needs them is no matter for a migration."
)


@HAZARDS.register
class RehearsalFails(Hazard):
    code = "MP196"
    slug = "rehearsal-fails"
    title = "A migration fails on the shadow"
    level = Level.ERROR
    hint = "Mend the migration: on a database that was made by the migrations before it, it fails."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        failed = failure(migration)
        if failed is None or failed.on_rows or told_apart(migration, failed):
            return
        yield self.found(
            migration,
            failed.operation,
            "rehearsal",
            f"It fails: {failed.words.rstrip('.')}. What comes after it was not looked at.",
            hint=self._hint(migration, failed),
            evidence=failed.evidence[:1] if failed.sql else (),
            waits=(),
        )

    def _hint(self, migration: Planned, failed: Failed) -> str | None:
        for words, hint in ABSENT:
            if failed.sql and words in failed.words:
                return hint
        operation = migration.operation(failed.operation)
        return PYTHON if not failed.sql and operation and operation.code else None
