"""A comparison as a page shows it."""

from __future__ import annotations

from modeler.diagrams.comparison.marks import Overlay
from modeler.diagrams.comparison.overlay import overlay
from modeler.schema.schema import Schema
from modeler.sources import read_comparison
from modeler.web.project import project_schema


def compared(text: str) -> tuple[Schema, Overlay]:
    """Return what to draw of ``A..B``: the tables of both sides, and what changed.

    Raises:
        ModelerError: a side is not there or cannot be read.
    """
    found = overlay(*read_comparison(text), models=project_schema())
    return found.schema, found
