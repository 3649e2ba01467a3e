"""Bars as SVG, drawn by the server: no script, no inline style, colours from the admin's theme.

The picture repeats what the table beside it says, so its title and description are enough for
people who do not see it (https://www.w3.org/TR/SVG-access/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH = 900


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its length, and its value in words."""

    label: str
    value: Decimal | int
    words: str
    less: bool = False


def bar_plot(bars: Sequence[Bar], *, title: str, about: str) -> SafeString:
    """Draw lying bars, one below the other, for things with names; values from 0 up."""
    if not bars:
        return SafeString("")
    left, line, right = 260, 24, 120
    longest = max(max(bar.value for bar in bars), 1)
    drawn = format_html_join(
        "",
        '<g><title>{}: {}</title><text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="16" rx="2"/>'
        '<text class="quiet" x="{}" y="{}">{}</text></g>',
        (
            (
                bar.label,
                bar.words,
                left - 8,
                place * line + 16,
                _shortened(bar.label, 36),
                _bar_class(bar),
                left,
                place * line + 4,
                (length := _length(bar, longest, _WIDTH - left - right)),
                left + length + 6,
                place * line + 16,
                bar.words,
            )
            for place, bar in enumerate(bars)
        ),
    )
    return _picture(drawn, height=len(bars) * line + 8, title=title, about=about)


def column_plot(bars: Sequence[Bar], *, title: str, about: str) -> SafeString:
    """Draw standing bars from left to right, for a course of time; values from 0 up."""
    if not bars:
        return SafeString("")
    top, height, left, bottom = 20, 220, 70, 30
    longest = _round_up(max(max(bar.value for bar in bars), 1))
    step = (_WIDTH - left) / len(bars)
    # A label needs about sixty units.
    every = max(1, -(-60 * len(bars) // (_WIDTH - left)))
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="quiet" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                left,
                _WIDTH,
                (y := round(top + height * (1 - share / 4), 1)),
                y,
                left - 8,
                y + 4,
                f"{longest * share / 4:,.0f}",
            )
            for share in range(5)
        ),
    )
    drawn = format_html_join(
        "",
        '<g><title>{}: {}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>'
        '<text class="quiet" x="{}" y="{}" text-anchor="middle">{}</text></g>',
        (
            (
                bar.label,
                bar.words,
                _bar_class(bar),
                round(left + place * step + step * 0.12, 1),
                round(top + height - (tall := _length(bar, longest, height)), 1),
                round(step * 0.76, 1),
                tall,
                round(left + (place + 0.5) * step, 1),
                top + height + 18,
                bar.label if place % every == 0 else "",
            )
            for place, bar in enumerate(bars)
        ),
    )
    return _picture(grid + drawn, height=top + height + bottom, title=title, about=about)


def _picture(drawn: SafeString, *, height: int, title: str, about: str) -> SafeString:
    return format_html(
        '<svg class="shop-plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"'
        ' aria-labelledby="plot-title plot-about"><title id="plot-title">{}</title>'
        '<desc id="plot-about">{}</desc>{}</svg>',
        _WIDTH,
        height,
        title,
        about,
        drawn,
    )


def _bar_class(bar: Bar) -> str:
    return "bar less" if bar.less else "bar"


def _length(bar: Bar, longest: Decimal | int, room: int) -> float:
    return round(max(float(bar.value) / float(longest), 0.0) * room, 1)


def _round_up(value: Decimal | int) -> int:
    """Return the next number of one digit and zeros, or half of it, so that the grid is round."""
    magnitude = 10 ** (len(str(int(value))) - 1)
    for step in (1, 2, 4, 5, 6, 8, 10):
        if value <= step * magnitude:
            return step * magnitude
    raise AssertionError("a number has fewer digits than it has")


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
