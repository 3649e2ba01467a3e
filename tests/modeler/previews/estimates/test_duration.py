"""Durations: the laws of growth, and the interval around two readings of two samples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.previews.effects.effect import WorkKind
from modeler.previews.estimates.calibration import Calibration, Sample
from modeler.previews.estimates.duration import WIDEST, duration, estimate_duration
from modeler.previews.estimates.growth import (
    GROWTH,
    GROWTH_OF_INDEX,
    IndexForm,
    depth,
    index_form,
)
from modeler.previews.estimates.interval import Interval
from modeler.previews.estimates.size import Size
from modeler.previews.sql.reader import read_statements


def table(rows: float, *, indexes: int = 2) -> Size:
    """A table of 200 bytes a row, and 30 bytes an index entry."""
    return Size(rows, 200 * rows, 0, 30 * rows * indexes, indexes)


def calibration(small: float, large: float, size=table) -> Calibration:
    return Calibration((Sample(size(25_000), small), Sample(size(100_000), large)))


@pytest.mark.parametrize(
    ("kind", "grown"),
    [
        (WorkKind.SCAN, 10),
        (WorkKind.READ, 10),
        (WorkKind.COPY, 10),
        (WorkKind.VALIDATION, 10**1.4),
        (WorkKind.INDEX_BUILD, 10 * depth(1_000_000) / depth(100_000)),
        (WorkKind.REWRITE, 10 * (200 + 60 * 1.2) / (200 + 60)),
        (WorkKind.ROWS, 10 * (1 + 2 * 1.2) / (1 + 2)),
    ],
)
def test_ten_times_the_rows_take_longer_by_the_kind_s_law(kind, grown):
    law = GROWTH[kind]
    assert law.of(table(1_000_000)) / law.of(table(100_000)) == pytest.approx(grown)


def test_every_kind_of_work_has_a_law_and_an_interval_within_the_promise():
    assert set(GROWTH) == set(WorkKind)
    assert all(law.below < 1 < law.above <= WIDEST * law.below for law in GROWTH.values())


SCAN = GROWTH[WorkKind.SCAN]


def test_time_that_is_proportional_has_one_reading():
    found = estimate_duration([WorkKind.SCAN], calibration(0.1, 0.4), table(1_000_000))
    assert found.seconds.lower == pytest.approx(4 * SCAN.below)
    assert found.seconds.upper == pytest.approx(4 * SCAN.above)
    assert found.notes == ()


def test_a_fixed_part_is_not_multiplied():
    # 0.4 s for 100,000 rows; a fixed part of 0.06 s fits the sample of 25,000.
    found = estimate_duration([WorkKind.SCAN], calibration(0.145, 0.4), table(101_000))
    assert found.seconds.lower == pytest.approx(0.4034 * SCAN.below, rel=0.01)
    assert found.seconds.upper == pytest.approx(0.404 * SCAN.above, rel=0.01)


@pytest.mark.parametrize(
    ("statement", "form"),
    [
        ("CREATE INDEX ON pet (name)", IndexForm.SORTED),
        ("CREATE INDEX ON pet USING gin (tags)", IndexForm.SORTED),
        ("CREATE INDEX CONCURRENTLY a ON pet (name) WHERE age > 3", IndexForm.PARTIAL),
        ("CREATE INDEX ON pet USING brin (born)", IndexForm.BLOCK_RANGE),
        ("CREATE INDEX ON pet USING hash (name)", IndexForm.HASH),
        ("ALTER TABLE pet ADD UNIQUE (name)", IndexForm.SORTED),
    ],
)
def test_an_index_grows_as_it_is_built(statement, form):
    assert index_form(read_statements(statement)) is form
    law = GROWTH_OF_INDEX[form]
    found = estimate_duration(
        [WorkKind.INDEX_BUILD], calibration(0.1, 0.4), table(1_000_000), index=form
    )
    assert law.words in found.formula
    assert found.seconds.ratio <= WIDEST + 1e-9


def test_look_ups_cost_no_more_once_caches_hold_nothing():
    law = GROWTH[WorkKind.VALIDATION]
    assert law.of(table(4e9)) / law.of(table(4e7)) == pytest.approx(100)


def test_two_readings_far_apart_are_narrowed_around_their_middle():
    found = estimate_duration([WorkKind.SCAN], calibration(0.325, 0.4), table(1_000_000))
    assert found.seconds.ratio == pytest.approx(WIDEST)
    middle = math.sqrt(found.seconds.lower * found.seconds.upper)
    assert middle == pytest.approx(math.sqrt(1.3 * SCAN.below * 4 * SCAN.above))


def test_beyond_what_was_proven_it_is_wider_and_says_so():
    near = estimate_duration([WorkKind.SCAN], calibration(0.1, 0.4), table(1_000_000))
    far = estimate_duration([WorkKind.SCAN], calibration(0.1, 0.4), table(100_000_000))
    assert far.seconds.ratio > near.seconds.ratio
    assert far.notes == (
        "The live table has 1,000 times the rows of the larger one that was measured; estimates "
        "were compared with the truth up to 10 times.",
    )


def test_the_formula_shows_what_went_into_it():
    found = estimate_duration([WorkKind.INDEX_BUILD], calibration(0.02, 0.1), table(1_000_000))
    assert found.formula.startswith(
        "Measured on the shadow: 20 ms for 25,000 rows (6.2 MB) and 100 ms for 100,000 rows "
        "(25 MB). Time grows with rows × log rows. For 1,000,000 rows (248 MB): "
    )
    assert found.formula.endswith(
        f"{duration(found.seconds.lower)} to {duration(found.seconds.upper)}."
    )


def test_several_kinds_of_work_count_with_the_slowest_and_the_fastest_growth():
    kinds = [WorkKind.SCAN, WorkKind.INDEX_BUILD]
    both = estimate_duration(kinds, calibration(0.1, 0.4), table(500_000)).seconds
    scan, build = (
        estimate_duration([kind], calibration(0.1, 0.4), table(500_000)).seconds for kind in kinds
    )
    middles = [math.sqrt(one.lower * one.upper) for one in (scan, both, build)]
    assert middles == sorted(middles)
    assert both.ratio == pytest.approx(WIDEST)


sizes = st.floats(100, 1e10)
times = st.floats(1e-4, 1e3)


@given(st.sampled_from(WorkKind), times, times, sizes)
def test_an_interval_is_never_wider_than_promised_up_to_ten_times(kind, small, large, rows):
    found = estimate_duration([kind], calibration(small, large), table(rows)).seconds
    assert 0 <= found.lower <= found.upper
    if 100_000 <= rows <= 1_000_000:
        assert found.ratio <= WIDEST * 1.0001


@given(st.sampled_from(WorkKind), times, times, st.floats(1e5, 1e9), st.floats(1, 10))
def test_more_rows_never_take_less_time(kind, small, large, rows, more):
    smaller = estimate_duration([kind], calibration(small, large), table(rows)).seconds
    larger = estimate_duration([kind], calibration(small, large), table(rows * more)).seconds
    assert larger.upper >= smaller.upper * 0.9999


@pytest.mark.parametrize(
    "samples",
    [
        (),
        (Sample(table(10), 1.0),),
        (Sample(table(10), 1.0), Sample(table(10), 1.0)),
        (Sample(table(20), 1.0), Sample(table(10), 1.0)),
    ],
)
def test_a_calibration_needs_two_sizes(samples):
    with pytest.raises(ValueError, match="needs two sizes"):
        Calibration(samples)


@pytest.mark.parametrize("bounds", [(2, 1), (-1, 1), (math.nan, 1)])
def test_what_is_no_interval_is_refused(bounds):
    with pytest.raises(ValueError, match="is no interval"):
        Interval(*bounds)
