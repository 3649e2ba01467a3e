"""What a statement will cost the live server, and how long others wait for a lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from modeler.postgres.locks import LockMode

from .interval import Interval


@dataclass(frozen=True, slots=True)
class Estimated:
    """A quantity with how it was worked out, in words.

    Attributes:
        interval: seconds, bytes or queries.
        formula: a sentence or two, with the figures that went in.
    """

    interval: Interval
    formula: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a statement will cost.

    Attributes:
        tables: live tables with whose rows its work grows, by the names that they have now.
        rows, bytes: of all of them; bytes of heap, TOAST and indexes.
        changed: rows that it writes, None where that is not known or it writes none.
        seconds: of its work, None where it was not measured; the wait for the lock comes on top.
        wal: bytes of write-ahead log.
        disk: bytes that its files need beside what is there, until its transaction ends.
        blocks: locks make readers or writers of a table wait while it works.
        queue: queries that come to wait meanwhile, None where nobody waits or the traffic is not
            known.
        unmeasured: why its time was not measured, ``""`` where it was.
        notes: what makes it less certain, a sentence each.
    """

    tables: tuple[str, ...]
    rows: float
    bytes: float
    changed: float | None = None
    seconds: Estimated | None = None
    wal: Estimated | None = None
    disk: Estimated | None = None
    blocks: bool = False
    queue: Estimated | None = None
    unmeasured: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that makes people wait, held while heavy work goes on.

    Attributes:
        relation, mode: the lock, in its strongest mode.
        first, last: positions of the statement that takes it and of its transaction's last one.
        seconds: from its grant to the transaction's end.
        queue: queries that come to wait meanwhile, None where the traffic is not known.
        open: some of the work was not measured, so that it lasts longer than said.
    """

    relation: str
    mode: LockMode
    first: int
    last: int
    seconds: Estimated
    queue: Estimated | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the estimates of a preview rest on.

    Attributes:
        exported: the figures are from a file; else the live server was asked.
        read_at: when the figures were read.
        made_at: when the estimates were made.
        live_version, shadow_version: of the servers, such as ``"18.4"``.
        measured: how many statements were measured.
        notes: what is not known or differs, a sentence each.
    """

    exported: bool
    read_at: datetime
    made_at: datetime
    live_version: str
    shadow_version: str
    measured: int = 0
    notes: tuple[str, ...] = ()
