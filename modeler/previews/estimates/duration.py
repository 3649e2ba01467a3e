"""How long a statement takes on the live table, from how long it took on two smaller ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from modeler.postgres.preflight.obstacle import seconds
from modeler.postgres.preflight.obstacle import size as bytes_in_words
from modeler.previews.effects.effect import WorkKind

from .calibration import Calibration, Sample
from .growth import GROWTH, GROWTH_OF_INDEX, Growth, IndexForm
from .interval import Interval
from .size import Size

WIDEST = 3.0
# So far extrapolations were compared with the truth, counted in rows as ANALYZE estimates them;
# each tenfold beyond is less certain.
PROVEN_FACTOR = 10.1
BELOW_PER_TENFOLD, ABOVE_PER_TENFOLD = 0.9, 1.3


@dataclass(frozen=True, slots=True)
class Duration:
    """An estimated duration.

    Attributes:
        seconds: the interval.
        formula: how it was worked out, in words, with the figures that went into it.
        measured: the samples that it rests on.
        live: the size it is for.
        notes: what makes it less certain, a sentence each.
    """

    seconds: Interval
    formula: str
    measured: tuple[Sample, ...]
    live: Size
    notes: tuple[str, ...] = ()


def estimate_duration(
    kinds: Sequence[WorkKind],
    calibration: Calibration,
    live: Size,
    *,
    index: IndexForm = IndexForm.SORTED,
) -> Duration:
    """Extrapolate a calibration to a live size.

    Between the smaller and the larger sample the time has a fixed part or has not; both readings
    are carried to the live size by the law of the work's kind, and the interval reaches from
    below the lesser to above the greater.

    Args:
        kinds: the work of the statement; with several, the slowest and the fastest growth count.
        calibration: of this very statement.
        live: of the live table; of all that the statement works on, together.
        index: how an index is built, where one is.

    Raises:
        ValueError: no kind is given.
    """
    if not kinds:
        raise ValueError("A statement without work takes no time that grows.")
    laws = list(
        dict.fromkeys(
            GROWTH_OF_INDEX[index] if kind is WorkKind.INDEX_BUILD else GROWTH[kind]
            for kind in kinds
        )
    )
    lower = min(law.below * min(_readings(law, calibration, live)) for law in laws)
    upper = max(law.above * max(_readings(law, calibration, live)) for law in laws)
    widest = WIDEST
    notes = []
    factor = live.rows / max(calibration.samples[-1].size.rows, 1)
    if factor > PROVEN_FACTOR:
        # A smooth exponent, so that a slightly larger table has a slightly larger interval.
        beyond = math.log10(factor / PROVEN_FACTOR)
        lower *= BELOW_PER_TENFOLD**beyond
        upper *= ABOVE_PER_TENFOLD**beyond
        widest *= (ABOVE_PER_TENFOLD / BELOW_PER_TENFOLD) ** beyond
        notes.append(
            f"The live table has {factor:,.0f} times the rows of the larger one that was "
            f"measured; estimates were compared with the truth up to {PROVEN_FACTOR:.0f} times."
        )
    interval = Interval(lower, upper).narrowed(widest)
    return Duration(interval, _formula(laws, calibration, live, interval), calibration.samples,
                    live, tuple(notes))  # fmt: skip


def _readings(law: Growth, calibration: Calibration, live: Size) -> tuple[float, float]:
    """Return the time at the live size: without a fixed part, and with the one that fits."""
    small, large = calibration.samples[0], calibration.samples[-1]
    at_small, at_large, at_live = law.of(small.size), law.of(large.size), law.of(live)
    proportional = large.seconds * at_live / at_large if at_large else large.seconds
    if at_large <= at_small:
        return proportional, proportional
    slope = max(large.seconds - small.seconds, 0.0) / (at_large - at_small)
    affine = max(large.seconds + slope * (at_live - at_large), 0.0)
    return proportional, affine


def _formula(laws: list[Growth], calibration: Calibration, live: Size, interval: Interval) -> str:
    measured = " and ".join(
        f"{duration(sample.seconds)} for {sample.size.rows:,.0f} rows"
        f" ({bytes_in_words(sample.size.bytes)})"
        for sample in calibration.samples
    )
    grows = ", or with ".join(law.words for law in laws)
    return (
        f"Measured on the shadow: {measured}. Time grows with {grows}. For "
        f"{live.rows:,.0f} rows ({bytes_in_words(live.bytes)}): "
        f"{duration(interval.lower)} to {duration(interval.upper)}."
    )


def duration(value: float) -> str:
    """Return seconds as a person says them: ``12 ms``, ``1.4 s``, ``3 min``."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value < 10 else seconds(value)
