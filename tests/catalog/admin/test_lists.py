"""Lists: counts that stop at a cap, and CSV that a spreadsheet cannot be tricked with."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from catalog.admin import capped
from catalog.csv_lines import csv_cell
from catalog.models import Product
from tests.orders.sample import Sample, make_customer, make_product

LIST = "admin:catalog_product_changelist"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49301", "'+49301"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("a=1", "a=1"),
        (Decimal("-1.50"), Decimal("-1.50")),
        (-3, -3),
        (True, "yes"),
        (None, ""),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
    ],
)
def test_a_cell(value: Any, cell: Any) -> None:
    assert csv_cell(value) == cell


def read(response: Any) -> list[list[str]]:
    assert response.streaming
    return list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))


@pytest.mark.django_db
def test_the_csv_is_the_list(sample: Sample, analyst: Client) -> None:
    make_product(sample.below, sku="=cmd", name="Evil hammer", base_price=Decimal(5))
    url = reverse("admin:catalog_product_csv")
    header, *rows = read(analyst.get(f"{url}?q=hammer&o=4"))
    assert header == [
        "id", "name", "SKU", "category", "base price", "in stock", "active", "last changed",
    ]  # fmt: skip
    assert [row[1:7] for row in rows] == [
        ["Evil hammer", "'=cmd", "Hammers", "5.00", "10", "yes"],
        ["Claw hammer", "HAM-1", "Hammers", "19.90", "7", "yes"],
    ]
    chosen = {"action": "export_csv", "_selected_action": [str(sample.product.pk)]}
    response = analyst.post(reverse(LIST), chosen)
    assert [row[1] for row in read(response)[1:]] == ["Claw hammer"]


@pytest.mark.django_db
def test_choices_are_their_labels(sample: Sample, analyst: Client) -> None:
    _, *rows = read(analyst.get(reverse("admin:orders_order_csv")))
    assert {row[3] for row in rows} == {"Pending"}


@pytest.mark.django_db
def test_a_bad_filter_leads_back_to_the_list(sample: Sample, analyst: Client) -> None:
    response = analyst.get(reverse("admin:catalog_product_csv") + "?is_active__exact=x&nope=1")
    assert response.status_code == 302


@pytest.mark.django_db
def test_the_count_stops_at_the_cap(
    sample: Sample, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capped, "CAP", 4)
    monkeypatch.setattr(capped.CappedChangeList, "cap", 4)
    monkeypatch.setattr(admin.site._registry[Product], "list_per_page", 2)
    for n in range(2):
        make_product(sample.below, sku=f"N-{n}", name=f"N {n}", base_price=1)
    assert "There are more than" not in analyst.get(reverse(LIST)).content.decode()
    make_product(sample.below, sku="N-2", name="N 2", base_price=1)
    response = analyst.get(reverse(LIST))
    assert "There are more than 4 rows" in response.content.decode()
    # Never more than a page, whatever the count says.
    assert len(response.context["cl"].result_list) == 2
    chosen = {
        "action": "put_away",
        "_selected_action": [str(sample.product.pk)],
        "select_across": "1",
    }
    told = analyst.post(reverse(LIST), chosen, follow=True)
    assert [str(m) for m in told.context["messages"]] == [
        "More than 4 rows at once are too many. Filter first."
    ]
    assert Product.objects.living().count() == 5
    assert len(read(analyst.get(reverse("admin:catalog_product_csv")))) == 6


@pytest.mark.django_db
def test_no_list_offers_counts_of_facets(sample: Sample) -> None:
    shop = [
        a for m, a in admin.site._registry.items() if m._meta.app_label in ("catalog", "orders")
    ]
    assert {a.show_facets for a in shop} == {admin.ShowFacets.NEVER}


@pytest.mark.django_db
def test_names_are_escaped(sample: Sample, analyst: Client) -> None:
    make_customer("x@example.org", first_name="<script>", last_name="<b>")
    html = analyst.get(reverse("admin:orders_customer_changelist")).content.decode()
    assert "<script>&" not in html
    assert "&lt;b&gt;" in html
