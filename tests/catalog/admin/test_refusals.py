"""What the database refuses is told at the field it concerns: in forms, inlines and lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.admin.refusal import RefusableForm
from catalog.models import Category, PriceList, Product
from tests.catalog.admin.people import errors_in, fields_in, form_of
from tests.orders.sample import Sample

pytestmark = pytest.mark.django_db

NO_PIECES = "There are not that many pieces in stock."
NEGATIVE = "The price cannot be negative."

# model, row of the sample (empty for a new one), what is typed, field, message
CASES: list[tuple[str, str, dict[str, str], str, str]] = [
    ("catalog_product", "product", {"base_price": "-1"}, "base_price", NEGATIVE),
    ("catalog_product", "product", {"inventory_count": "-1"}, "inventory_count", NO_PIECES),
    ("catalog_product", "product", {"sku": "HAM-2"}, "sku", "Another product has this SKU."),
    (
        "catalog_product",
        "",
        {"sku": "HAM-2", "name": "New", "base_price": "1", "category": "{below}"},
        "sku",
        "Another product has this SKU.",
    ),
    ("catalog_category", "below", {"slug": "tools"}, "slug", "Another category has this slug."),
    (
        "catalog_category",
        "top",
        {"parent": "{top}"},
        "parent",
        "A category cannot be its own parent.",
    ),
    (
        "catalog_category",
        "top",
        {"parent": "{below}"},
        "parent",
        "A category cannot lie below itself, at any depth.",
    ),
    ("catalog_tag", "tag", {"slug": "wood"}, "slug", "Another tag has this slug."),
    (
        "catalog_producttag",
        "",
        {"product": "{product}", "tag": "{tag}"},
        "tag",
        "The product carries this tag already.",
    ),
    (
        "catalog_pricelist",
        "",
        {"name": "Again", "valid_0": "2026-03-01", "valid_1": "2026-04-01"},
        "valid",
        "Another price list holds on some of these days.",
    ),
    (
        "catalog_pricelist",
        "price_list",
        {"valid_0": "2026-03-01", "valid_1": "2026-03-01"},
        "valid",
        "A price list holds on one day at least.",
    ),
    (
        "orders_customer",
        "customer",
        {"email": "BOB@example.org"},
        "email",
        "Another customer has this e-mail address.",
    ),
    (
        "orders_customer",
        "customer",
        {"email": "nobody"},
        "email",
        "An e-mail address looks like name@example.org.",
    ),
    (
        "orders_customer",
        "customer",
        {"phone": "030 123"},
        "phone",
        "A telephone number starts with + and the country code, digits only.",
    ),
    (
        "orders_address",
        "billing",
        {"country_code": "de"},
        "country_code",
        "A country is two capital letters, such as DE.",
    ),
    (
        "orders_address",
        "shipping",
        {"address_type": "billing"},
        "is_default",
        "The customer has a default address of this type.",
    ),
    (
        "orders_order",
        "order",
        {"billing_address": "{foreign_address}"},
        "billing_address",
        "The billing address is not one of the customer's.",
    ),
    (
        "orders_order",
        "order",
        {"tax_amount": "-1"},
        "tax_amount",
        "The tax cannot be negative.",
    ),
    (
        "orders_payment",
        "",
        {"order": "{order}", "amount": "0", "idempotency_key": "new"},
        "amount",
        "A payment is more than nothing.",
    ),
    (
        "orders_payment",
        "",
        {"order": "{order}", "amount": "1", "idempotency_key": "first"},
        "idempotency_key",
        "This payment was made already.",
    ),
]


def opened(client: Client, name: str, row: Any) -> tuple[str, dict[str, Any]]:
    """Return the address of a form and what it would send."""
    url = (
        reverse(f"admin:{name}_change", args=[row.pk])
        if row is not None
        else reverse(f"admin:{name}_add")
    )
    return url, form_of(client, url, f"{name.partition('_')[2]}_form")


def trust_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what forms try beforehand, as if somebody had written in between."""
    monkeypatch.setattr(
        RefusableForm, "_validate_constraints_by_field", lambda self, exclude=None: None
    )


@pytest.mark.parametrize("beforehand", [True, False], ids=["form", "database"])
@pytest.mark.parametrize(
    ("name", "row", "typed", "field", "message"),
    CASES,
    ids=[f"{n}-{case[0]}-{case[3]}" for n, case in enumerate(CASES)],
)
def test_a_form_tells_it_at_the_field(
    name: str,
    row: str,
    typed: dict[str, str],
    field: str,
    message: str,
    beforehand: bool,
    sample: Sample,
    analyst: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not beforehand:
        trust_the_database(monkeypatch)
    url, sent = opened(analyst, name, getattr(sample, row) if row else None)
    filled = {key: value.format(**sample.keys()) for key, value in typed.items()}
    response = analyst.post(url, {**sent, **filled})
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.errors.get_json_data(escape_html=False)[field][0]["message"] == message
    assert list(form.errors) == [field]
    # Nothing that was typed is lost.
    again = form_of_response(response, name)
    assert {key: again.get(key) for key in filled} == filled


def form_of_response(response: Any, name: str) -> dict[str, Any]:
    return fields_in(response.content.decode(), f"{name.partition('_')[2]}_form")


def test_two_wrong_fields_are_told_at_once(sample: Sample, analyst: Client) -> None:
    url, sent = opened(analyst, "catalog_product", sample.product)
    response = analyst.post(url, {**sent, "base_price": "-1", "inventory_count": "-1"})
    errors = response.context["adminform"].form.errors
    assert errors == {"base_price": [NEGATIVE], "inventory_count": [NO_PIECES]}


@pytest.mark.parametrize("beforehand", [True, False], ids=["form", "database"])
def test_an_inline_tells_it_at_its_row(
    beforehand: bool, sample: Sample, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not beforehand:
        trust_the_database(monkeypatch)
    url, sent = opened(analyst, "orders_customer", sample.customer)
    rows = int(sent["addresses-INITIAL_FORMS"])
    wrong = next(n for n in range(rows) if sent[f"addresses-{n}-address_type"] == "shipping")
    typed = {f"addresses-{wrong}-country_code": "xx", "first_name": "Augusta"}
    response = analyst.post(url, {**sent, **typed})
    assert response.status_code == 200
    (inline,) = response.context["inline_admin_formsets"]
    assert inline.formset.errors == [
        {"country_code": ["A country is two capital letters, such as DE."]} if n == wrong else {}
        for n in range(rows)
    ]
    sample.customer.refresh_from_db()
    assert sample.customer.first_name == "Ada"


@pytest.mark.parametrize("beforehand", [True, False], ids=["form", "database"])
def test_a_list_tells_it_at_its_cell(
    beforehand: bool, sample: Sample, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not beforehand:
        trust_the_database(monkeypatch)
    url = reverse("admin:catalog_product_changelist")
    sent = form_of(analyst, url, "changelist-form")
    assert sent["form-0-base_price"] == "19.90"
    typed = {"form-0-base_price": "21.00", "form-1-base_price": "-1", "_save": "Save"}
    response = analyst.post(url, {**sent, **typed})
    assert response.status_code == 200
    assert errors_in(response.content.decode()) == [NEGATIVE]
    assert response.context["cl"].formset.errors == [{}, {"base_price": [NEGATIVE]}]
    # All or nothing.
    sample.product.refresh_from_db()
    assert str(sample.product.base_price) == "19.90"


def test_a_list_writes_what_was_edited(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_product_changelist")
    sent = form_of(analyst, url, "changelist-form")
    response = analyst.post(url, {**sent, "form-0-base_price": "21.00", "_save": "Save"})
    assert response.status_code == 302
    sample.product.refresh_from_db()
    sample.other_product.refresh_from_db()
    versions = sample.product.version, sample.other_product.version
    assert str(sample.product.base_price) == "21.00"
    # Two orders took pieces of the first; nobody touched the other.
    assert versions == (4, 1)


def test_deleting_what_is_in_use_is_told(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_category_delete", args=[sample.below.pk])
    response = analyst.post(url, {"post": "yes"})
    assert response.status_code == 200
    assert response.context["protected"]
    assert Category.objects.filter(pk=sample.below.pk).exists()


def test_restoring_what_is_taken_is_told(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_product_delete", args=[sample.product.pk])
    analyst.post(url, {"post": "yes"})
    Product.objects.filter(pk=sample.other_product.pk).update(sku=sample.product.sku)
    restore = reverse("admin:catalog_product_restore", args=[sample.product.pk])
    response = analyst.post(restore, follow=True)
    assert [str(m) for m in response.context["messages"]][-1] == (
        "Claw hammer: Another product has this SKU."
    )
    assert Product.objects.get(pk=sample.product.pk).is_deleted


def test_an_action_that_is_refused_is_told(sample: Sample, analyst: Client) -> None:
    url = reverse("admin:catalog_product_delete", args=[sample.product.pk])
    analyst.post(url, {"post": "yes"})
    Product.objects.filter(pk=sample.other_product.pk).update(sku=sample.product.sku)
    listed = reverse("admin:catalog_product_changelist") + "?away=yes"
    chosen = {"action": "restore", "_selected_action": [str(sample.product.pk)]}
    response = analyst.post(listed, chosen, follow=True)
    assert [str(m) for m in response.context["messages"]][-1] == (
        "Claw hammer: Another product has this SKU."
    )


def test_what_no_form_can_take_is_said_on_top(
    sample: Sample, analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never tried for ever, never a 500."""
    trust_the_database(monkeypatch)
    monkeypatch.setattr("catalog.admin.violation_messages.refusals_noted", lambda request: {})
    url, sent = opened(analyst, "catalog_pricelist", None)
    typed = {"name": "Again", "valid_0": "2026-03-01", "valid_1": "2026-04-01"}
    response = analyst.post(url, {**sent, **typed}, follow=True)
    assert [str(m) for m in response.context["messages"]] == [
        "Another price list holds on some of these days."
    ]
    assert PriceList.objects.count() == 1
