"""Amounts in words: bytes, rows, shares."""

from __future__ import annotations

from modeler.mongo.design.weights import KIB, MIB


def size(count: float) -> str:
    """Return bytes in the unit that a person would choose."""
    if count >= MIB:
        return f"{count / MIB:,.1f} MiB"
    if count >= KIB:
        return f"{count / KIB:,.1f} KiB"
    return f"{count:,.0f} bytes"


def number(count: float) -> str:
    """Return a number of rows; fractions only of small ones."""
    return f"{count:,.0f}" if count >= 10 or count == int(count) else f"{count:,.1f}"


def counted(count: float, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number(count)} {one if count == 1 else many}"


def share(part: float) -> str:
    """Return a share from 0 to 1 as a percentage, small ones not rounded to none."""
    percent = part * 100
    return f"{percent:.0f} %" if percent >= 10 or percent == int(percent) else f"{percent:.2g} %"
