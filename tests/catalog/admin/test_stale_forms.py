"""A form that was opened before somebody else saved is refused, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from catalog.admin.refusal import GONE
from catalog.models import Product
from orders.models import Address, OrderItem
from orders.services import order_item_change
from tests.catalog.admin.people import client_of, errors_in, fields_in, form_of
from tests.orders.committed import Session, wait_until_blocked
from tests.orders.sample import Sample


@pytest.fixture
def colleague(db: None) -> Client:
    """The browser of another analyst."""
    return client_of("analyst", "colleague")


def test_both_values_are_shown_and_nothing_is_lost(
    sample: Sample, analyst: Client, colleague: Client
) -> None:
    url = reverse("admin:catalog_product_change", args=[sample.product.pk])
    mine = form_of(analyst, url, "product_form")
    theirs = form_of(colleague, url, "product_form")
    changed = {"base_price": "99.00", "description": "Heavy", "name": "Framing hammer"}
    assert colleague.post(url, {**theirs, **changed}).status_code == 302

    typed = {"name": "Hammer", "inventory_count": "70"}
    response = analyst.post(url, {**mine, **typed})
    assert response.status_code == 200
    found = {
        d.label: (d.opened, d.yours, d.theirs, d.taken_over)
        for d in response.context["adminform"].form.differences
    }
    assert found == {
        "Name": ("Claw hammer", "Hammer", "Framing hammer", False),
        "Description": ("–", "–", "Heavy", True),
        "Base price": ("19.90", "19.90", "99.00", True),
        "In stock": ("7", "70", "7", False),
    }
    html = response.content.decode()
    assert "Framing hammer</td>" in html
    kept = Product.objects.get(pk=sample.product.pk)
    assert [kept.name, str(kept.base_price), kept.inventory_count] == [
        "Framing hammer",
        "99.00",
        7,
    ]

    # Saving what the page shows now is a decision: mine where I typed, theirs where I did not.
    assert analyst.post(url, fields_in(html, "product_form")).status_code == 302
    kept = Product.objects.get(pk=sample.product.pk)
    assert (kept.name, kept.description, str(kept.base_price), kept.inventory_count) == (
        "Hammer",
        "Heavy",
        "99.00",
        70,
    )


@pytest.mark.parametrize("version", ["", "0", "x", "99999999999999999999"])
def test_a_version_that_never_was_is_refused(
    version: str, sample: Sample, analyst: Client
) -> None:
    url = reverse("admin:catalog_product_change", args=[sample.product.pk])
    sent = {**form_of(analyst, url, "product_form"), "name": "X", "opened_version": version}
    response = analyst.post(url, sent)
    assert response.status_code == 200
    (difference,) = response.context["adminform"].form.differences
    assert (difference.opened, difference.yours, difference.theirs) == (None, "X", "Claw hammer")


def test_rows_without_a_version_go_by_the_time_of_their_change(
    sample: Sample, analyst: Client, colleague: Client
) -> None:
    from tests.orders.installed import execute

    url = reverse("admin:catalog_tag_change", args=[sample.tag.pk])
    mine = form_of(analyst, url, "tag_form")
    # Raw SQL counts as somebody too.
    execute(f"UPDATE catalog_tag SET name = 'Iron' WHERE id = '{sample.tag.pk}'")
    response = analyst.post(url, {**mine, "name": "Bronze"})
    (difference,) = response.context["adminform"].form.differences
    assert (difference.yours, difference.theirs) == ("Bronze", "Iron")


def test_a_box_that_only_they_unticked_is_taken_over(
    sample: Sample, analyst: Client, colleague: Client
) -> None:
    url = reverse("admin:catalog_product_change", args=[sample.product.pk])
    mine = form_of(analyst, url, "product_form")
    theirs = form_of(colleague, url, "product_form")
    del theirs["is_active"]
    colleague.post(url, theirs)
    response = analyst.post(url, {**mine, "name": "Hammer"})
    again = fields_in(response.content.decode(), "product_form")
    assert "is_active" not in again
    assert again["name"] == "Hammer"


def test_the_same_change_by_two_is_no_conflict(
    sample: Sample, analyst: Client, colleague: Client
) -> None:
    url = reverse("admin:catalog_product_change", args=[sample.product.pk])
    forms = [form_of(client, url, "product_form") for client in (analyst, colleague)]
    for client, form in zip((analyst, colleague), forms, strict=True):
        assert client.post(url, {**form, "name": "Hammer"}).status_code == 302


def test_a_row_of_an_inline_is_refused(sample: Sample, analyst: Client, colleague: Client) -> None:
    url = reverse("admin:orders_order_change", args=[sample.order.pk])
    mine = form_of(analyst, url, "order_form")
    order_item_change(item_id=sample.item.pk, quantity=3)
    response = analyst.post(url, {**mine, "items-0-quantity": "5"})
    assert response.status_code == 200
    (error,) = errors_in(response.content.decode())
    assert error.endswith("Quantity: yours “5”, theirs “3”")
    again = fields_in(response.content.decode(), "order_form")
    assert analyst.post(url, again).status_code == 302
    assert OrderItem.objects.get(pk=sample.item.pk).quantity == 5


def test_a_cell_of_a_list_is_refused_and_the_others_are_left(
    sample: Sample, analyst: Client
) -> None:
    url = reverse("admin:catalog_product_changelist")
    sent = form_of(analyst, url, "changelist-form")
    rows = Product.objects.filter(pk=sample.product.pk)
    rows.update(base_price="30.00", inventory_count=3)
    response = analyst.post(url, {**sent, "form-0-base_price": "25.00", "_save": "Save"})
    assert response.status_code == 200
    assert errors_in(response.content.decode()) == [
        "Somebody else made this 30.00 meanwhile; yours is 25.00. Save again to keep yours."
    ]
    again = {**fields_in(response.content.decode(), "changelist-form"), "_save": "Save"}
    assert analyst.post(url, again).status_code == 302
    # The stock that the list showed is old, but nobody edited it here.
    assert [(str(p.base_price), p.inventory_count) for p in rows] == [("25.00", 3)]


def test_a_row_that_is_gone_is_told(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:orders_customer_change", args=[sample.stranger.pk])
    sent = form_of(analyst, url, "customer_form")
    Address.objects.filter(pk=sample.foreign_address.pk).delete()
    response: Any = analyst.post(url, {**sent, "addresses-0-city": "Bonn"})
    assert response.status_code == 200
    assert errors_in(response.content.decode()) == [GONE]


def test_two_who_save_at_the_same_moment(committed: Sample) -> None:
    """The second waits for the first and then sees that its form is old."""
    url = reverse("admin:catalog_product_change", args=[committed.product.pk])
    clients = [client_of("analyst", name) for name in ("one", "two")]
    forms = [form_of(client, url, "product_form") for client in clients]

    def saving(client: Client, form: dict[str, Any], name: str) -> Any:
        return lambda: client.post(url, {**form, "name": name}).status_code

    with transaction.atomic():
        Product.objects.select_for_update().get(pk=committed.product.pk)
        sessions = [
            Session(saving(client, form, name))
            for client, form, name in zip(clients, forms, ("One", "Two"), strict=True)
        ]
        wait_until_blocked()
    assert sorted(session.result() for session in sessions) == [200, 302]
    saved = ["One", "Two"][[session.outcome for session in sessions].index(302)]
    assert Product.objects.get(pk=committed.product.pk).name == saved
