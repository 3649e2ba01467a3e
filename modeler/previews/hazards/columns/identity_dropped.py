"""DROP IDENTITY while code still relies on it. Source: PostgreSQL manual, ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AlterIdentity, SetDefault
from modeler.reporting.finding import Finding, Level

NUMBERED = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})


@HAZARDS.register
class IdentityDropped(Hazard):
    code = "MP232"
    slug = "identity-dropped"
    title = "A key is not numbered by the database any more"
    level = Level.ERROR
    hint = "Deploy code that gives the key itself before the identity is dropped."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        served: set[tuple[str, str]] = set()
        for _, relation, action in migration.every_part():
            if isinstance(action, AlterIdentity):
                served.add((relation, action.column)) if action.action == "add" else None
            elif isinstance(action, SetDefault) and action.expression is not None:
                served.add((relation, action.column))
        for sent, relation, action in migration.parts(AlterIdentity):
            used = migration.known_column(relation, action.column)
            if (
                action.action != "drop"
                or used is None
                or used.kind not in NUMBERED
                or (relation, action.column) in served
            ):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                f"{relation}.{action.column}",
                f"Code that still runs cannot insert into {relation}: it leaves the number "
                f"{action.column} to the database, which gives none any more.",
                waits=(),
            )
