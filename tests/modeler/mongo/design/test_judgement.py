"""From inputs to a verdict: each pattern, and what stands next to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import judge
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights

ITEM = Inputs(in_key=True, inline=True, on_delete="CASCADE", p50=2, p95=6, p99=9, maximum=30)
LOOSE = Inputs(on_delete="PROTECT", p50=2, p95=6, p99=9, maximum=30, own_admin=True)
MANY = {"p50": 400, "p95": 900, "p99": 990, "maximum": 5000}
PAIR = Inputs(junction=True, preferred=True, on_delete="CASCADE", in_key=True)


@pytest.mark.parametrize(
    ("inputs", "changed", "verdict", "also"),
    [
        (ITEM, {}, Verdict.EMBED_ARRAY, ()),
        (ITEM, {"one_to_one": True}, Verdict.EMBED_ONE, ()),
        (ITEM, {"in_key": False, "inline": False, "own_admin": True, "other_keys": 2},
         Verdict.ASK, ()),
        (LOOSE, {}, Verdict.REFERENCE, ()),
        # Rows that may have no home are never embedded without a question.
        (ITEM, {"null": True}, Verdict.ASK, ()),
        (ITEM, {"enforced": False}, Verdict.ASK, ()),
        (ITEM, {"generic": True}, Verdict.ASK, ()),
        (ITEM, {"barred": "so"}, Verdict.REFERENCE, ()),
        (ITEM, {"referenced_by": 2}, Verdict.REFERENCE, ()),
        (ITEM, {"lost_to": "a.B", "lost_by": 99}, Verdict.REFERENCE, ()),
        (ITEM, {"lost_to": "a.B", "lost_by": 2}, Verdict.EMBED_ARRAY, ()),
        (ITEM, {"lost_to": "a.B"}, Verdict.REFERENCE, ()),
        # Few huge parents; then too many everywhere, read with the parent or not.
        (ITEM, {"maximum": 1001}, Verdict.OUTLIER, ()),
        (ITEM, {"maximum": 1001, "p99": 101}, Verdict.SUBSET, ()),
        (ITEM, MANY, Verdict.SUBSET, ()),
        (LOOSE, {**MANY, "read_together": 1}, Verdict.SUBSET, ()),
        (LOOSE, MANY, Verdict.REFERENCE, ()),
        (LOOSE, {**MANY, "timed": True, "child_bytes": 90}, Verdict.BUCKET, ()),
        (LOOSE, {**MANY, "timed": True, "child_bytes": 900}, Verdict.REFERENCE, ()),
        (LOOSE, {**MANY, "timed": True, "child_bytes": 90, "inserted": 9, "updated": 9},
         Verdict.REFERENCE, ()),
        # Extended references.
        (LOOSE, {"parent_rows": 10, "child_rows": 1000}, Verdict.COPY, ()),
        (LOOSE, {"parent_updated": 1, "parent_read": 101}, Verdict.COPY, ()),
        (LOOSE, {"parent_updated": 1, "parent_read": 100}, Verdict.REFERENCE, ()),
        (LOOSE, {"parent_updated": 0, "parent_read": 0}, Verdict.REFERENCE, ()),
        (LOOSE, {"parent_updated": 0, "parent_read": 99}, Verdict.REFERENCE, ()),
        (LOOSE, {"parent_updated": 0, "parent_read": 100}, Verdict.COPY, ()),
        (LOOSE, {"parent_updated": 0, "parent_read": 900, "child_rows": 0},
         Verdict.REFERENCE, ()),
        (LOOSE, {"sole": True, "p95": 1, "p99": 1, "maximum": 1, "child_rows": 100},
         Verdict.COPY, ()),
        (LOOSE, {"sole": True, "p95": 1, "p99": 1, "maximum": 1, "child_rows": 99},
         Verdict.REFERENCE, ()),
        (LOOSE, {"p95": 1, "p99": 1, "maximum": 1, "child_rows": 100}, Verdict.REFERENCE, ()),
        (LOOSE, {"parent_updated": 0, "parent_read": 900, "copyable": False},
         Verdict.REFERENCE, ()),
        (LOOSE, {"counted": True}, Verdict.COMPUTED, ()),
        (LOOSE, {"counted": True, "parent_updated": 0, "parent_read": 900},
         Verdict.COPY, (Verdict.COMPUTED,)),
        (ITEM, {"counted": True, "maximum": 1001}, Verdict.OUTLIER, (Verdict.COMPUTED,)),
        (ITEM, {"counted": True}, Verdict.EMBED_ARRAY, ()),
        # Trees.
        (LOOSE, {"self_reference": True, "tree": True}, Verdict.PATH, ()),
        (ITEM, {"self_reference": True}, Verdict.REFERENCE, ()),
        # Junctions: the smaller side, whatever the points say.
        (PAIR, {}, Verdict.IDS, ()),
        (PAIR, {"preferred": False}, Verdict.IDS, ()),
        (PAIR, {"rival": True, "preferred": False}, Verdict.REFERENCE, ()),
        (PAIR, {"p99": 5, "rival": True, "rival_p99": 4}, Verdict.REFERENCE, ()),
        (PAIR, {"p99": 5, "rival": True, "rival_p99": 6, "preferred": False}, Verdict.IDS, ()),
        (PAIR, {"p99": 5, "rival": True, "rival_p99": 5}, Verdict.IDS, ()),
        (PAIR, {"p99": 501}, Verdict.REFERENCE, ()),
        (PAIR, {"p99": 500, "maximum": 1001}, Verdict.REFERENCE, ()),
    ],
)  # fmt: skip
def test_verdicts(inputs, changed, verdict, also):
    found = judge(replace(inputs, **changed), Weights())
    assert (found.verdict, found.also) == (verdict, also)
    assert found.score == sum(one.points for one in found.reasons)
    assert found.because
