"""What people put on a picture themselves, as browsers send it and views keep it."""

from __future__ import annotations

import math
from typing import Any

from modeler.errors import FormatError

Note = dict[str, Any]
FARTHEST = 1_000_000.0  # points, about 350 m of paper
MOST_POSITIONS, MOST_NOTES, LONGEST_NOTE = 20_000, 200, 2_000
LEAST_NOTE = 40.0
COLORS = ("yellow", "blue", "green", "red", "grey")


def read_positions(given: Any) -> dict[str, tuple[float, float]]:
    """Return table → left and top, in points.

    Raises:
        FormatError: it is no object of pairs of finite numbers, or far too large.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise FormatError("Positions must be an object: table → [left, top].")
    if len(given) > MOST_POSITIONS:
        raise FormatError(
            f"{len(given)} positions are too many; at most {MOST_POSITIONS} are kept."
        )
    found = {}
    for key, place in given.items():
        if (
            not isinstance(place, (list, tuple))
            or len(place) != 2
            or not all(map(_is_length, place))
        ):
            raise FormatError(f"The position of {key[:80]!r} must be two numbers of points.")
        found[str(key)] = (round(float(place[0]), 1), round(float(place[1]), 1))
    return found


def read_notes(given: Any) -> list[Note]:
    """Return notes as ``{"x", "y", "w", "h", "text", "color"}``.

    Raises:
        FormatError: it is no list of such notes, or there are too many, or one is too long.
    """
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > MOST_NOTES:
        raise FormatError(f"Notes must be a list of at most {MOST_NOTES}.")
    return [_note(note) for note in given]


def _note(given: Any) -> Note:
    if not isinstance(given, dict) or not all(_is_length(given.get(name)) for name in "xywh"):
        raise FormatError("A note must have x, y, w and h in points.")
    text = given.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST_NOTE:
        raise FormatError(f"A note's text must have at most {LONGEST_NOTE} characters.")
    color = given.get("color", COLORS[0])
    if color not in COLORS:
        raise FormatError(f"A note's color must be one of {', '.join(COLORS)}.")
    lengths = {name: round(float(given[name]), 1) for name in "xywh"}
    for side in "wh":
        lengths[side] = max(lengths[side], LEAST_NOTE)
    return {**lengths, "text": text, "color": color}


def _is_length(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= FARTHEST
    )
