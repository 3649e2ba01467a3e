"""One statement of a migration, with what rules say of it and what the shadow measured."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.effects.effect import Effects
from modeler.previews.estimates.estimate import Estimate
from modeler.previews.trace.trace import Trace


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that ran.

    Attributes:
        sql: with its parameters filled in.
        operation: position of the operation that sent it, from 0.
        transaction: statements with the same number share a transaction, and so their locks.
        deferred: Django kept it for the end of the migration on the operation's behalf.
        effects: what the rules say, None where they were not asked.
        trace: what was measured, None where it was not run with a trace.
        estimate: what it will cost the live server, None where that was not asked or is little.
        error: what the server said where it failed; the migration may go on all the same.
    """

    sql: str
    operation: int
    transaction: int = 0
    deferred: bool = False
    effects: Effects | None = None
    trace: Trace | None = None
    error: str = ""
    estimate: Estimate | None = None
