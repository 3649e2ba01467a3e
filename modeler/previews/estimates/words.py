"""Estimates as a person says them."""

from __future__ import annotations

import math
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler.postgres.preflight.obstacle import size as bytes_in_words

from .estimate import Estimate, Estimated, Grounds, Held
from .interval import Interval

UNITS = ((86400.0, "days"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (0.001, "ms"))
SMALLEST = UNITS[-1][0]
SHORT = 0.01
MILLION, BILLION = 1e6, 1e9


def seconds_in_words(interval: Interval) -> str:
    """Return such as ``4 to 9 min`` or ``28 s to 2.4 min``.

    >>> seconds_in_words(Interval(240.0, 540.0))
    '4 to 9 min'
    """
    if interval.upper < SHORT:
        return _("under 10 ms")
    unit, name = _unit(interval.upper)
    if interval.lower >= unit or unit == SMALLEST:
        return _range(interval.lower / unit, interval.upper / unit, name)
    least, its_name = _unit(interval.lower)
    return _("%(lower)s to %(upper)s") % {
        "lower": f"{_number(interval.lower / least)} {its_name}",
        "upper": f"{_number(interval.upper / unit)} {name}",
    }


def bytes_in_interval(interval: Interval) -> str:
    """Return such as ``1.2 GB to 3 GB``; ``none`` where nothing is written."""
    if interval.upper < 1:
        return _("none")
    lower, upper = bytes_in_words(interval.lower), bytes_in_words(interval.upper)
    return lower if lower == upper else _("%(lower)s to %(upper)s") % {
        "lower": lower, "upper": upper,
    }  # fmt: skip


def count_in_words(value: float) -> str:
    """Return two digits of a number: ``41 million``, ``320,000``, ``12``.

    >>> count_in_words(41_234_567)
    '41 million'
    """
    if value >= BILLION:
        return _("%s billion") % _number(value / BILLION)
    if value >= MILLION:
        return _("%s million") % _number(value / MILLION)
    return f"{_rounded(value):,.0f}"


def queue_in_words(queue: Estimated | None) -> str:
    """Return such as ``up to 3,400 queries would queue``; ``""`` where it is not known."""
    if queue is None:
        return ""
    if not queue.interval.upper:
        return _("no query was counted that would queue")
    if queue.interval.upper < 1:
        return _("hardly a query would queue")
    upper = math.ceil(queue.interval.upper)
    return ngettext(
        "up to %s query would queue", "up to %s queries would queue", upper
    ) % count_in_words(upper)


def estimate_in_words(estimate: Estimate) -> str:
    """Return one short line, such as ``about 4 to 9 min on 41 million rows, 12 GB``."""
    on = _("%(rows)s rows, %(bytes)s") % {
        "rows": count_in_words(estimate.rows),
        "bytes": bytes_in_words(estimate.bytes),
    }
    if estimate.seconds is None:
        return _("time not known, on %s") % on
    words = _("about %(seconds)s on %(size)s") % {
        "seconds": seconds_in_words(estimate.seconds.interval), "size": on,
    }  # fmt: skip
    queue = queue_in_words(estimate.queue) if estimate.blocks else _("nobody waits")
    return f"{words}; {queue}" if queue else words


def held_in_words(held: Held) -> str:
    """Return such as ``for about 4 to 9 min; up to 3,400 queries would queue``."""
    if held.open:
        least = held.seconds.interval.lower
        if not least:
            return _("for how long is not known")
        words = _("for longer than %s, since some of the work was not measured")
        return words % seconds_in_words(Interval(least, least))
    words = _("for about %s") % seconds_in_words(held.seconds.interval)
    queue = queue_in_words(held.queue)
    return f"{words}; {queue}" if queue else words


def grounds_in_words(grounds: Grounds) -> tuple[str, ...]:
    """Return what a reader must know of the estimates, a sentence each."""
    read = f"{grounds.read_at:%Y-%m-%d %H:%M}"
    if grounds.exported:
        first = _(
            "Sizes and traffic are those of an export of statistics from %(read)s, %(age)s before "
            "this preview."
        ) % {"read": read, "age": age_in_words(grounds.made_at - grounds.read_at)}
    else:
        first = _("Sizes and traffic are those of the live database, read on %s.") % read
    found = [first]
    if grounds.measured:
        said = _(
            "Times were measured on this machine (PostgreSQL %s) and carried to the live sizes; "
            "they are this machine's, without other load."
        )
        found.append(said % grounds.shadow_version)
        if _major(grounds.shadow_version) != _major(grounds.live_version):
            found.append(
                _("The live server is PostgreSQL %(live)s, the shadow %(shadow)s: the times may "
                  "differ by that, too.")
                % {"live": grounds.live_version, "shadow": grounds.shadow_version}
            )  # fmt: skip
    return (*found, *grounds.notes)


def age_in_words(age: timedelta) -> str:
    """Return such as ``3 days``; whole units, the largest that there is one of."""
    seconds = max(age.total_seconds(), 0.0)
    if seconds >= 2 * 86400:
        return _("%d days") % (seconds // 86400)
    if seconds >= 2 * 3600:
        return _("%d hours") % (seconds // 3600)
    minutes = int(seconds // 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def _unit(seconds: float) -> tuple[float, str]:
    return next((unit, name) for unit, name in UNITS if seconds >= 2 * unit or unit == SMALLEST)


def _range(lower: float, upper: float, unit: str) -> str:
    low, high = _number(lower), _number(upper)
    if low == high:
        return f"{high} {unit}"
    return _("%(lower)s to %(upper)s %(unit)s") % {"lower": low, "upper": high, "unit": unit}


def _number(value: float) -> str:
    """Return two digits that count: ``0.4``, ``3.2``, ``41``, ``350``."""
    return f"{_rounded(value):.10g}"


def _rounded(value: float) -> float:
    if value <= 0:
        return 0.0
    digits = 1 - math.floor(math.log10(value))
    return round(value, digits)


def _major(version: str) -> str:
    return version.partition(".")[0]
