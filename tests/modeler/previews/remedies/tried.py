"""A remedy of one migration, generated and proven on clones in this process.

Built upon the cases of the rules' tests; what is compared is compared by the code that the child
process of a project serves too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from django.db import migrations
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

from modeler.postgres.shadow import Shadow
from modeler.previews.child import migration_of
from modeler.previews.options import Options
from modeler.previews.rehearse import Rehearsal
from modeler.previews.remedies.judge import Run, judged
from modeler.previews.remedies.proof import Proof
from modeler.previews.remedies.proposal import NoProposal, Proposal
from modeler.previews.remedies.propose import Remedies, remedies_for
from modeler.previews.steps import Step, Steps
from modeler.previews.unwritten import Written
from modeler.reporting.finding import Finding, Level
from modeler.schema.live import read_database
from tests.modeler.previews.hazards.rehearsed import Case, plan_of_case

KEY = "pets.0002_pending"


@dataclass
class Tried:
    """What came of a case."""

    remedies: Remedies
    proof: Proof | None = None
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def proposal(self) -> Proposal:
        (proposal,) = self.remedies.proposals
        return proposal

    @property
    def without(self) -> NoProposal:
        (found,) = self.remedies.without
        return found

    @property
    def names(self) -> list[str]:
        return [file.name for file in self.proposal.files]


def tried(
    shadow: Shadow, case: Case, *, codes: Sequence[str] | None = None, proves: bool = True
) -> Tried:
    """Make the remedy of a case's pending migration, and prove it."""
    first = _migration("0001_before", case.before)
    pending = _migration("0002_pending", case.operations, atomic=case.atomic)
    pending.dependencies = [("pets", "0001_before")]
    source = case.source or MigrationWriter(pending, include_header=False).as_string()
    pending = migration_of("pets", "0002_pending", source)
    plan = plan_of_case(shadow, replace(case, source=source, operations=pending.operations))
    assert [m.preview.error for m in plan.migrations] == [""]
    loader = _loader(first, pending)
    steps = Steps(
        (Step("pets", "0001_before", False, True), Step("pets", "0002_pending", True, False)),  # noqa: FBT003
        "pending",
    )
    findings = None
    if codes is not None:
        findings = [Finding(code, Level.ERROR, f"{KEY}:x", "said") for code in codes]
    found = Tried(remedies_for(plan, steps, loader, findings=findings))
    if not found.remedies.proposals or not proves:
        return found
    found.sources = {file.name: file.source for file in found.proposal.files}
    found.proof = proof_of(shadow, case, found.proposal)
    return found


def proof_of(shadow: Shadow, case: Case, proposal: Proposal) -> Proof:
    """Run a proposal for a case's pending migration beside what it replaces."""
    first = _migration("0001_before", case.before)
    state = ProjectState()
    first.mutate_state(state, preserve=False)

    def run(written: tuple[Written, ...], options: Options) -> Run:
        shown = [migration_of(one.app, one.name, one.source) for one in written]
        return _run(shadow, case, first, shown, options)

    return judged(proposal, run, state)


def assert_proven(shadow: Shadow, case: Case, *, codes: Sequence[str] | None = None) -> Tried:
    found = tried(shadow, case, codes=codes)
    assert found.proof is not None
    assert (found.proof.refuted, found.proof.holds) == ((), True), "\n".join(
        [*found.proof.refuted, *found.sources.values()]
    )
    return found


def _run(shadow, case, first, shown, options) -> Run:
    loader = SimpleNamespace(unmigrated_apps=set())
    with shadow.clone("remedy") as clone, clone.registered("default") as connection:
        rehearsal = Rehearsal(connection, loader, options)
        rehearsal.run_unseen(first)
        if case.sql:
            with connection.cursor() as cursor:
                cursor.execute(case.sql)
        previews = []
        with rehearsal.watching():
            for migration in shown:
                previews.append(rehearsal.run_shown(migration))
                if previews[-1].error:
                    break
        reversal = None
        if rehearsal.chain and not previews[-1].error:
            reversal = rehearsal.chain.there_and_back()
        schema = read_database(connection, alias="default")
    return Run(schema, tuple(previews), previews[-1].error, reversal, rehearsal.missed)


def _loader(*found: migrations.Migration) -> SimpleNamespace:
    graph = MigrationGraph()
    for migration in found:
        graph.add_node(("pets", migration.name), migration)
    for migration in found:
        for need in migration.dependencies:
            graph.add_dependency(migration, ("pets", migration.name), need)
    return SimpleNamespace(
        disk_migrations={("pets", m.name): m for m in found}, unmigrated_apps=set(), graph=graph
    )


def _migration(name, operations, *, atomic=True) -> migrations.Migration:
    made = type("Migration", (migrations.Migration,), {"operations": list(operations)})
    made.atomic = atomic
    return made(name, "pets")
