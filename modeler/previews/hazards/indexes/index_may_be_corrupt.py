"""PostgreSQL 14.0 to 14.3 may build a corrupt index. Source: release notes of 14.4."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.concurrent import index_named, is_concurrent
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateIndex, Reindex
from modeler.reporting.finding import Finding, Level

FAULTY, MENDED_IN = 14, 4


@HAZARDS.register
class IndexMayBeCorrupt(Hazard):
    code = "MP411"
    slug = "index-may-be-corrupt"
    title = "This release of PostgreSQL may build a corrupt index concurrently"
    level = Level.ERROR
    hint = "Update the server to 14.4 or later before you migrate."
    since = FAULTY
    until = FAULTY

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if not _is_faulty(plan.release):
            return
        for sent, command in migration.commands():
            if isinstance(command, CreateIndex | Reindex) and is_concurrent(command):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    index_named(command),
                    f"PostgreSQL {plan.release} may leave rows out of {index_named(command)} "
                    "when it is built CONCURRENTLY.",
                )


def _is_faulty(release: str) -> bool:
    major, _, rest = release.partition(" ")[0].partition(".")
    return major == str(FAULTY) and rest.isdigit() and int(rest) < MENDED_IN
