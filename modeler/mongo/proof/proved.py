"""What a proof found."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from modeler.mongo.documents.sql import Key

SAMPLES = 5
MIB = 2**20
# Shares of the limit at which a document is told: 16 MiB is refused, 12 leaves a quarter.
LIMITS = (1 * MIB, 12 * MIB, 16 * MIB)


@dataclass(slots=True)
class Rejection:
    """A rule that documents break.

    Attributes:
        rule: what breaks: a constraint's name, or a field and keyword (``items.price maximum``).
        held_by: ``database`` or ``application``: who holds the rule today, ``""`` unknown.
        count: documents that break it.
        samples: keys of the first of them.
        reason: of the first of them.
    """

    rule: str
    held_by: str = ""
    count: int = 0
    samples: list[Key] = field(default_factory=list)
    reason: str = ""

    def add(self, key: Key, reason: str) -> None:
        self.count += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(key)
        self.reason = self.reason or reason


@dataclass(slots=True)
class Proved:
    """A range of documents, or all of a collection.

    Attributes:
        collection: its name.
        documents: that were judged.
        rejected: documents that break at least one rule.
        rejections: by rule.
        unbuildable: ``(key, reason)`` of rows that cannot become a document.
        sharing: rows that have no document of their own, see ``KeyPages.sharing``.
        sizes: bytes of each document.
        seconds: spent on it by processors, all together.
        judging: of them, for the validator alone.
    """

    collection: str
    documents: int = 0
    rejected: int = 0
    rejections: dict[str, Rejection] = field(default_factory=dict)
    unbuildable: list[tuple[Key, str]] = field(default_factory=list)
    sharing: int = 0
    sizes: array[int] = field(default_factory=lambda: array("L"))
    seconds: float = 0.0
    judging: float = 0.0

    @property
    def holds(self) -> bool:
        """Every row becomes a document, and none would be refused."""
        lost = self.rejected or self.unbuildable or self.sharing
        return not lost and not self.over(LIMITS[-1])

    def over(self, limit: int) -> int:
        """Return how many documents have more bytes."""
        return sum(size > limit for size in self.sizes)

    def size(self, share: float) -> int:
        """Return the size that this share of documents does not exceed; 0 without documents."""
        ordered = sorted(self.sizes)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0

    def add(self, other: Proved) -> None:
        """Add another range."""
        self.documents += other.documents
        self.rejected += other.rejected
        self.unbuildable += other.unbuildable
        self.sharing += other.sharing
        self.sizes.extend(other.sizes)
        self.seconds += other.seconds
        self.judging += other.judging
        for rule, found in other.rejections.items():
            mine = self.rejections.setdefault(rule, Rejection(rule, found.held_by))
            mine.count += found.count
            mine.samples = [*mine.samples, *found.samples][:SAMPLES]
            mine.reason = mine.reason or found.reason


def total(parts: Iterable[Proved], collection: str) -> Proved:
    """Return the sum of ranges."""
    whole = Proved(collection)
    for part in parts:
        whole.add(part)
    return whole
