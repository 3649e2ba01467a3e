"""Search by words, and straight to a row by its code or key."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.orders.sample import Sample

pytestmark = pytest.mark.django_db

CASES = [
    ("catalog_product", "hammers", ["Claw hammer"]),
    ("catalog_product", "hammer or mallet", ["Claw hammer", "Mallet"]),
    ("catalog_product", "hammer -claw", []),
    ("catalog_product", "HAM-2", ["Mallet"]),
    ("catalog_product", "{product}", ["Claw hammer"]),
    ("catalog_product", "\0", ["Claw hammer", "Mallet"]),
    ("catalog_product", "'; --", []),
    ("orders_customer", "smi", ["Ada Smith", "Bob Smith"]),
    ("orders_customer", "BOB@example.org", ["Bob Smith"]),
    ("orders_customer", "+4930123456", ["Ada Smith"]),
    ("orders_customer", "{stranger}", ["Bob Smith"]),
    ("orders_order", "{number}", ["{number}"]),
    ("orders_payment", "first", ["44.70 pending"]),
    ("catalog_category", "ham", ["Hammers"]),
    ("catalog_tag", "wood", ["Wood"]),
]


@pytest.mark.parametrize(("name", "words", "found"), CASES)
def test_search(name: str, words: str, found: list[str], sample: Sample, analyst: Client) -> None:
    known = {**sample.keys(), "number": sample.order.order_number}
    query = urlencode({"q": words.format(**known) if "{" in words else words})
    response = analyst.get(f"{reverse(f'admin:{name}_changelist')}?{query}")
    assert response.status_code == 200
    rows = sorted(str(row) for row in response.context["cl"].result_list)
    assert rows == [text.format(**known) for text in found]


@pytest.mark.parametrize(
    ("term", "found"),
    [("hamm", ["Claw hammer"]), ("claw h", ["Claw hammer"]), ("ma", ["Mallet"]), ("!&|", [])],
)
def test_a_select_box_finds_beginnings(
    term: str, found: list[str], sample: Sample, analyst: Client
) -> None:
    query = {"app_label": "orders", "model_name": "orderitem", "field_name": "product"}
    url = f"{reverse('admin:autocomplete')}?{urlencode({**query, 'term': term})}"
    assert [row["text"] for row in analyst.get(url).json()["results"]] == found
