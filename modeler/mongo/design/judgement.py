"""From points to a verdict: a function of one relation's inputs alone, so that it can be asked
what another input would have said."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.mongo.design.amounts import counted, number, share, size
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.points import (
    BY_AMOUNT,
    BY_LARGEST,
    Reason,
    Veto,
    Vetoes,
    is_lookup,
    reasons,
    vetoes,
)
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a relation.

    Attributes:
        verdict: the pattern.
        also: patterns beside it: a reference may be extended, and counted.
        because: why this pattern, a sentence without its full stop.
        score: sum of the points.
        reasons, vetoes: see points.
        held_back: why a score that would embed only asks, ``""`` if it does not.
    """

    verdict: Verdict
    also: tuple[Verdict, ...]
    because: str
    score: int
    reasons: tuple[Reason, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    held_back: str = ""


def judge(inputs: Inputs, weights: Weights) -> Judgement:
    """Return the verdict on a relation, of itself: which root a table has is decided later."""
    said, forbidden = reasons(inputs, weights), vetoes(inputs, weights)
    score = sum(reason.points for reason in said)
    if elsewhere := _elsewhere(inputs, score):
        forbidden = (Veto(Vetoes.BARRED, elsewhere), *forbidden)
    held_back = _held_back(inputs) if score >= weights.embed and not forbidden else ""
    beside = _beside(inputs, weights)
    verdict, because = _verdict(inputs, weights, score, forbidden, held_back)
    if verdict is Verdict.REFERENCE and beside:
        verdict, because = beside[0]
    if verdict.embeds or verdict in (Verdict.ASK, Verdict.PATH):
        beside = []
    also = tuple(pattern for pattern, _ in beside if pattern is not verdict)
    return Judgement(verdict, also, because, score, said, forbidden, held_back)


def _verdict(
    inputs: Inputs,
    weights: Weights,
    score: int,
    forbidden: tuple[Veto, ...],
    held_back: str,
) -> tuple[Verdict, str]:
    kinds = {veto.slug for veto in forbidden}
    if inputs.self_reference:
        if inputs.tree:
            return Verdict.PATH, "a small tree, whose rows are read with those above them"
        return Verdict.REFERENCE, forbidden[0].text
    if inputs.junction:
        return _junction(inputs, weights, forbidden)
    if not forbidden:
        if score >= weights.embed:
            if held_back:
                return Verdict.ASK, held_back
            one = inputs.one_to_one
            return (
                Verdict.EMBED_ONE if one else Verdict.EMBED_ARRAY,
                f"{score:+} points, {weights.embed} are enough",
            )
        if score >= weights.ask:
            return Verdict.ASK, f"{score:+} points: between {weights.ask} and {weights.embed}"
    elif kinds <= BY_LARGEST and _outlier(inputs, weights, score):
        return Verdict.OUTLIER, f"few parents are huge: {forbidden[0].text}"
    if Vetoes.BARRED not in kinds:
        together = inputs.inline or inputs.read_together > 0
        if together and _grows(inputs, weights, kinds):
            return Verdict.SUBSET, "read with its parent, and too many to lie there"
        if _bucket(inputs, weights):
            return Verdict.BUCKET, (
                f"many small rows in order of time: {number(inputs.p95 or 0)} a parent, "
                f"{size(inputs.child_bytes)} each"
            )
    if forbidden:
        return Verdict.REFERENCE, forbidden[0].text
    return Verdict.REFERENCE, f"{score:+} points, less than {weights.ask}"


def _elsewhere(inputs: Inputs, score: int) -> str:
    """Say where the child's rows lie, a child having one root."""
    if not inputs.lost_to:
        return ""
    text = f"its rows lie in {inputs.lost_to} already"
    if inputs.lost_by is None or inputs.junction:
        return text
    if score > inputs.lost_by:
        return ""
    return f"{text}, by {inputs.lost_by:+} points against {score:+}"


def _held_back(inputs: Inputs) -> str:
    if inputs.null:
        if inputs.homeless:
            return f"{share(inputs.homeless)} of the children have no parent to lie in"
        return "a child without parent would lie nowhere"
    if inputs.generic:
        return "a child belongs to the row that it speaks of, of any table, as much"
    if not inputs.enforced and not inputs.junction:
        return "the database does not hold the reference: a child of no parent would lie nowhere"
    return ""


def _junction(
    inputs: Inputs, weights: Weights, forbidden: tuple[Veto, ...]
) -> tuple[Verdict, str]:
    if forbidden:
        return Verdict.REFERENCE, forbidden[0].text
    if inputs.p99 is not None and inputs.p99 > weights.ids:
        return Verdict.REFERENCE, (
            f"{number(inputs.p99)} entries at the 99th percentile, more than {weights.ids}"
        )
    mine, theirs = inputs.p99, inputs.rival_p99
    if inputs.rival:
        if mine is None or theirs is None or mine == theirs:
            if not inputs.preferred:
                return Verdict.REFERENCE, "the other side holds the array of ids"
        elif mine > theirs:
            return Verdict.REFERENCE, (
                f"the other side holds the array of ids: {number(theirs)} entries at the 99th "
                f"percentile, here {number(mine)}"
            )
    if mine is None:
        known = "there are no rows yet" if inputs.child_rows == 0 else "nobody counted entries"
        return Verdict.IDS, f"this side declares the relation; {known}"
    return Verdict.IDS, f"{counted(mine, 'entry', 'entries')} at the 99th percentile"


def _outlier(inputs: Inputs, weights: Weights, score: int) -> bool:
    # More than 99 % are small: the 99th percentile says it.
    return score >= weights.embed and (inputs.p99 or 0) <= weights.outlier_rows


def _grows(inputs: Inputs, weights: Weights, kinds: set[str]) -> bool:
    return (
        bool(kinds & BY_AMOUNT)
        or (inputs.p95 or 0) > weights.many
        or ((inputs.late or 0) > weights.late_share and (inputs.maximum or 0) > weights.few)
    )


def _bucket(inputs: Inputs, weights: Weights) -> bool:
    updates = inputs.updates_per_insert
    return (
        inputs.timed
        and (inputs.p95 or 0) > weights.bucket_rows
        and 0 < inputs.child_bytes <= weights.bucket_bytes
        and (updates is None or updates < 0.05)
    )


def _beside(inputs: Inputs, weights: Weights) -> list[tuple[Verdict, str]]:
    """Return the patterns that a reference may have beside it, the weightier first."""
    found = []
    updates = inputs.updates_per_read
    if inputs.copyable and not inputs.self_reference and not inputs.junction:
        if inputs.whole:
            text = "no two children have the same parent, which is there for its child alone"
            found.append((Verdict.COPY, text))
        elif is_lookup(inputs, weights):
            text = (
                f"a lookup of {counted(inputs.parent_rows or 0, 'row', 'rows')}, "
                "read with its children"
            )
            found.append((Verdict.COPY, text))
        elif (
            updates is not None
            and updates < weights.copied_updates
            # Fewer reads than that tell nothing of such a share; nor do no children at all.
            and (inputs.parent_read or 0) * weights.copied_updates >= 1
            and inputs.child_rows != 0
        ):
            text = f"the parent is updated once in {number(1 / updates)} reads" if updates else (
                "the parent is read and never updated"
            )  # fmt: skip
            found.append((Verdict.COPY, text))
    if inputs.counted and not inputs.one_to_one:
        found.append((Verdict.COMPUTED, "the parent's admin list shows how many there are"))
    return found
