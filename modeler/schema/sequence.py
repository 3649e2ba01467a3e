"""A sequence of a database, free or behind a serial or identity column."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.schema.location import Location


@dataclass(frozen=True, slots=True)
class Sequence:
    """What CREATE SEQUENCE says; where the sequence stands now is data and not here.

    Attributes:
        location: ``location.table`` is the sequence's name.
        type: ``smallint``, ``integer`` or ``bigint``.
        start, increment, minimum, maximum, cache: as declared.
        cycle: begins again at its end.
        owner: the table it goes with, None for a free one.
        column: the column of ``owner``.
        comment: the database's comment.
    """

    location: Location
    type: str = "bigint"
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 9223372036854775807
    cache: int = 1
    cycle: bool = False
    owner: Location | None = None
    column: str = ""
    comment: str = ""
