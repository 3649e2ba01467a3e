"""Comparing where a proposal leads with where the original does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.migrations.state import ProjectState

from modeler.previews.child import migration_of
from modeler.previews.holds import by_rules, by_trace
from modeler.previews.options import Options
from modeler.previews.preview import MigrationPreview, Reversal
from modeler.previews.remedies.holding import blocking, made_by
from modeler.previews.remedies.proof import Proof
from modeler.previews.remedies.proposal import Proposal
from modeler.previews.remedies.states import state_differences
from modeler.previews.unwritten import Written
from modeler.schema.drift import drift
from modeler.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Run:
    """What a history led to on one database of the shadow.

    Attributes:
        schema: from the catalogs, at the end.
        migrations: those that were looked at.
        error: what failed, ``""`` if nothing did.
        reversal: all of them undone and done again, None where that was not tried.
        missed: what could not be traced.
    """

    schema: Schema
    migrations: tuple[MigrationPreview, ...]
    error: str = ""
    reversal: Reversal | None = None
    missed: tuple[str, ...] = ()

    @property
    def failure(self) -> str:
        """What failed, forward, on generated rows or on the way back."""
        on_rows = (migration.broken_by_rows for migration in self.migrations)
        back = self.reversal.error if self.reversal else ""
        return self.error or next(filter(None, on_rows), "") or back


Judgement = tuple[bool, str]
Runner = Callable[[tuple[Written, ...], Options], Run]
ROWS = 20
ORIGINAL = Options(backward=False, reverse=False, replay=False)
REMEDIED = replace(ORIGINAL, trace=True, rows=ROWS, chain=True)
PLAIN = (replace(REMEDIED, plain=True), "with plain rows")
NO_ROWS = (replace(REMEDIED, rows=0), "without rows")


def judged(proposal: Proposal, run: Runner, state: ProjectState) -> Proof:
    """Run a proposal and what it replaces, and return what that shows.

    Args:
        run: runs migrations from the state before them on a fresh database.
        state: before them; it is not changed.
    """
    reference = (Written(proposal.app, proposal.name, proposal.reference or proposal.original),)
    files = tuple(file.written for file in proposal.files)
    original, remedied = run(reference, ORIGINAL), run(files, REMEDIED)
    untested: list[str] = []
    rows = "with rows"
    for options, words in (PLAIN, NO_ROWS):
        if not remedied.failure:
            break
        on_rows = run(reference, REMEDIED if rows == "with rows" else PLAIN[0])
        if not on_rows.failure:
            break
        # Rows that the schema allows may break what any form of the migration demands.
        untested.append(f"On tables {rows}: {remedied.failure} (the original: {on_rows.failure})")
        remedied, rows = run(files, options), words
    if remedied.failure:
        untested = []
    left = remedied.reversal.left if remedied.reversal and not remedied.failure else ()
    theirs: frozenset[str] = frozenset()
    if left:
        back = run(reference, replace(NO_ROWS[0], trace=False)).reversal
        theirs = frozenset(back.left if back else ())
        untested += [f"Undone, the original leaves it too: {one}" for one in left if one in theirs]
    untested += [f"Not traced: {sentence}." for sentence in remedied.missed]
    shown: list[str] = []
    refuted: list[str] = []
    for holds, sentence in (
        *_catalogs(original, remedied, on=rows),
        *_states(proposal, state),
        *_locks(remedied),
        *_way_back(remedied, theirs),
    ):
        (shown if holds else refuted).append(sentence)
    return Proof(
        tuple(shown), tuple(refuted), tuple(untested), remedied.migrations, remedied.reversal
    )


def _catalogs(original: Run, remedied: Run, *, on: str) -> Iterable[Judgement]:
    if remedied.error or any(one.broken_by_rows for one in remedied.migrations):
        ran = remedied.migrations
        name = next((one.name for one in ran if one.error or one.broken_by_rows), "The history")
        yield False, f"{name} fails: {remedied.failure}"
        return
    count = len(remedied.migrations)
    yield True, f"{count} migration{'s' if count > 1 else ''} ran on tables {on}."
    if original.error:
        yield False, f"The original fails on empty tables, so that ends differ: {original.error}"
        return
    if remedied.failure:
        return  # it was read in the middle of the way back
    changes = drift(remedied.schema, original.schema)
    for change in changes:
        yield False, f"The catalog differs: {change}"
    if not changes:
        yield True, "The catalog ends as it would have, names of constraints and indexes included."


def _states(proposal: Proposal, state: ProjectState) -> Iterable[Judgement]:
    one, two = state.clone(), state.clone()
    reference = proposal.reference or proposal.original
    migration_of(proposal.app, proposal.name, reference).mutate_state(one, preserve=False)
    for file in proposal.files:
        migration_of(file.app, file.name, file.source).mutate_state(two, preserve=False)
    differing = state_differences(one, two)
    for difference in differing:
        yield False, f"Django's models end differently: {difference}."
    if not differing:
        yield True, "Django's models end as they would have: makemigrations finds nothing."


def _locks(remedied: Run) -> Iterable[Judgement]:
    worst = []
    for migration in remedied.migrations:
        made = made_by(migration.forward)
        for way, word in ((by_trace, "measured"), (by_rules, "expected")):
            worst += [
                f"{migration.name} keeps writers of {hold.relation} waiting during "
                f"{hold.during[0][1].kind} ({word})."
                for hold in blocking(migration.forward, way, made)
            ]
    for sentence in dict.fromkeys(worst):
        yield False, sentence
    if remedied.migrations and not worst and not remedied.error:
        yield True, "No lock that writers wait for is held during work that grows with rows."


def _way_back(remedied: Run, theirs: frozenset[str]) -> Iterable[Judgement]:
    if remedied.error:
        return
    reversal = remedied.reversal
    if reversal is None:
        yield False, "The way back was not gone."
        return
    if reversal.error:
        yield False, f"The way back fails: {reversal.error}"
    left = [difference for difference in reversal.left if difference not in theirs]
    for difference in left:
        yield False, f"Undone, the catalog is not what it was: {difference}"
    for difference in reversal.again:
        yield False, f"Done again, the catalog differs: {difference}"
    if not (reversal.error or left or reversal.again):
        yield True, "Undone they leave the catalog as it was, and they can be done again."
