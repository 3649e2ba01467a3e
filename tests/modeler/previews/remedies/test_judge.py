"""A proof can fail: each way in which a proposal may be wrong is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import migrations, models

from modeler.previews.remedies.proposal import Proposal
from tests.modeler.previews.hazards.rehearsed import Case
from tests.modeler.previews.remedies.test_forms import BY_NAME, OWNER, PET, add
from tests.modeler.previews.remedies.tried import proof_of, tried

TAG = models.CharField(max_length=9, default="", db_index=True)
FOREIGN_KEY = models.ForeignKey("pets.Owner", models.CASCADE, null=True)
AGE = migrations.AlterField("pet", "age", models.IntegerField(default=1))
CASES = {
    "tag": Case("", [add("tag", TAG)], [PET]),
    "owner": Case("", [add("owner", FOREIGN_KEY)], [OWNER, PET]),
    "index": Case("", [migrations.AddIndex("pet", BY_NAME)], [PET]),
    "age": Case("", [AGE], [PET]),
}


def changed(proposal: Proposal, file: int, old: str, new: str) -> Proposal:
    files = list(proposal.files)
    assert old in files[file].source
    files[file] = replace(files[file], source=files[file].source.replace(old, new))
    return replace(proposal, files=tuple(files))


@pytest.mark.parametrize(
    ("case", "file", "old", "new", "refuted"),
    [
        ("tag", 1, "INDEX CONCURRENTLY \"pets_pet_tag_", "INDEX CONCURRENTLY \"pets_pet_tig_",
         "The catalog differs: "),
        ("tag", 0, "max_length=9", "max_length=8", "Django's models end differently: "),
        ("owner", -1, "VALIDATE CONSTRAINT", "ALTER CONSTRAINT", "The catalog differs: "),
        ("index", 0, "AddIndexConcurrently(", "migrations.AddIndex(",
         "0002_pending keeps writers of pets_pet waiting during index build"),
        ("age", 1, "\"age\" = 1", "\"age\" = NULL", "0002_2_pet_age_fill fails: "),
        ("age", -1, "DROP DEFAULT", "SET DEFAULT 2", "The catalog differs: "),
        ("tag", 1, "DROP INDEX CONCURRENTLY IF EXISTS", "DROP INDEX CONCURRENTLY IF EXISTS x",
         "The way back fails: 0002_2_pet_tag_index undone: "),
    ],
)  # fmt: skip
def test_a_wrong_proposal_is_refuted(shadow, case, file, old, new, refuted):
    proposal = tried(shadow, CASES[case], proves=False).proposal
    proof = proof_of(shadow, CASES[case], changed(proposal, file, old, new))
    assert not proof.holds
    assert [s for s in proof.refuted if s.startswith(refuted)], proof.refuted


def test_rows_that_break_both_forms_are_said(shadow):
    unique = models.UniqueConstraint(fields=["owner"], name="one_owner")
    case = Case(
        "", [migrations.AddConstraint("pet", unique)], [OWNER, PET, add("owner", FOREIGN_KEY)]
    )
    proof = tried(shadow, case).proof
    assert proof.holds
    assert len(proof.untested) == 2
    for untested in proof.untested:
        assert "the original: " in untested
    assert proof.untested[0].startswith("On tables with rows: could not create unique index")
    assert proof.shown[0] == "2 migrations ran on tables without rows."
