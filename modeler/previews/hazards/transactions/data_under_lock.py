"""Schema and data in one transaction; locks last until its end (PostgreSQL manual, 13.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.hazards.data.data_operations import DATA_OPERATIONS, data_words
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import ON_ROWS
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import waits_of
from modeler.previews.holds import Hold
from modeler.reporting.finding import Finding, Level

Data = list[tuple[Sent, Work]]


@HAZARDS.register
class DataUnderLock(Hazard):
    code = "MP503"
    slug = "data-under-lock"
    title = "Schema and data are changed in one transaction"
    level = Level.ERROR
    hint = "Move the data into a migration of its own, between those that change the schema."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        data: dict[int, Data] = defaultdict(list)
        for sent in migration.sent:
            operation = migration.operation(sent.statement.operation)
            if operation is not None and operation.kind in DATA_OPERATIONS:
                data[sent.statement.transaction] += [
                    (sent, entry) for entry in sent.work if entry.kind in ON_ROWS
                ]
        for transaction, worked in data.items():
            holds = [
                hold
                for hold in migration.holds
                if hold.kind.holds_rows
                and hold.mode.blocks_writes
                and migration.sent[hold.first].statement.transaction == transaction
            ]
            if worked and holds:
                yield from self._told(migration, plan, worked, holds)

    def _told(
        self, migration: Planned, plan: Plan, worked: Data, holds: list[Hold]
    ) -> Iterable[Finding]:
        for hold in holds:
            under = [found for found in worked if found[0].position > hold.first]
            if under:
                sent, entry = _gravest(under)
                writes = entry.kind is WorkKind.ROWS
                who = "Reads and writes of" if hold.mode.blocks_reads else "Writes to"
                taker = migration.sent[hold.first]
                yield self.found(
                    migration,
                    sent.statement.operation,
                    hold.relation,
                    f"{who} {hold.relation} wait while {data_words(migration, sent)} "
                    f"{'writes' if writes else 'reads'} rows of {entry.relation}, because a lock "
                    "that was taken before is kept.",
                    level=Level.ERROR if writes else Level.WARNING,
                    plan=plan,
                    table=entry.relation,
                    evidence=(
                        ("lock taken by", taker.statement.sql),
                        ("statement", sent.statement.sql),
                    ),
                    waits=waits_of(
                        migration,
                        [found.position for found, _ in worked],
                        [held.relation for held in holds],
                    ),
                )
                return  # once a transaction: the first lock lasts longest
        written = [found for found in worked if found[1].kind is WorkKind.ROWS]
        if not written:
            return
        sent, entry = written[0]
        hold = next(hold for hold in holds if hold.first > sent.position or hold is holds[-1])
        yield self.found(
            migration,
            sent.statement.operation,
            entry.relation,
            f"Rows of {entry.relation} that {data_words(migration, sent)} writes stay locked "
            f"while the migration waits for its lock on {hold.relation}.",
            level=Level.WARNING,
            plan=plan,
            table=entry.relation,
            waits=(),
        )


def _gravest(worked: Data) -> tuple[Sent, Work]:
    return next((found for found in worked if found[1].kind is WorkKind.ROWS), worked[0])
