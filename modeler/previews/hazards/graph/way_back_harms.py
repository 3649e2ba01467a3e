"""The way back, as the rehearsal went it: what it leaves, loses, or blocks."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.data.data_operations import DATA_OPERATIONS
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import ON_ROWS
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import work_in_words
from modeler.previews.way_back import FAILED
from modeler.reporting.finding import Finding, Level

# How ``Reversal.error`` begins where the way back itself succeeded.
AGAIN = "done again:"


@HAZARDS.register
class WayBackHarms(Hazard):
    code = "MP707"
    slug = "way-back-harms"
    title = "Undoing the migration fails, loses something, or blocks"
    level = Level.WARNING
    hint = "Plan the way back before you need it: write a reverse, or keep a copy of the rows."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        yield from self._failures(migration)
        reversal = migration.preview.reversal
        if reversal is not None:
            for words, told in (
                ("Undoing it does not bring everything back", reversal.lost),
                ("Undoing it leaves a difference", reversal.left),
                ("Done again, it leaves a difference", reversal.again),
            ):
                for one in told:
                    yield self.found(
                        migration,
                        -1,
                        one.partition(": ")[0],
                        f"{words}: {one.rstrip('.')}.",
                    )
        yield from self._blocks(migration, plan)

    def _failures(self, migration: Planned) -> Iterable[Finding]:
        reversal = migration.preview.reversal
        if reversal is not None and reversal.error:
            words = reversal.error.rstrip(".")
            again = words.startswith(AGAIN)
            yield self.found(
                migration,
                -1,
                "again" if again else "reverse",
                f"Done again after it was undone, it fails:{words.removeprefix(AGAIN)}."
                if again
                else f"Undoing it fails: {words}.",
                level=Level.ERROR,
            )
            return
        for position, operation in enumerate(migration.preview.operations):
            facts = migration.operation(position)
            if operation.backward_note.startswith(FAILED):
                yield self.found(
                    migration,
                    position,
                    f"reverse {position + 1}",
                    f"Undoing {operation.description} fails: "
                    f"{operation.backward_note.removeprefix(FAILED).strip(': ').rstrip('.')}.",
                    level=Level.ERROR,
                )
            # Code without a reverse is told by MP601.
            elif not operation.reversible and facts and facts.kind not in DATA_OPERATIONS:
                yield self.found(
                    migration,
                    position,
                    f"reverse {position + 1}",
                    f"{operation.description} cannot be undone.",
                )

    def _blocks(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        told: set[str] = set()
        for sent in migration.undone:
            for table in sorted(_locked(migration, sent)):
                work = [entry for entry in sent.work if entry.kind not in ON_ROWS]
                if not work or table in told:
                    continue
                told.add(table)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    table,
                    f"Undoing it keeps others waiting for {table} while {work_in_words(work[0])}.",
                    level=Level.INFO,
                    hint="Expect the same wait on the way back as on a way forward like it.",
                    plan=plan,
                    table=work[0].relation,
                    waits=(),
                    evidence=(("statement", sent.statement.sql),),
                )


def _locked(migration: Planned, sent: Sent) -> set[str]:
    """Return the tables that the way back keeps from writers while a statement runs."""
    return {
        lock.relation
        for earlier in migration.undone[: sent.position + 1]
        if earlier.statement.transaction == sent.statement.transaction
        for lock in earlier.locks
        if lock.kind.holds_rows and lock.mode.blocks_writes
    }
