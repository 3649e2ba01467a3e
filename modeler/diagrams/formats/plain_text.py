"""Text without what would break a line, or hide what stands there."""

from __future__ import annotations

# Zero-width (non-)joiners shape Persian letters and emoji; they hide nothing.
JOINERS = frozenset("\u200c\u200d")


def one_line(text: str) -> str:
    """Return the text in one line, as long as it was.

    Line ends, control characters and the marks that turn the direction of writing (which make
    source text read otherwise than it is, CVE-2021-42574) become spaces.
    """
    return "".join(c if c.isprintable() or c in JOINERS else " " for c in text)


def paragraph(text: str) -> tuple[str, ...]:
    """Return the lines of a text, each fit to stand alone; blank ones at either end go."""
    lines = [one_line(line).rstrip() for line in text.strip().splitlines()]
    return tuple(lines)
