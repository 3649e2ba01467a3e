"""A question to the rows of one table: how many are of a kind, and which."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.reporting.finding import Level
from modeler.schema.location import Location


@dataclass(frozen=True, slots=True)
class Probe:
    """A question.

    Attributes:
        code: of the finding.
        level: of the finding.
        subject: ``app.Model.column`` or ``app.Model.constraint``.
        table: whose rows are counted.
        key: columns that name a row.
        condition: SQL, true for rows of that kind; ``t`` is the table. ``""`` for a grouped one.
        said: what such rows hold, a noun with what follows from it.
        hint: the next step.
        groups: a whole query of groups (one row a group, its key columns as text), for what only
            several rows together show.
    """

    code: str
    level: Level
    subject: str
    table: Location
    key: tuple[str, ...]
    condition: str
    said: str
    hint: str
    groups: str = ""
