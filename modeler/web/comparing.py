"""A comparison as a page shows it."""

from __future__ import annotations

import time
from collections import OrderedDict

from modeler.diagrams.comparison.marks import Overlay
from modeler.diagrams.comparison.overlay import overlay
from modeler.schema.schema import Schema
from modeler.sources import read_comparison
from modeler.web.project import project_schema

KEPT, SECONDS = 4, 60.0
_remembered: OrderedDict[str, tuple[float, Overlay]] = OrderedDict()


def compared(text: str, *, fresh: bool = True) -> tuple[Schema, Overlay]:
    """Return what to draw of ``A..B``: the tables of both sides, and what changed.

    Args:
        text: the comparison.
        fresh: read both sides now; else what was read in the last minute will do, for what is
            opened beside a picture.

    Raises:
        ModelerError: a side is not there or cannot be read.
    """
    known = _remembered.get(text)
    if not fresh and known is not None and time.monotonic() - known[0] < SECONDS:
        return known[1].schema, known[1]
    found = overlay(*read_comparison(text), models=project_schema())
    _remembered[text] = (time.monotonic(), found)
    _remembered.move_to_end(text)
    while len(_remembered) > KEPT:
        _remembered.popitem(last=False)
    return found.schema, found
