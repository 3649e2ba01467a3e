"""Durations as people and PostgreSQL write them."""

from __future__ import annotations

import re

from modeler.errors import ConfigurationError

UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
WRITTEN = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|min|h)")
LONGEST = 24 * 3600.0


def duration(text: str, option: str) -> float:
    """Return the seconds that ``500ms``, ``2s``, ``1.5min`` or ``1h`` say.

    Args:
        text: what was given.
        option: for the error's message.

    Raises:
        ConfigurationError: it is no duration from 1 ms to a day.
    """
    match = WRITTEN.fullmatch(text.strip())
    if not match:
        raise ConfigurationError(
            f"{option} {text!r} is no duration. Write a number with its unit: 500ms, 2s, 10min."
        )
    seconds = float(match["number"]) * UNITS[match["unit"]]
    if not 0.001 <= seconds <= LONGEST:
        raise ConfigurationError(
            f"{option} {text!r} is out of bounds: it must be from 1ms to 24h. "
            "PostgreSQL reads 0 as no limit, and everybody would queue behind that wait."
        )
    return seconds


def milliseconds(seconds: float) -> str:
    """Return a duration as PostgreSQL's settings take it."""
    return f"{max(1, round(seconds * 1000))}ms"
