"""Analysts edit the shop, architects and deployers do not see it; no page has inline scripts."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from catalog.reports.report import reports_for
from tests.catalog.admin.people import client_of
from tests.orders.sample import Sample

pytestmark = pytest.mark.django_db

SHOP = [m for m in admin.site._registry if m._meta.app_label in ("catalog", "orders")]
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)")
REPORTS = [
    "category-subtree",
    "customers-over-threshold",
    "order-document",
    "product-ranking",
    "revenue-by-month",
]


def addresses() -> list[str]:
    """Return every list, CSV, report and form for a new row."""
    lists = [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_{kind}")
        for m in SHOP
        for kind in ("changelist", "csv")
    ]
    return [*lists, *(reverse("reports:report", args=[slug]) for slug in REPORTS)]


@pytest.mark.parametrize(
    ("role", "status"), [("analyst", 200), ("architect", 403), ("deployer", 403)]
)
def test_who_sees_the_shop(role: str, status: int, sample: Sample) -> None:
    client = client_of(role)
    got = {url: client.get(url).status_code for url in addresses()}
    assert got == dict.fromkeys(got, status)


def test_strangers_are_sent_to_the_login(sample: Sample) -> None:
    client = Client()
    got = {url: client.get(url).url.partition("?")[0] for url in addresses()}  # type: ignore[attr-defined]
    assert got == dict.fromkeys(got, reverse("admin:login"))


@pytest.mark.parametrize(
    ("role", "model", "reports"),
    [("analyst", False, True), ("architect", True, False), ("deployer", True, False)],
)
def test_the_index_shows_what_one_may_open(role: str, model: bool, reports: bool) -> None:
    html = client_of(role).get(reverse("admin:index")).content.decode()
    assert (f'href="{reverse("modeler:cockpit")}"' in html) is model
    found = [
        slug for slug in REPORTS if f'href="{reverse("reports:report", args=[slug])}"' in html
    ]
    assert found == (REPORTS if reports else [])


def test_architects_change_nothing(sample: Sample) -> None:
    client = client_of("architect")
    for url in (
        reverse("admin:catalog_product_change", args=[sample.product.pk]),
        reverse("admin:catalog_product_delete", args=[sample.product.pk]),
        reverse("admin:orders_order_transition", args=[sample.order.pk, "confirm"]),
        reverse("admin:orders_order_add"),
    ):
        assert client.post(url, {"post": "yes"}).status_code == 403, url
    restore = reverse("admin:catalog_product_restore", args=[sample.product.pk])
    assert client.post(restore).status_code == 403


def test_every_report_is_known(sample: Sample) -> None:
    response = client_of("analyst").get(reverse("reports:report", args=[REPORTS[0]]))
    assert sorted(r.slug for r in reports_for(response.wsgi_request.user)) == REPORTS


@pytest.mark.parametrize("model", SHOP, ids=lambda model: model.__name__)
def test_a_new_row_shows_only_what_can_be_typed(model: type[Model], analyst: Client) -> None:
    """The database's defaults have no value yet; shown, they would be the names of objects."""
    page = admin.site._registry[model]
    response = analyst.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
    request = response.wsgi_request
    assert response.status_code == (200 if page.has_add_permission(request) else 403)
    assert "object at 0x" not in response.content.decode()
    if response.status_code == 200:
        fields = flatten_fieldsets(page.get_fieldsets(request))
        assert fields
        assert not set(fields) & set(page.get_readonly_fields(request))


def test_nothing_is_inline(sample: Sample, analyst: Client) -> None:
    """The policy allows scripts and styles from files alone."""
    forms = [
        reverse(f"admin:{name}_change", args=[row.pk])
        for name, row in (
            ("catalog_product", sample.product),
            ("catalog_pricelist", sample.price_list),
            ("orders_customer", sample.customer),
            ("orders_order", sample.order),
        )
    ]
    history = reverse("admin:catalog_product_history", args=[sample.product.pk])
    pages = [u for u in addresses() if "/csv/" not in u]
    for url in [*pages, *forms, history, reverse("admin:index")]:
        response = analyst.get(url)
        html = response.content.decode()
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", html
        ), url
