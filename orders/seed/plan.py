"""What is to be seeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_A_DAY = 86_400_000_000
MOST_ORDERS = 10_000_000
YEARS = 3
# Written side by side, each on a connection of its own. Other parts are other rows.
PARTS = 2
# Not today, because the same numbers shall make the same rows on every day.
UNTIL = date(2026, 1, 1)


class SeedError(ValueError):
    """A shop that cannot be seeded so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many orders, which of all possible shops, and the day on which its story ends.

    Raises:
        SeedError: no orders, too many, or days to come.
    """

    orders: int
    seed: int = 1
    until: date = UNTIL

    def __post_init__(self) -> None:
        if not 1 <= self.orders <= MOST_ORDERS:
            raise SeedError(
                f"{self.orders} orders cannot be seeded. Choose 1 to {MOST_ORDERS}: --orders 2000"
            )
        if self.until > datetime.now(UTC).date():
            raise SeedError(f"{self.until} is yet to come. Choose a day that was: --until {UNTIL}")
        if self.until.year <= 1970 + YEARS:
            raise SeedError(f"{self.until} is too long ago. Choose a later day: --until {UNTIL}")

    @property
    def opening(self) -> int:
        """The first moment of the story, in microseconds since 1970."""
        first = self.until.replace(day=1).replace(year=self.until.year - YEARS)
        return moment_of(first)

    @property
    def end(self) -> int:
        """The moment at which the story breaks off, in microseconds since 1970."""
        return moment_of(self.until)

    @property
    def parts(self) -> range:
        """The numbers of the parts."""
        return range(PARTS)

    def share(self, part: int) -> int:
        """Return how many orders a part has."""
        return len(range(part, self.orders, PARTS))

    def random(self, what: str) -> Random:
        """Return the randomness of one part of the story, independent of the other parts."""
        return Random(f"{self.seed}/{what}")


def moment_of(day: date) -> int:
    """Return the midnight (UTC) with which a day begins, in microseconds since 1970."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (midnight - EPOCH) // MICROSECOND


def stamp(moment: int) -> str:
    """Return microseconds since 1970 as a timestamp with time zone that SQL reads."""
    return (EPOCH + timedelta(microseconds=moment)).isoformat()
