"""A constraint of a domain is held against every table that uses the domain."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import AlterObject
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DomainScansTables(Hazard):
    code = "MP317"
    slug = "domain-scans-tables"
    title = "A change of a domain reads every table that uses it"
    level = Level.ERROR
    hint = "Add the constraint as NOT VALID, and validate it in a later migration."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, AlterObject) or command.kind is not ObjectKind.DOMAIN:
                continue
            for entry in sent.work:
                if entry.kind is not WorkKind.SCAN:
                    continue
                if not any(
                    lock.relation == entry.relation and lock.mode.blocks_writes
                    for lock in sent.locks
                ):
                    continue
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{entry.relation}.{command.name.name}",
                    f"Writes to {entry.relation} wait while every row is held against the changed "
                    f"domain {command.name.name}.",
                    plan=plan,
                    table=entry.relation,
                )
