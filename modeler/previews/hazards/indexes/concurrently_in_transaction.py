"""CONCURRENTLY within a transaction: PostgreSQL and Django refuse it."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.indexes.concurrent import (
    CONCURRENT_OPERATIONS,
    index_named,
    is_concurrent,
)
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ConcurrentlyInTransaction(Hazard):
    code = "MP404"
    slug = "concurrently-in-transaction"
    title = "CONCURRENTLY is asked for within a transaction"
    level = Level.ERROR
    hint = "Set atomic = False on the migration, and give the statement an operation of its own."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        refused = {}
        if migration.preview.atomic:
            for operation in migration.operations:
                if operation.kind in CONCURRENT_OPERATIONS and operation.inside != "state":
                    refused[operation.position] = operation.name or operation.table
        for sent, command in migration.commands():
            if is_concurrent(command) and _is_within(migration, sent):
                refused.setdefault(sent.statement.operation, index_named(command))
        for position, name in sorted(refused.items()):
            yield self.found(
                migration,
                position,
                name,
                f"PostgreSQL refuses CONCURRENTLY within a transaction, so {name} makes the "
                "migration fail.",
            )


def _is_within(migration: Planned, sent: Sent) -> bool:
    # A script that is sent at once runs in one transaction.
    return migration.preview.atomic or len(sent.commands) > 1
