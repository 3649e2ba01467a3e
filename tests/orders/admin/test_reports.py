"""Reports: what they answer, draw and hand over."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.plot import Bar, bar_plot, column_plot
from catalog.reports.report import Report, register
from modeler.errors import ConfigurationError
from orders.services import order_confirm
from tests.orders.sample import Sample

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def earning(sample: Sample) -> Sample:
    for order in (sample.order, sample.other_order):
        order_confirm(order_id=order.pk)
    return sample


def page(slug: str, **query: str) -> tuple[str, dict[str, str]]:
    return reverse("reports:report", args=[slug]), query


def texts(response: Any) -> list[list[str]]:
    return [[text for text, _ in row] for row in response.context["rows"]]


CASES = [
    ("customers-over-threshold", {"threshold": "50"}, [["Ada Smith", "ada@example.org", "69.50"]]),
    ("customers-over-threshold", {"threshold": "100"}, []),
    ("product-ranking", {}, [["Claw hammer", "HAM-1", "3", "59.70", "1", "1"]]),
    ("order-document", {}, [["HAM-1", "Claw hammer", "1", "19.90", "19.90"]]),
    (
        "category-subtree",
        {},
        [["Tools", "tools", "0", "0"], ["Tools › Hammers", "hammers", "1", "2"]],
    ),
]


@pytest.mark.parametrize(("slug", "query", "rows"), CASES)
def test_the_table(slug: str, query: Any, rows: Any, earning: Sample, analyst: Client) -> None:
    response = analyst.get(*page(slug, **query))
    assert response.status_code == 200
    assert texts(response) == rows
    assert ("shop-plot" in response.content.decode()) is bool(rows)


def test_revenue_is_of_every_month(earning: Sample, analyst: Client) -> None:
    now = datetime.now(tz=UTC)
    rows = texts(analyst.get(*page("revenue-by-month")))
    assert rows[0] == [f"{now.year - 1}-{now.month:02}", "0", "0", "–", "–"]
    assert rows[-1] == [f"{now.year}-{now.month:02}", "2", "69.50", "69.50", "–"]
    assert len(rows) == 13


@pytest.mark.parametrize(
    ("slug", "query", "error"),
    [
        ("revenue-by-month", {"start": "2026-02-01", "end": "2026-01-01"}, "The end comes after"),
        ("revenue-by-month", {"start": "1900-01-01", "end": "2026-01-01"}, "At most 20 years."),
        ("revenue-by-month", {"start": "yesterday"}, "Enter a valid date."),
        ("customers-over-threshold", {"threshold": "NaN"}, "Enter a number."),
        ("product-ranking", {"limit": "0"}, "greater than or equal to 1"),
        ("order-document", {"order_number": "no"}, "There is no order with this number."),
        ("category-subtree", {"category": "no"}, "is not a valid UUID"),
    ],
)
def test_wrong_values_are_told(
    slug: str, query: Any, error: str, earning: Sample, analyst: Client
) -> None:
    for download in ({}, {"download": "csv"}):
        response = analyst.get(*page(slug, **query, **download))
        assert response.status_code == 200
        assert error in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["category-subtree", "order-document", "revenue-by-month"])
def test_an_empty_shop_has_pages(slug: str, analyst: Client) -> None:
    assert analyst.get(*page(slug)).status_code == 200


def test_csv(earning: Sample, analyst: Client) -> None:
    response: Any = analyst.get(*page("product-ranking", download="csv"))
    assert response["Content-Disposition"] == 'attachment; filename="product-ranking.csv"'
    lines = list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))
    assert lines == [
        ["Product", "SKU", "Units", "Revenue", "Place by units", "Place by revenue"],
        ["Claw hammer", "HAM-1", "3", "59.70", "1", "1"],
    ]


def test_json(earning: Sample, analyst: Client) -> None:
    number = earning.order.order_number
    response = analyst.get(*page("order-document", order_number=number, download="json"))
    document = json.loads(response.content)
    assert (document["order_number"], document["total_amount"]) == (number, "44.70")


def test_an_unknown_report_is_not_there(sample: Sample, analyst: Client) -> None:
    assert analyst.get(*page("nothing")).status_code == 404


def test_two_reports_of_one_name_are_refused() -> None:
    class Twin(Report):
        slug = "revenue-by-month"

    with pytest.raises(ConfigurationError, match="Two reports are called 'revenue-by-month'"):
        register(Twin)


BARS = st.lists(
    st.builds(
        Bar,
        label=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60),
        value=st.decimals(0, 10**9, places=2),
        words=st.just("<1 & 2>"),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize("plot", [bar_plot, column_plot])
@given(bars=BARS)
def test_a_plot_is_svg_with_a_bar_for_each(plot: Any, bars: list[Bar]) -> None:
    tree = ElementTree.fromstring(plot(bars, title="<T>", about="A & B"))
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    boxes = tree.findall(f".//{SVG}rect")
    assert len(boxes) == len(bars)
    for box in boxes:
        x, y, w, h = (float(box.attrib[k]) for k in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and w >= 0 and h >= 0
        assert x + w <= width + 0.2
        assert y + h <= height + 0.2
    longest = max(bars, key=lambda bar: bar.value)
    size = "width" if plot is bar_plot else "height"
    sizes = [float(box.attrib[size]) for box in boxes]
    assert sizes[bars.index(longest)] == max(sizes)
    assert tree.find(f"{SVG}title").text == "<T>"  # type: ignore[union-attr]


def test_no_bars_no_plot() -> None:
    assert bar_plot([], title="", about="") == column_plot([], title="", about="") == ""
    assert "bar less" in column_plot([Bar("a", Decimal(1), "1", less=True)], title="", about="")
