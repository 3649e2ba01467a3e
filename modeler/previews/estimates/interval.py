"""An interval of a quantity: no single number is claimed where none is known."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``lower`` to ``upper``, both included; the unit is its owner's."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not 0 <= self.lower <= self.upper:
            raise ValueError(f"{self.lower} to {self.upper} is no interval")

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.lower + other.lower, self.upper + other.upper)

    def times(self, factor: float | Interval) -> Interval:
        """Return the interval of products with a number or another interval."""
        other = factor if isinstance(factor, Interval) else Interval(factor, factor)
        return Interval(self.lower * other.lower, self.upper * other.upper)

    @property
    def ratio(self) -> float:
        """Upper by lower; infinite where only the lower is 0."""
        if self.lower:
            return self.upper / self.lower
        return math.inf if self.upper else 1.0

    def narrowed(self, most: float) -> Interval:
        """Return an interval of at most that ratio, around the same geometric middle."""
        if self.ratio <= most or not self.lower:
            return self
        upper = math.sqrt(self.lower * self.upper) * math.sqrt(most)
        return Interval(upper / most, upper)
