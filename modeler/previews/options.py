"""How much a rehearsal does beside running the migrations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a rehearsal.

    Attributes:
        trace: measure each statement, and go back and forth for real.
        rows: generated rows that each empty table gets before a shown migration; 0: none.
        backward: note the statements that undo each migration.
        reverse: with a trace, undo each migration for real and do it again.
        replay: with a trace, let the old code meet the new schema, and the new code the old one.
    """

    trace: bool = False
    rows: int = 0
    backward: bool = True
    reverse: bool = True
    replay: bool = True


STATIC = Options()
TRACED = Options(trace=True, rows=20)
