"""Proposals as people read them in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from modeler.previews.remedies.proof import Proof
from modeler.previews.remedies.proposal import NoProposal, Proposal

WIDTH = 88


def proposal_text(proposal: Proposal, proof: Proof | None) -> str:
    """Return what is proposed instead of a migration, and what was shown of it.

    Args:
        proof: None where it was not run.
    """
    answers = f" ({', '.join(proposal.codes)})" if proposal.codes else ""
    lines = [f"{proposal.key}{answers}: {proposal.title}."]
    for file in proposal.files:
        when = "  next release" if file.later else ""
        lines.append(f"    {file.path or file.name}{when}")
    lines += _marked("note", proposal.notes)
    lines += _marked("left", proposal.undone)
    if proof is None:
        lines += _marked("proof", ["not run"])
    else:
        lines += _marked("shown", proof.shown)
        lines += _marked("wrong", proof.refuted)
        lines += _marked("open", proof.untested)
        lines.append("    Ready." if proof.holds else "    Not ready: it is not written.")
    return "\n".join(lines) + "\n"


def none_text(found: NoProposal) -> str:
    """Return why a migration has no automatic remedy."""
    answers = f" ({', '.join(found.codes)})" if found.codes else ""
    lines = [f"{found.app}.{found.name}{answers}: no automatic remedy."]
    return "\n".join([*lines, *_marked("why", found.reasons)]) + "\n"


def written_text(proposal: Proposal, paths: Iterable[str]) -> str:
    """Return what was written, and the next step."""
    lines = [f"Written for {proposal.key}:", *(f"    {path}" for path in paths)]
    later = [file.name for file in proposal.files if file.later]
    if later:
        lines.append(
            f"Keep {', '.join(later)} out of this release: commit it when this one is deployed."
        )
    lines.append("Next: read them, then `manage.py migration_preview --trace`.")
    return "\n".join(lines) + "\n"


def _marked(mark: str, sentences: Iterable[str]) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence,
            WIDTH,
            initial_indent=f"    {mark:6}",
            subsequent_indent=" " * 10,
            break_long_words=False,
        )
    ]
