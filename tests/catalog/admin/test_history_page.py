"""The history page: who, when, why, and each field before and after."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from tests.catalog.admin.people import form_of
from tests.orders.installed import execute
from tests.orders.sample import Sample, make_product

pytestmark = pytest.mark.django_db


def test_field_by_field(sample: Sample, analyst: Client) -> None:
    product = make_product(sample.below, sku="NEW", name="Saw", base_price=5)
    # First, because what admin says of who and why belongs to the whole transaction of a test.
    execute(f"UPDATE catalog_product SET is_active = false WHERE id = '{product.pk}'")
    change = reverse("admin:catalog_product_change", args=[product.pk])
    sent = form_of(analyst, change, "product_form")
    typed = {"name": "Hand saw", "category": str(sample.top.pk), "change_reason": "spelling"}
    assert analyst.post(change, {**sent, **typed}).status_code == 302
    url = reverse("admin:catalog_product_history", args=[product.pk])
    response = analyst.get(url)
    steps = response.context["steps"]
    assert [
        (s.who, s.why, s.done, [(c.label, c.before, c.after) for c in s.changes]) for s in steps
    ] == [
        (
            "analyst",
            "spelling",
            "Changed",
            [("Name", "Saw", "Hand saw"), ("Category", "Hammers", "Tools")],
        ),
        ("", "", "Changed", [("Active", "yes", "no")]),
        (
            "",
            "",
            "Created",
            [
                ("Active", "", "yes"),
                ("SKU", "", "NEW"),
                ("Name", "", "Saw"),
                ("Category", "", "Hammers"),
                ("Base price", "", "5.00"),
                ("In stock", "", "10"),
                ("Attributes", "", "–"),
            ],
        ),
    ]
    assert "<ins>Hand saw</ins>" in response.content.decode()


def test_saving_nothing_leaves_no_trace(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_product_change", args=[sample.product.pk])
    before = Product.objects.get(pk=sample.product.pk).version
    assert analyst.post(url, form_of(analyst, url, "product_form")).status_code == 302
    assert Product.objects.get(pk=sample.product.pk).version == before


def test_rows_without_a_trail_have_the_log_of_admin(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_tag_change", args=[sample.tag.pk])
    analyst.post(url, {**form_of(analyst, url, "tag_form"), "name": "Iron"})
    response = analyst.get(reverse("admin:catalog_tag_history", args=[sample.tag.pk]))
    assert "Changed Name." in response.content.decode()


@pytest.mark.parametrize(
    "model", ["catalog_product", "orders_customer", "orders_order", "orders_payment"]
)
def test_tracked_models_have_the_page(model: str, sample: Sample, analyst: Client) -> None:
    row = getattr(sample, model.partition("_")[2])
    response = analyst.get(reverse(f"admin:{model}_history", args=[row.pk]))
    assert response.templates[0].name == "admin/shop/history.html"
    assert response.context["steps"][-1].done == "Created"
