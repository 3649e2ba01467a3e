"""When the largest document will be full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from modeler.mongo.design.amounts import number, size
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.weights import LARGEST_DOCUMENT

MONTH = 30.44  # days
CENTURY = 1200  # months
# Below it, children come with their parent and documents stay as they were written.
COMPLETE = 0.01


@dataclass(frozen=True, slots=True)
class Projection:
    """Attributes:
    on: ISO date on which the largest document reaches 16 MiB, ``""`` if it never does or
        nobody knows.
    text: the same as a clause, with what it rests on.
    """

    on: str
    text: str


def projection(inputs: Inputs, now: datetime | None) -> Projection:
    """Return when the parent's largest document, with all children in it, is full.

    The largest parent is taken to get its share of all new children, as it did so far; only
    those that come later than its own making add to a document that is there.
    """
    sizes = inputs.sizes
    if sizes is None or now is None:
        return Projection("", "not known: nothing was measured")
    if sizes.maximum >= LARGEST_DOCUMENT:
        return Projection(now.date().isoformat(), f"it would have {size(sizes.maximum)} today")
    if inputs.one_to_one:
        return Projection("", "never: one child a parent")
    if inputs.late is not None and inputs.late < COMPLETE:
        return Projection("", "never at this growth: children come with their parent")
    if inputs.monthly is None or not inputs.child_rows or inputs.maximum is None:
        return Projection("", "not known: no column says when children are made")
    part = inputs.maximum / inputs.child_rows
    rows = inputs.monthly * part * (1.0 if inputs.late is None else inputs.late)
    grown = rows * inputs.child_bytes
    months = (LARGEST_DOCUMENT - sizes.maximum) / grown if grown else CENTURY + 1
    rate = f"{number(rows)} children a month" if rows >= 0.1 else "almost none a month"
    if months > CENTURY:
        return Projection("", f"never at this growth: the largest parent gets {rate}")
    day = (now + timedelta(days=months * MONTH)).date().isoformat()
    return Projection(day, f"the largest parent gets {rate}")
