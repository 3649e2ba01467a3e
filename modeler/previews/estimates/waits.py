"""How long locks are held while heavy work goes on, and how many queries come to wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modeler.previews.holds import Hold, holds_of, measured_or_expected
from modeler.previews.statement import Statement
from modeler.previews.waiting import makes_wait

from .duration import duration
from .estimate import Estimated, Held
from .interval import Interval
from .production import Production
from .queue import Rates, estimate_queue


def waiting_holds(statements: Sequence[Statement], new: frozenset[str]) -> tuple[Hold, ...]:
    """Return the locks of live tables that make readers or writers wait.

    Args:
        statements: of one migration.
        new: relations that nobody uses yet.
    """
    return tuple(
        hold
        for hold in holds_of(statements, measured_or_expected)
        if hold.relation not in new and makes_wait(hold.kind, hold.mode)
    )


def queue_of(
    holds: Iterable[Hold], seconds: Interval, rates_of: dict[str, tuple[Rates, ...]]
) -> Estimated | None:
    """Return how many queries come to wait for some locks that are held for a time.

    Args:
        holds: the locks, at least one.
        seconds: that they are held.
        rates_of: traffic of their tables, by relation; one or more readings each.

    Returns:
        None where the traffic of one of the tables is not known.
    """
    total = Interval(0.0, 0.0)
    words: list[str] = []
    for hold in holds:
        readings = rates_of.get(hold.relation, ())
        if not readings:
            return None
        found = [estimate_queue(rates, [hold.mode], seconds) for rates in readings]
        # Counters of just now and of all the time differ by the hour: both are believed.
        both = [queue.reads + queue.writes for queue in found]
        total += Interval(min(one.lower for one in both), max(one.upper for one in both))
        words += [f"{hold.relation}: {queue.formula}" for queue in found]
    return Estimated(total, " ".join(words))


def held_of(
    statements: Sequence[Statement],
    unknown: frozenset[int],
    holds: Iterable[Hold],
    rates_of: dict[str, tuple[Rates, ...]],
) -> tuple[Held, ...]:
    """Return the locks that are held while work with an estimate goes on.

    A lock is kept until its transaction ends, so that the time of everything from the statement
    that takes it to the last one adds up.

    Args:
        statements: of one migration, with their estimates.
        unknown: positions of heavy statements whose time is not known.
        holds: those that make people wait.
        rates_of: see ``queue_of``.
    """
    found = []
    for hold in holds:
        span = range(hold.first, hold.last + 1)
        heavy = [at for at in span if statements[at].transaction == _number(statements, hold)
                 and statements[at].estimate]  # fmt: skip
        if not heavy:
            continue
        seconds, parts, small = Interval(0.0, 0.0), [], 0.0
        for at in span:
            statement = statements[at]
            if statement.estimate and statement.estimate.seconds:
                own = statement.estimate.seconds.interval
                seconds += own
                parts.append(f"statement {at + 1}: {duration(own.lower)} to {duration(own.upper)}")
            elif statement.trace and at not in unknown:
                small += statement.trace.seconds
        if small:
            seconds += Interval(small, small)
            parts.append(f"the others as on the shadow: {duration(small)}")
        missing = sorted(at + 1 for at in span if at in unknown)
        formula = f"From statement {hold.first + 1} to the end of its transaction, the sum of "
        formula += "; ".join(parts) + "."
        if missing:
            numbers = ", ".join(map(str, missing))
            formula += f" The time of statement {numbers} is not known and comes on top."
        found.append(
            Held(
                hold.relation,
                hold.mode,
                hold.first,
                hold.last,
                Estimated(seconds, formula),
                queue_of([hold], seconds, rates_of),
                bool(missing),
            )
        )
    return tuple(sorted(found, key=lambda held: (-held.seconds.interval.upper, held.relation)))


def _number(statements: Sequence[Statement], hold: Hold) -> int:
    return statements[hold.first].transaction


def rates_by_relation(
    holds: Iterable[Hold], production: Production, origins: dict[str, str]
) -> dict[str, tuple[Rates, ...]]:
    """Return the traffic of locked tables, by the names that they have on the shadow."""
    return {
        hold.relation: production.rates(origins.get(hold.relation, hold.relation))
        for hold in holds
    }
