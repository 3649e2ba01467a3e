"""When the largest document is full."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modeler.mongo.design.growth import projection
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.measures import TableMeasures
from modeler.mongo.design.weights import MIB

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# 1,000 of 10,000 children, 1 KiB each, belong to the largest parent; it has 1 MiB today.
GROWING = {
    "p50": 1.0, "p95": 9.0, "p99": 99.0, "maximum": 1024.0, "child_rows": 10240.0,
    "child_bytes": 1024.0, "child_p99": 1024.0, "monthly": 1024.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "on", "text"),
    [
        # A tenth of 1,024 children a month, 100 KiB: the other 15 MiB last 150 months.
        ({}, "2038-07-03", "the largest parent gets 102 children a month"),
        ({"late": 0.5}, "2051-01-02", "the largest parent gets 51 children a month"),
        ({"late": 0.001}, "", "never at this growth: children come with their parent"),
        (
            {"monthly": 1.0},
            "",
            "never at this growth: the largest parent gets 0.1 children a month",
        ),
        ({"monthly": None}, "", "not known: no column says when children are made"),
        ({"one_to_one": True}, "", "never: one child a parent"),
        ({"parent_max": 15.5 * MIB}, "2026-01-01", "it would have 16.5 MiB today"),
        ({"p50": None}, "", "not known: nothing was measured"),
    ],
)
def test_projection(changed, on, text):
    found = projection(Inputs(**{**GROWING, **changed}), NOW)
    assert (found.on, found.text) == (on, text)


@pytest.mark.parametrize(
    ("months", "monthly"),
    [
        ((), None),
        ((("2025-01-01", 7),), 7.0),
        ((("2025-01-01", 6), ("2025-02-01", 99)), 6.0),  # February is not over
        (tuple((f"2025-{n:02}-01", n) for n in range(1, 13)), (6 + 7 + 8 + 9 + 10 + 11) / 6),
    ],
)
def test_rows_a_month(months, monthly):
    assert TableMeasures("a.A", months=months).monthly == monthly
