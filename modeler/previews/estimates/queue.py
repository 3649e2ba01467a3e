"""How many queries will wait for a lock, from the live server's counters of traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from modeler.postgres.locks import LockMode
from modeler.postgres.production.figures import Figures, Traffic
from modeler.postgres.production.traffic import TrafficSample

from .duration import duration
from .interval import Interval

# Counters since yesterday hide that noon is busier than midnight.
QUIET, BUSY = 0.5, 2.0
# Two samples from this far apart are an average as well.
LONG_SPAN = 3600.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a table is used, each second.

    Attributes:
        reads: scans. A query that reads a table twice counts twice; one that joins it by index
            may scan it for every outer row, so this is an upper bound for queries.
        writes: rows written; one statement may write many, so this is an upper bound as well.
        transactions: of the whole database, committed or rolled back, which bound both; None
            where unknown.
        span: seconds that the rates are averages over.
        words: where they come from.
    """

    reads: float
    writes: float
    span: float
    words: str
    transactions: float | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Queries that will wait while a lock is held.

    Attributes:
        reads, writes: how many, as intervals.
        formula: how it was worked out, in words.
    """

    reads: Interval
    writes: Interval
    formula: str


def rates_between(
    earlier: Traffic, later: Traffic, seconds: float, *, transactions: float | None = None
) -> Rates | None:
    """Return the rates between two readings of the counters.

    None where they were reset in between, or no time passed.
    """
    reads, writes = later.reads - earlier.reads, later.writes - earlier.writes
    if seconds <= 0 or reads < 0 or writes < 0:
        return None
    words = f"counters over {duration(seconds)}"
    return Rates(reads / seconds, writes / seconds, seconds, words, transactions)


def rates_since(traffic: Traffic, since: datetime | None, now: datetime) -> Rates | None:
    """Return the rates since the counters began; None where the server does not say when."""
    if since is None or now <= since:
        return None
    span = (now - since).total_seconds()
    words = f"counters since {since:%Y-%m-%d %H:%M}"
    return Rates(traffic.reads / span, traffic.writes / span, span, words)


def rates_from(
    earlier: TrafficSample, later: TrafficSample, schema: str, name: str
) -> Rates | None:
    """Return a table's rates between two samples; None where one does not know the table."""
    first, last = earlier.of(schema, name), later.of(schema, name)
    span = (later.read_at - earlier.read_at).total_seconds()
    if first is None or last is None or span <= 0:
        return None
    transactions = max(later.transactions - earlier.transactions, 0) / span
    return rates_between(first, last, span, transactions=transactions)


def rates_of(figures: Figures, schema: str, name: str) -> Rates | None:
    """Return a table's rates out of exported figures; None where they have none."""
    table = figures.of(schema, name)
    if table is None or table.traffic is None:
        return None
    return rates_since(table.traffic, figures.counting_since, figures.read_at)


def estimate_queue(rates: Rates, modes: Sequence[LockMode], held: Interval) -> Queue:
    """Return how many queries arrive that must wait while a lock is held.

    Args:
        rates: of the table.
        modes: the lock's modes on it.
        held: seconds from its grant to the end of its transaction.
    """
    blocks_reads = any(mode.blocks_reads for mode in modes)
    blocks_writes = any(mode.blocks_writes for mode in modes)
    spread = Interval(QUIET, BUSY) if rates.span >= LONG_SPAN else Interval(1.0, 1.0)
    reads = _arriving(rates.reads, rates.transactions, spread, held, blocks=blocks_reads)
    writes = _arriving(rates.writes, rates.transactions, spread, held, blocks=blocks_writes)
    return Queue(reads, writes, _formula(rates, modes, held, spread, blocks_reads, blocks_writes))


def _arriving(
    rate: float, transactions: float | None, spread: Interval, held: Interval, *, blocks: bool
) -> Interval:
    if not blocks:
        return Interval(0.0, 0.0)
    # Scans and rows are upper bounds. Whoever waits sends nothing more, so that transactions
    # bound the sessions that can come to wait.
    likely = rate if transactions is None else min(rate, transactions)
    return Interval(likely, rate).times(spread).times(held)


def _formula(
    rates: Rates,
    modes: Sequence[LockMode],
    held: Interval,
    spread: Interval,
    blocks_reads: bool,
    blocks_writes: bool,
) -> str:
    named = " and ".join(sorted(mode.value for mode in modes))
    if not blocks_reads and not blocks_writes:
        return f"Nobody who reads or writes waits for {named}."
    parts = []
    if blocks_reads:
        parts.append(f"{rates.reads:,.1f} scans/s")
    if blocks_writes:
        parts.append(f"{rates.writes:,.1f} rows written/s")
    around = f" × {spread.lower:g} to {spread.upper:g} for the hour" if spread.ratio > 1 else ""
    return (
        f"{' and '.join(parts)} ({rates.words}){around} × {duration(held.lower)} to "
        f"{duration(held.upper)} that {named} is held. Scans and rows are at least as many as "
        "the queries that make them."
    )
