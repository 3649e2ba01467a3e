"""How wide a text is, without a font file or a browser.

The advance widths are those of Helvetica and Arial, in thousandths of the font size; the free
fonts that stand in for them (Liberation Sans, Nimbus Sans, Arimo) share them by design.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# The characters U+0020 to U+007E and U+00A0 to U+00FF.
REGULAR_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722,
    667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
    667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
    500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334,
    584,
)  # fmt: skip
REGULAR_LATIN = (
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333,
    333, 333, 576, 537, 333, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667,
    1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584,
    778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556,
    556, 278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556, 549, 611, 556, 556, 556, 556, 500,
    556, 500,
)  # fmt: skip
BOLD_ASCII = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
BOLD_LATIN = (
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333,
    333, 333, 576, 556, 333, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722,
    1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584,
    778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556,
    556, 278, 278, 278, 278, 611, 611, 611, 611, 611, 611, 611, 549, 611, 611, 611, 611, 611, 556,
    611, 556,
)  # fmt: skip

WIDE, USUAL, CAPITAL = 1000, 556, 722
# A browser without Helvetica may take a slightly wider face: a box must still hold its text.
ALLOWANCE = 1.04


class _Widths(dict[str, int]):
    """Widths by character; one that the tables lack is estimated by its kind, once."""

    def __missing__(self, character: str) -> int:
        width = self[character] = _estimate(character)
        return width


def _estimate(character: str) -> int:
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf", "Cc"} or unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF" or category == "So":
        return WIDE
    return CAPITAL if category == "Lu" else USUAL


def _widths(ascii_part: tuple[int, ...], latin: tuple[int, ...]) -> _Widths:
    table = _Widths({chr(32 + position): width for position, width in enumerate(ascii_part)})
    table.update({chr(160 + position): width for position, width in enumerate(latin)})
    return table


_REGULAR = _widths(REGULAR_ASCII, REGULAR_LATIN)
_BOLD = _widths(BOLD_ASCII, BOLD_LATIN)


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of sans-serif text.

    Args:
        text: one line; control and combining characters take no room.
        size: the font size; the result has the same unit.
        bold: the heavier face.
    """
    table = _BOLD if bold else _REGULAR
    return sum(map(table.__getitem__, text)) * size * ALLOWANCE / 1000
