"""How far an apply came: one value a step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from modeler.mongo.apply.offenders import Offenders
from modeler.mongo.apply.step import Step


class Outcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    STOPPED = "stopped"
    LEFT = "left"  # for the next run, since an earlier step of the collection stopped


@dataclass(frozen=True, slots=True)
class Progress:
    """A step and what became of it.

    Attributes:
        step: that was to be done.
        outcome: see Outcome.
        said: what was found, or why it stopped.
        next_step: what a person does now; ``""`` where nothing.
        offenders: what stopped it, where documents did.
    """

    step: Step
    outcome: Outcome
    said: str = ""
    next_step: str = ""
    offenders: Offenders | None = None


def stopped(progress: Iterable[Progress]) -> bool:
    """Whether a step stopped."""
    return any(one.outcome is Outcome.STOPPED for one in progress)
