"""What rows are wanted, and what they can refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """A table that is referred to.

    Attributes:
        sql: its name.
        rows: how many it has, as far as they were counted.
    """

    sql: str
    rows: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How candidates are to be made.

    Attributes:
        rows: how many rows are wanted in all, which says how many values must differ.
        nulls: ``some``, ``none``, ``all`` that may be, or ``half``.
        defaults: columns with a default are left to it.
        pools: further values by column, as SQL, drawn half of the time.
        later: names of references that stay NULL for now.
        plain: values differ where they can, are NULL only where they must, and are short.
    """

    rows: int
    seed: int = 0
    nulls: str = "some"
    defaults: bool = False
    pools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    plain: bool = False
