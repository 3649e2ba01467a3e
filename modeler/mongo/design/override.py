"""What a person decided, and whether the numbers have moved since."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.mongo.design.amounts import number
from modeler.mongo.design.measures import RelationMeasures
from modeler.mongo.design.verdict import Verdict

ASKED_AGAIN = (
    ("p95", "children at the 95th percentile"),
    ("p99", "children at the 99th percentile"),
    ("maximum", "children of the largest parent"),
    ("parents", "parents with children"),
)


@dataclass(frozen=True, slots=True)
class Override:
    """A decision.

    Attributes:
        relation: its key.
        verdict: what was decided.
        note: why.
        who, when: of the decision; the time in ISO 8601.
        measures: of that time; None where there were none.
    """

    relation: str
    verdict: Verdict
    note: str = ""
    who: str = ""
    when: str = ""
    measures: RelationMeasures | None = None


def moved(override: Override, now: RelationMeasures | None, factor: float) -> tuple[str, ...]:
    """Return the numbers that moved by more than a factor since the decision, in words."""
    then = override.measures
    if then is None or now is None:
        return ()
    found = []
    for name, words in ASKED_AGAIN:
        before, after = getattr(then, name), getattr(now, name)
        if before is None or after is None or before == after:
            continue
        low, high = sorted((before, after))
        if high > factor * low:
            found.append(f"{words}: {number(before)} then, {number(after)} now")
    return tuple(found)
