"""How many queries wait: rates from counters, modes from locks, and how long it is held."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from modeler.postgres.locks import LockMode
from modeler.postgres.production.figures import Figures, TableFigures, Traffic
from modeler.postgres.production.traffic import TrafficSample, read_traffic
from modeler.previews.estimates.interval import Interval
from modeler.previews.estimates.queue import (
    Rates,
    estimate_queue,
    rates_between,
    rates_from,
    rates_of,
    rates_since,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RATES = Rates(reads=100, writes=10, span=10, words="counters over 10 s")
NOBODY = Interval(0, 0)
HELD = Interval(2, 6)


@pytest.mark.parametrize(
    ("modes", "reads", "writes"),
    [
        ({LockMode.ACCESS_EXCLUSIVE}, Interval(200, 600), Interval(20, 60)),
        ({LockMode.SHARE}, NOBODY, Interval(20, 60)),
        ({LockMode.SHARE_ROW_EXCLUSIVE}, NOBODY, Interval(20, 60)),
        ({LockMode.EXCLUSIVE}, NOBODY, Interval(20, 60)),
        ({LockMode.SHARE_UPDATE_EXCLUSIVE}, NOBODY, NOBODY),
        ({LockMode.ROW_EXCLUSIVE, LockMode.ACCESS_SHARE}, NOBODY, NOBODY),
        ({LockMode.SHARE, LockMode.ACCESS_EXCLUSIVE}, Interval(200, 600), Interval(20, 60)),
    ],
)
def test_who_waits_depends_on_the_mode(modes, reads, writes):
    found = estimate_queue(RATES, sorted(modes), HELD)
    assert (found.reads, found.writes) == (reads, writes)


def test_the_formula_names_rates_and_their_source():
    found = estimate_queue(RATES, [LockMode.ACCESS_EXCLUSIVE], HELD)
    assert found.formula == (
        "100.0 scans/s and 10.0 rows written/s (counters over 10 s) × 2.0 s to 6.0 s that access "
        "exclusive is held. Scans and rows are at least as many as the queries that make them."
    )
    nobody = estimate_queue(RATES, [LockMode.ROW_SHARE], HELD)
    assert nobody.formula == "Nobody who reads or writes waits for row share."


def test_transactions_bound_what_scans_and_rows_overstate():
    rates = Rates(100, 10, 10, "counters over 10 s", transactions=40)
    found = estimate_queue(rates, [LockMode.ACCESS_EXCLUSIVE], HELD)
    assert (found.reads, found.writes) == (Interval(80, 600), Interval(20, 60))


def test_an_average_over_long_does_not_know_the_hour():
    rates = Rates(100, 10, 86400, "counters since yesterday")
    found = estimate_queue(rates, [LockMode.ACCESS_EXCLUSIVE], HELD)
    assert found.reads == Interval(100, 1200)
    assert "× 0.5 to 2 for the hour" in found.formula


def test_two_readings_of_the_counters_make_rates():
    earlier = Traffic(sequential_scans=10, index_scans=90, inserted=5)
    later = Traffic(sequential_scans=20, index_scans=180, inserted=15, updated=20, deleted=10)
    found = rates_between(earlier, later, 10)
    assert found == Rates(10, 4, 10, "counters over 10 s")
    assert rates_between(later, earlier, 10) is None  # they were reset
    assert rates_between(earlier, later, 0) is None


def test_totals_make_rates_where_the_server_says_since_when():
    traffic = Traffic(index_scans=7200, updated=3600)
    found = rates_since(traffic, NOW - timedelta(hours=1), NOW)
    assert found == Rates(2, 1, 3600, "counters since 2026-03-01 11:00")
    assert rates_since(traffic, None, NOW) is None
    assert rates_since(traffic, NOW, NOW) is None


def sample_with(connection, *, writes: int) -> TrafficSample:
    """Read the counters when they have arrived: PostgreSQL 14 collects them in another process."""
    deadline = time.monotonic() + 20
    while True:
        found = read_traffic(connection)
        counted = found.of("", "item")
        if counted is not None and counted.writes >= writes:
            return found
        assert time.monotonic() < deadline, "the counters did not arrive"
        time.sleep(0.1)


def test_two_samples_of_a_live_server_make_rates(shadow):
    with shadow.clone("traffic") as clone:
        watching, working = clone.connect("watching"), clone.connect("working")
        with working.cursor() as cursor:
            cursor.execute("CREATE TABLE item (id int PRIMARY KEY); INSERT INTO item VALUES (1)")
        working.close()  # a session that ends reports its counters
        earlier = sample_with(watching, writes=1)
        with working.cursor() as cursor:
            for number in range(2, 32):
                cursor.execute("INSERT INTO item VALUES (%s)", [number])
                cursor.execute("SELECT FROM item WHERE id = %s", [number])
        working.close()
        later = sample_with(watching, writes=31)
        assert later.of("", "item") == later.of("public", "item")
        span = (later.read_at - earlier.read_at).total_seconds()
        found = rates_from(earlier, later, "", "item")
        assert found.writes * span == pytest.approx(30)
        assert found.reads * span == pytest.approx(30)
        assert found.transactions * span >= 60
        assert rates_from(earlier, later, "", "nowhere") is None
        assert rates_from(later, earlier, "", "item") is None


def test_exported_figures_make_rates():
    table = TableFigures(
        "public", "item", "r", 1, 1.0, 0, 8192, traffic=Traffic(index_scans=36000)
    )
    bare = TableFigures("public", "bare", "r", 1, 1.0, 0, 8192)
    figures = Figures(
        NOW, "18.4", 180004, 8192, "public",
        counting_since=NOW - timedelta(hours=10), tables=(bare, table),
    )  # fmt: skip
    assert rates_of(figures, "", "item").reads == 1
    assert rates_of(figures, "", "bare") is None
    assert rates_of(figures, "", "nowhere") is None
