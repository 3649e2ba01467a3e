"""Estimates as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modeler.postgres.locks import LockMode
from modeler.previews.estimates.estimate import Estimate, Estimated, Grounds, Held
from modeler.previews.estimates.interval import Interval
from modeler.previews.estimates.words import (
    age_in_words,
    count_in_words,
    estimate_in_words,
    grounds_in_words,
    held_in_words,
    queue_in_words,
    seconds_in_words,
)

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
GB = 1024**3


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (0.0, 0.0, "under 10 ms"),
        (0.001, 0.009, "under 10 ms"),
        (0.012, 0.034, "12 to 34 ms"),
        (0.6789, 1.789, "680 to 1800 ms"),
        (0.6789, 2.1, "680 ms to 2.1 s"),
        (41, 93, "41 to 93 s"),
        (41, 125, "41 s to 2.1 min"),
        (240, 540, "4 to 9 min"),
        (1800, 5000, "30 to 83 min"),
        (3000, 8000, "50 min to 2.2 h"),
        (86400, 3 * 86400, "1 to 3 days"),
        (5.0, 5.02, "5 s"),
    ],
)
def test_seconds(lower, upper, words):
    assert seconds_in_words(Interval(lower, upper)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (7, "7"),
        (12.4, "12"),
        (3_412, "3,400"),
        (199_999, "200,000"),
        (1_000_000, "1 million"),
        (1_240_000, "1.2 million"),
        (41_234_567, "41 million"),
        (412_345_678, "410 million"),
        (9_870_000_000, "9.9 billion"),
    ],
)
def test_counts_have_two_digits(value, words):
    assert count_in_words(value) == words


def estimated(lower: float, upper: float) -> Estimated:
    return Estimated(Interval(lower, upper), "Because.")


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        (None, ""),
        (estimated(0, 0), "no query was counted that would queue"),
        (estimated(0.1, 0.4), "hardly a query would queue"),
        (estimated(0.1, 1), "up to 1 query would queue"),
        (estimated(900, 3_390.2), "up to 3,400 queries would queue"),
    ],
)
def test_queues(queue, words):
    assert queue_in_words(queue) == words


BIG = Estimate(("orders_order",), 41_000_000.0, 12.0 * GB, seconds=estimated(240, 540))


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (BIG, "about 4 to 9 min on 41 million rows, 12 GB; nobody waits"),
        (
            Estimate(BIG.tables, BIG.rows, BIG.bytes, seconds=BIG.seconds, blocks=True),
            "about 4 to 9 min on 41 million rows, 12 GB",
        ),
        (
            Estimate(
                BIG.tables, BIG.rows, BIG.bytes, seconds=BIG.seconds, blocks=True,
                queue=estimated(100, 3_400),
            ),
            "about 4 to 9 min on 41 million rows, 12 GB; up to 3,400 queries would queue",
        ),
        (
            Estimate(BIG.tables, BIG.rows, BIG.bytes, unmeasured="The type is odd."),
            "time not known, on 41 million rows, 12 GB",
        ),
    ],
)  # fmt: skip
def test_one_line_says_it(estimate, words):
    assert estimate_in_words(estimate) == words


@pytest.mark.parametrize(
    ("seconds", "is_open", "words"),
    [
        (estimated(240, 540), False, "for about 4 to 9 min; up to 50 queries would queue"),
        (estimated(240, 540), True,
         "for longer than 4 min, since some of the work was not measured"),
        (estimated(0, 0), True, "for how long is not known"),
    ],
)  # fmt: skip
def test_a_lock_that_is_held(seconds, is_open, words):
    held = Held("pet", LockMode.SHARE, 0, 1, seconds, estimated(5, 50), is_open)
    assert held_in_words(held) == words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(seconds=70), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=3, hours=5), "3 days"),
    ],
)
def test_ages(age, words):
    assert age_in_words(age) == words


def test_what_estimates_rest_on():
    live = Grounds(
        exported=False,
        read_at=NOON,
        made_at=NOON,
        live_version="18.4",
        shadow_version="18.4",
        measured=3,
    )
    machine = (
        "Times were measured on this machine (PostgreSQL 18.4) and carried to the live sizes; "
        "they are this machine's, without other load."
    )
    assert grounds_in_words(live) == (
        "Sizes and traffic are those of the live database, read on 2026-03-04 12:00.",
        machine,
    )
    exported = Grounds(
        exported=True,
        read_at=NOON - timedelta(days=9),
        made_at=NOON,
        live_version="16.1",
        shadow_version="18.4",
        measured=1,
        notes=("And more.",),
    )
    assert grounds_in_words(exported) == (
        "Sizes and traffic are those of an export of statistics from 2026-02-23 12:00, 9 days "
        "before this preview.",
        machine,
        "The live server is PostgreSQL 16.1, the shadow 18.4: the times may differ by that, too.",
        "And more.",
    )
    assert (
        len(
            grounds_in_words(
                Grounds(
                    exported=False,
                    read_at=NOON,
                    made_at=NOON,
                    live_version="16.1",
                    shadow_version="18.4",
                )
            )
        )
        == 1
    )
