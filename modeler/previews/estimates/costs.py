"""From a statement's measurement and the live figures to what it will cost."""

from __future__ import annotations

from modeler.postgres.preflight.obstacle import size as in_words
from modeler.previews.effects.effect import WorkKind
from modeler.previews.hazards.hazard import SMALL_ROWS

from .calibration import Calibration, Sample
from .duration import duration, estimate_duration
from .estimate import Estimate, Estimated
from .heavy import Heavy
from .interval import Interval
from .trial import FEW, Trial, alike
from .wal import estimate_wal

WRITES_FILES = frozenset({WorkKind.REWRITE, WorkKind.COPY})
# Below both a statement is over before anybody notices, and does not grow.
SHORT, STEADY = 0.002, 1.5
# CONCURRENTLY reads the table twice and sorts once.
CONCURRENTLY = Interval(1.0, 2.0)
WIDEST = 3.0
# Sorting that does not fit into memory writes as much again to temporary files.
IN_MEMORY = 64 * 1024 * 1024


def estimate_of(heavy: Heavy, trial: Trial, changed: float | None) -> Estimate | None:
    """Return what a heavy statement costs; None where a measurement shows that it does not grow.

    Args:
        heavy: the statement.
        trial: its measurement, or why there is none.
        changed: rows that it changes by the planner, None where that was not asked.
    """
    calibration, reason, kinds = trial.calibration, trial.reason, heavy.kinds
    few = changed is None or changed < SMALL_ROWS
    if calibration is not None and few and _is_steady(calibration, kinds):
        return None
    share = None
    if WorkKind.ROWS in kinds:
        share, kinds, why = _share_written(heavy, calibration, changed)
        if why:
            calibration, reason = None, reason or why
        changed = None if share is None else share * heavy.live.rows
    else:
        changed = None
    seconds: Estimated | None = None
    notes: tuple[str, ...] = ()
    if calibration is not None:
        found = estimate_duration(kinds, calibration, heavy.live, index=heavy.index)
        interval, formula, notes = found.seconds, found.formula, found.notes
        if trial.concurrently:
            interval = interval.times(CONCURRENTLY).narrowed(max(WIDEST, interval.ratio))
            formula += (
                " That is the time without CONCURRENTLY, which reads the table twice: 1 to 2 times"
                f" as long, {in_words_of(interval)}."
            )
        seconds = Estimated(interval, formula)
    index_bytes = _index_bytes(heavy, calibration)
    return Estimate(
        tables=tuple(dict.fromkeys(heavy.tables.values())),
        rows=heavy.live.rows,
        bytes=heavy.live.bytes,
        changed=changed,
        seconds=seconds,
        wal=_wal(heavy, kinds, share, index_bytes),
        disk=_disk(heavy, kinds, changed, index_bytes),
        unmeasured="" if seconds else reason,
        notes=notes,
    )


def _is_steady(calibration: Calibration, kinds: tuple[WorkKind, ...]) -> bool:
    small, large = calibration.samples[0], calibration.samples[-1]
    if WorkKind.ROWS in kinds and large.changed and small.changed == large.changed:
        # It changes the same few rows, however many there are, and found them at once.
        return large.seconds < max(SHORT, STEADY * small.seconds)
    return large.seconds < SHORT and large.seconds < STEADY * small.seconds


def _share_written(
    heavy: Heavy, calibration: Calibration | None, changed: float | None
) -> tuple[float | None, tuple[WorkKind, ...], str]:
    """Return the share of rows that a statement writes, its kinds, and why it cannot be told.

    On made-up rows a condition holds for others than on real ones; what was measured counts
    where it wrote about as many of the rows as the planner says, or both say next to none.
    """
    kinds = heavy.kinds
    live = min(changed / heavy.live.rows, 1.0) if changed is not None else None
    if calibration is None:
        return live, kinds, ""
    sample = calibration.samples[-1]
    here = sample.changed / sample.size.rows
    if live is None:
        if not here:
            return None, kinds, (
                "Its condition held for none of the rows that were made up, so that writing was "
                "not measured."
            )  # fmt: skip
        return here, kinds, ""
    if not alike(calibration, live):
        return live, kinds, (
            f"Its condition held for {here:.0%} of the rows that were made up and holds for about "
            f"{live:.0%} of the live ones by the planner, so that the time measured is not theirs."
        )  # fmt: skip
    if live <= FEW:
        reads = tuple(kind for kind in kinds if kind is not WorkKind.ROWS)
        return live, (*reads, WorkKind.READ), ""
    return live, kinds, ""


def _index_bytes(heavy: Heavy, calibration: Calibration | None) -> float | None:
    if WorkKind.INDEX_BUILD not in heavy.kinds or calibration is None:
        return None
    sample: Sample = calibration.samples[-1]
    return sample.grown * heavy.live.rows / max(sample.size.rows, 1) or None


def _wal(
    heavy: Heavy, kinds: tuple[WorkKind, ...], share: float | None, index_bytes: float | None
) -> Estimated | None:
    found = []
    for kind in kinds:
        if kind is WorkKind.ROWS and share is None:
            return None
        found.append(
            estimate_wal(kind, heavy.live, share=share or 0.0, index_bytes=index_bytes)
            if kind is WorkKind.ROWS
            else estimate_wal(kind, heavy.live, index_bytes=index_bytes)
        )
    total = sum((one.bytes for one in found), Interval(0.0, 0.0))
    return Estimated(total, " ".join(one.formula[:1].upper() + one.formula[1:] for one in found))


def _disk(
    heavy: Heavy,
    kinds: tuple[WorkKind, ...],
    changed: float | None,
    index_bytes: float | None,
) -> Estimated | None:
    parts, words = [], []
    if WRITES_FILES & set(kinds):
        least = 0.9 if WorkKind.COPY in kinds else 0.5
        parts.append(Interval(least, 1.1).times(heavy.live.bytes))
        words.append(
            f"new files are written beside the old ones ({in_words(heavy.live.bytes)}), which go "
            "when the transaction ends"
        )
    if index_bytes:
        sorts = index_bytes if index_bytes > IN_MEMORY else 0.0
        parts.append(Interval(0.8 * index_bytes, 1.2 * index_bytes + sorts))
        words.append(
            f"the index has about {in_words(index_bytes)}, by the size that it had on the shadow"
            + (", and sorting needs as much again for a time" if sorts else "")
        )
    if changed:
        row = (heavy.live.heap_bytes + heavy.live.index_bytes) / max(heavy.live.rows, 1)
        parts.append(Interval(0.3, 1.1).times(changed * row))
        words.append(
            f"new versions of {changed:,.0f} rows are written beside the old ones, which VACUUM "
            "frees later"
        )
    if not parts:
        return None
    total = sum(parts, Interval(0.0, 0.0))
    text = "; ".join(words)
    return Estimated(
        total,
        f"{text[:1].upper()}{text[1:]}: {in_words(total.lower)} to {in_words(total.upper)}. "
        "The write-ahead log comes on top until the next checkpoint.",
    )


def in_words_of(interval: Interval) -> str:
    """Return an interval of seconds for a formula."""
    return f"{duration(interval.lower)} to {duration(interval.upper)}"
