"""Remedies of a preview: proposed, proven, and written where that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.migrations.loader import MigrationLoader

from modeler.previews.judgement import Judgement
from modeler.previews.preview import Preview
from modeler.previews.remedies.propose import remedies_for, with_remedies
from modeler.previews.remedies.prove import prove
from modeler.previews.remedies.text import none_text, proposal_text, written_text
from modeler.previews.remedies.write import write_files
from modeler.previews.steps import Steps
from modeler.reporting.finding import Level


@dataclass(frozen=True, slots=True)
class Offer:
    """What came of it.

    Attributes:
        preview: its findings with the remedies that were proven.
        text: for a terminal.
        ready: how many remedies were proven.
    """

    preview: Preview
    text: str
    ready: int


def offer(
    judgement: Judgement,
    steps: Steps,
    loader: MigrationLoader,
    alias: str,
    *,
    write: bool = False,
    offline: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Offer:
    """Propose a remedy for each migration with an error or a warning, and prove it on the shadow.

    Args:
        judgement: of the preview.
        steps, loader: those that it was made with.
        alias: the database that the migrations are meant for.
        write: put the files of proven remedies into the apps.
        offline: the project's own servers are not asked.
        progress: called with (proven, of how many, name) before each proof.

    Raises:
        ServerError: the shadow cannot be used.
        ConfigurationError: files cannot be written.
    """
    grave = [found for found in judgement.preview.findings if found.level is not Level.INFO]
    remedies = remedies_for(judgement.plan, steps, loader, findings=grave)
    texts, ready = [], []
    for number, proposal in enumerate(remedies.proposals):
        if progress:
            progress(number, len(remedies.proposals), f"remedy of {proposal.key}")
        proof = prove(proposal, alias, steps, loader, offline=offline)
        texts.append(proposal_text(proposal, proof))
        if proof.holds:
            ready.append(proposal)
            if write:
                texts.append(written_text(proposal, write_files(proposal)))
    texts += map(none_text, remedies.without)
    if not texts:
        texts = ["Nothing asks for a remedy.\n"]
    findings = with_remedies(judgement.preview.findings, tuple(ready))
    return Offer(
        replace(judgement.preview, findings=findings),
        "Remedies\n\n" + "\n".join(texts),
        len(ready),
    )
