"""Deleting puts away; what is put away is hidden, shown on demand, read-only, and restored."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from orders.models import Customer
from tests.orders.sample import Sample

pytestmark = pytest.mark.django_db


def listed(client: Client, model: str, query: str = "") -> list[str]:
    response = client.get(reverse(f"admin:{model}_changelist") + query)
    return [str(row) for row in response.context["cl"].result_list]


@pytest.mark.parametrize("name", ["catalog_product", "orders_customer"])
def test_put_away_and_restored(name: str, sample: Sample, analyst: Client) -> None:
    row = sample.product if name == "catalog_product" else sample.customer
    delete = reverse(f"admin:{name}_delete", args=[row.pk])
    change = reverse(f"admin:{name}_change", args=[row.pk])
    assert "can be restored" in analyst.get(delete).content.decode()
    gone = analyst.post(delete, {"post": "yes", "change_reason": "old"}, follow=True)
    assert [str(m) for m in gone.context["messages"]] == [
        f"“{row}” was put away; the filter “put away” shows it."
    ]
    row.refresh_from_db()
    assert row.is_deleted
    assert str(row) not in listed(analyst, name)
    assert listed(analyst, name, "?away=yes") == [str(row)]
    assert str(row) in listed(analyst, name, "?away=all")

    shown = analyst.get(change)
    assert b"/restore/" in shown.content
    assert b'name="_save"' not in shown.content
    assert analyst.post(change, {"name": "X"}).status_code == 403
    assert analyst.post(delete, {"post": "yes"}).status_code == 403

    restore = reverse(f"admin:{name}_restore", args=[row.pk])
    assert analyst.get(restore).status_code == 405
    assert analyst.post(restore, {"change_reason": "wanted again"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_deleted
    last = row.events.order_by("-pgh_id").first()
    assert last.pgh_context == {
        "user": analyst.session["_auth_user_id"],
        "reason": "wanted again",
    }


def test_actions_put_away_and_restore(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_product_changelist")
    chosen = [str(sample.product.pk), str(sample.other_product.pk)]
    for query, action, said in (
        ("", "put_away", "2 products put away."),
        ("?away=yes", "restore", "2 products restored."),
    ):
        response = analyst.post(
            url + query, {"action": action, "_selected_action": chosen}, follow=True
        )
        assert [str(m) for m in response.context["messages"]] == [said]
    assert Product.objects.living().count() == 2


def test_select_boxes_offer_the_living(sample: Sample, analyst: Client) -> None:
    Customer.objects.filter(pk=sample.stranger.pk).update(deleted_at="2026-01-01T00:00Z")
    url = (
        f"{reverse('admin:autocomplete')}?app_label=orders&model_name=order"
        "&field_name=customer&term="
    )
    offered = [found["text"] for found in analyst.get(url).json()["results"]]
    assert offered == ["Ada Smith"]
