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
        plain: rows are of the sort that seldom makes a migration stumble.
        chain: undo all shown migrations at the end, last first, and do them again.
        replay: with a trace, let the old code meet the new schema, and the new code the old one.
    """

    trace: bool = False
    rows: int = 0
    backward: bool = True
    reverse: bool = True
    replay: bool = True
    plain: bool = False
    chain: bool = False


STATIC = Options()
TRACED = Options(trace=True, rows=20)
