"""What a person reads of proposals."""

from __future__ import annotations

from modeler.previews.remedies.proof import Proof
from modeler.previews.remedies.proposal import NoProposal, Proposal, RemedyFile
from modeler.previews.remedies.text import none_text, proposal_text, written_text

PROPOSAL = Proposal(
    ("MP215",),
    "pets",
    "0002_drop",
    "Forget the column",
    (
        RemedyFile("pets", "0002_drop", "pets/migrations/0002_drop.py", ""),
        RemedyFile("pets", "0003_drop_pet", "pets/migrations/0003_drop_pet.py", "", later=True),
    ),
    notes=("Deploy it first.",),
)


def test_a_proven_proposal():
    assert proposal_text(PROPOSAL, Proof(("2 migrations ran.",))) == (
        "pets.0002_drop (MP215): Forget the column.\n"
        "    pets/migrations/0002_drop.py\n"
        "    pets/migrations/0003_drop_pet.py  next release\n"
        "    note  Deploy it first.\n"
        "    shown 2 migrations ran.\n"
        "    Ready.\n"
    )


def test_one_that_does_not_hold():
    text = proposal_text(PROPOSAL, Proof((), ("The catalog differs: x",), ("Not traced: y.",)))
    assert text.endswith(
        "    wrong The catalog differs: x\n"
        "    open  Not traced: y.\n"
        "    Not ready: it is not written.\n"
    )


def test_none():
    assert none_text(NoProposal(("MP205",), "pets", "0002_a", ("It is one step.",))) == (
        "pets.0002_a (MP205): no automatic remedy.\n    why   It is one step.\n"
    )


def test_what_was_written():
    assert written_text(PROPOSAL, ["pets/migrations/0002_drop.py"]) == (
        "Written for pets.0002_drop:\n"
        "    pets/migrations/0002_drop.py\n"
        "Keep 0003_drop_pet out of this release: commit it when this one is deployed.\n"
        "Next: read them, then `manage.py migration_preview --trace`.\n"
    )
