"""Numbers in sentences."""

from __future__ import annotations


def plural(count: int, one: str, many: str = "") -> str:
    """Return ``1 row``, ``2,000 rows``.

    Args:
        count: how many.
        one: what a single one is called.
        many: what several are called, ``one`` with an s if not given.
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
