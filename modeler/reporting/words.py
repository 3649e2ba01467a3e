"""Numbers and durations in sentences."""

from __future__ import annotations


def plural(count: int, one: str, many: str = "") -> str:
    """Return ``1 row``, ``2,000 rows``.

    Args:
        count: how many.
        one: what a single one is called.
        many: what several are called, ``one`` with an s if not given.
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spoken(seconds: float) -> str:
    """Return a duration as a person says it: ``300 ms``, ``1.4 s``, ``3 min``."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
