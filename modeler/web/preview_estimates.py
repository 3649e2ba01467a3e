"""Estimates as pages show them: a line, and behind it every figure with its formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.postgres.preflight.obstacle import size as bytes_in_words
from modeler.previews.estimates.estimate import Estimate, Held
from modeler.previews.estimates.words import (
    bytes_in_interval,
    count_in_words,
    estimate_in_words,
    held_in_words,
    queue_in_words,
    seconds_in_words,
)
from modeler.previews.holds import Hold


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """One figure: what it is of, its value in words, how it was worked out."""

    name: str
    value: str
    formula: str


@dataclass(frozen=True, slots=True)
class ShownEstimate:
    """An estimate.

    Attributes:
        line: the whole of it in a few words.
        figures: behind it.
        notes: what makes it less certain, and why something is not known.
    """

    line: str
    figures: tuple[ShownFigure, ...]
    notes: tuple[str, ...]


def shown_estimate(estimate: Estimate) -> ShownEstimate:
    """Return an estimate for a page."""
    size = _("%(rows)s rows, %(bytes)s") % {
        "rows": f"{estimate.rows:,.0f}", "bytes": bytes_in_words(estimate.bytes),
    }  # fmt: skip
    figures = [ShownFigure(_("Works on"), size, ", ".join(estimate.tables))]
    if estimate.changed is not None:
        changed = _("%s rows") % count_in_words(estimate.changed)
        figures.append(ShownFigure(_("Writes"), changed, ""))
    if estimate.seconds:
        seconds = estimate.seconds
        figures.append(ShownFigure(_("Time"), seconds_in_words(seconds.interval), seconds.formula))
    if estimate.queue:
        figures.append(
            ShownFigure(_("Queue"), queue_in_words(estimate.queue), estimate.queue.formula)
        )
    if estimate.disk:
        disk = estimate.disk
        figures.append(
            ShownFigure(_("Disk at the peak"), bytes_in_interval(disk.interval), disk.formula)
        )
    if estimate.wal:
        wal = estimate.wal
        figures.append(
            ShownFigure(_("Write-ahead log"), bytes_in_interval(wal.interval), wal.formula)
        )
    notes = (*filter(None, [estimate.unmeasured]), *estimate.notes)
    return ShownEstimate(estimate_in_words(estimate), tuple(figures), notes)


def held_for(helds: Iterable[Held], hold: Hold) -> Held | None:
    """Return how long a lock is held, None where no heavy work goes on meanwhile.

    Args:
        helds: of the migration.
        hold: of one mode; only the strongest of its transaction is estimated.
    """
    for held in helds:
        if (held.relation, held.mode, held.last) == (hold.relation, hold.mode, hold.last):
            return held
    return None


def held_line(helds: Iterable[Held], hold: Hold | None) -> str:
    """Return how long a lock is held in words, ``""`` where that is not estimated."""
    held = held_for(helds, hold) if hold else None
    return held_in_words(held) if held else ""
