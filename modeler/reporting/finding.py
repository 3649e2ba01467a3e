"""One value for hazards of a migration, findings of a review and warnings of a specification."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters; ``error`` is what ``--fail-on`` stops at by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return tuple(Level).index(self)

    def at_least(self, other: Level) -> bool:
        """Tell whether this level is as grave as the other, or graver."""
        return self.rank <= other.rank


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: path relative to the project, line and column from 1 (0: unknown)."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends a finding, ready to commit.

    Attributes:
        title: what it does, in the imperative.
        operations: migration operations as Python source.
        sql: statements, for those who write SQL by hand.
        diff: the same as a unified diff of files, which ``git apply`` takes; ``""`` without files.
    """

    title: str
    operations: tuple[str, ...] = ()
    sql: tuple[str, ...] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule found; equal by value.

    Attributes:
        code: the rule's code, such as ``MS101``.
        level: see Level.
        subject: path of what it is about (``catalog.Product.sku``).
        message: one line without its full stop's need of context: it names the object.
        hint: the next step; starts with a verb.
        place: where it stands in code, if anywhere.
        evidence: what was read or measured, as ``(name, text)`` pairs.
        remedy: what mends it, where there is something ready.
        docs: slug of the rule's page.
    """

    code: str
    level: Level
    subject: str
    message: str
    hint: str = ""
    place: Place | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    remedy: Remedy | None = None
    docs: str = ""

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits for baselines.

        Code, subject and message decide; the line in a file and what was measured do not, so
        that a finding stays the same one when code above it grows or a table does.
        """
        text = "\x1f".join((self.code, self.subject, self.message))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def in_order(findings: tuple[Finding, ...] | list[Finding]) -> tuple[Finding, ...]:
    """Return the findings gravest first, then by subject, code and message."""
    return tuple(sorted(findings, key=lambda f: (f.level.rank, f.subject, f.code, f.message)))
