"""What was measured on the shadow: an estimate's foundation."""

from __future__ import annotations

from dataclasses import dataclass

from .size import Size


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: how long a statement took on a table of that size.

    Attributes:
        size: of the tables that it worked on.
        seconds: that it took, without those in which it waited for a processor.
        changed: rows that it changed; 0 of a statement that is no INSERT, UPDATE or DELETE.
        grown: bytes by which the tables' indexes were more afterwards.
        waited: seconds in which others had the processors, where that is known.
    """

    size: Size
    seconds: float
    changed: float = 0.0
    grown: float = 0.0
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Samples of one statement.

    Attributes:
        samples: two or more, the smallest table first.
        server_version: of the shadow, such as ``"18.4"``.
    """

    samples: tuple[Sample, ...]
    server_version: str = ""

    def __post_init__(self) -> None:
        rows = [sample.size.rows for sample in self.samples]
        if len(rows) < 2 or rows != sorted(rows) or rows[0] == rows[-1]:
            raise ValueError("A calibration needs two sizes, the smaller first.")
