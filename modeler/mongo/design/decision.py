"""A decision: what is made of one relation, and all that a card says of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.mongo.design.flip import Flip, flips
from modeler.mongo.design.growth import Projection
from modeler.mongo.design.inputs import Inputs, Sizes
from modeler.mongo.design.judgement import Judgement
from modeler.mongo.design.override import Override
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights


class Origin(StrEnum):
    """Who decided."""

    POINTS = "points"
    PERSON = "decided"
    CODE = "declared in code"


@dataclass(frozen=True, slots=True)
class Decision:
    """A card.

    Attributes:
        relation, child, parent: keys; the child declares the relation.
        verdict: what is made of it.
        also: patterns beside it.
        because: why, a clause.
        origin: who decided.
        judgement: what the points say, whoever decided.
        inputs: what they rest on.
        measured: of fan-out; False where the models alone spoke.
        sampled: the numbers are of a sample.
        sizes: of the parent's document with these children, None where nothing was counted.
        projection: when its largest is full.
        override: a person's decision, with its note.
        refused: why the override was not followed, ``""`` if it was.
        moved: numbers that moved since then: the decision is asked again.
        notes: what could not be measured.
    """

    relation: str
    child: str
    parent: str
    verdict: Verdict
    because: str
    origin: Origin
    judgement: Judgement
    inputs: Inputs
    projection: Projection
    also: tuple[Verdict, ...] = ()
    measured: bool = False
    sampled: bool = False
    sizes: Sizes | None = None
    override: Override | None = None
    refused: str = ""
    moved: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def flips(self, weights: Weights) -> tuple[Flip, ...]:
        """Return what would change the points' verdict; found by trying, so not kept."""
        return flips(self.inputs, weights)
