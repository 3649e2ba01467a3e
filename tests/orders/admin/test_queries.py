"""Each list and each form runs equally many queries at 2 and at 200 rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Category, PriceList, Product, ProductTag, Tag
from orders.models import Address, Customer, Order, OrderItem, OrderStatusChange, Payment
from orders.services import order_place, order_recalculate
from tests.catalog.admin.people import client_of
from tests.orders.sample import Sample, make_address, make_customer, make_product

pytestmark = pytest.mark.django_db

SHOP = [model for model in admin.site._registry if model._meta.app_label in ("catalog", "orders")]


def more_categories(sample: Sample, names: range) -> None:
    Category.objects.bulk_create(
        Category(name=f"C{n}", slug=f"c-{n}", parent=sample.top) for n in names
    )


def more_tags(sample: Sample, names: range) -> None:
    tags = Tag.objects.bulk_create(Tag(name=f"T{n}", slug=f"t-{n}") for n in names)
    ProductTag.objects.bulk_create(ProductTag(product=sample.product, tag=tag) for tag in tags)


def more_products(sample: Sample, names: range) -> None:
    Product.objects.bulk_create(
        Product(sku=f"P-{n}", name=f"P {n}", category=sample.below, base_price=n) for n in names
    )


def more_price_lists(sample: Sample, names: range) -> None:
    first = date(1990, 1, 1)
    PriceList.objects.bulk_create(
        PriceList(name=f"L{n}", valid=DateRange(first + timedelta(n), first + timedelta(n + 1)))
        for n in names
    )


def more_customers(sample: Sample, names: range) -> None:
    for n in names:
        make_customer(f"c{n}@example.org")


def more_addresses(sample: Sample, names: range) -> None:
    for n in names:
        make_address(sample.customer, "billing", city=f"City {n}")
        make_address(sample.stranger, "shipping", city=f"City {n}")


def more_orders(sample: Sample, names: range) -> None:
    """Every order is another customer's, so that a look-up per row would show."""
    for n in names:
        customer = make_customer(f"o{n}@example.org")
        address = make_address(customer, "billing")
        order = order_place(
            customer_id=customer.pk,
            billing_address_id=address.pk,
            shipping_address_id=address.pk,
            lines=[],
        )
        Payment.objects.create(order=order, amount=n + 1, idempotency_key=f"k{n}")


def more_items(sample: Sample, names: range) -> None:
    """Fill the order of the sample and another one, both pending."""
    for n in names:
        product = make_product(sample.below, sku=f"I-{n}", name=f"I {n}", base_price=Decimal(1))
        for order in (sample.order, sample.other_order):
            OrderItem.objects.create(
                order=order,
                product=product,
                product_name=product.name,
                product_sku=product.sku,
                quantity=1,
                unit_price=1,
                total_price=1,
            )
    for order in (sample.order, sample.other_order):
        order_recalculate(order=order)


MORE: dict[type[models.Model], Callable[[Sample, range], None]] = {
    Category: more_categories,
    Tag: more_tags,
    ProductTag: more_tags,
    Product: more_products,
    PriceList: more_price_lists,
    Customer: more_customers,
    Address: more_addresses,
    Order: more_orders,
    OrderItem: more_items,
    Payment: more_orders,
    OrderStatusChange: more_orders,
}

# Rows below the row that the form shows.
BELOW: dict[type[models.Model], Callable[[Sample, range], None]] = {
    **MORE,
    Product: more_tags,
    Customer: more_addresses,
    Order: more_items,
}

SHOWN = {
    Category: "top",
    Tag: "tag",
    ProductTag: "product_tag",
    Product: "product",
    PriceList: "price_list",
    Customer: "customer",
    Address: "billing",
    Order: "order",
    OrderItem: "item",
    Payment: "payment",
}


def page(model: type[models.Model], kind: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def queries(client: Any, url: str) -> list[str]:
    """Return the beginnings of a page's queries, without the numbers of cursors and savepoints."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert body
    return [re.sub(r"\d+", "#", query["sql"])[:90] for query in captured.captured_queries]


def test_every_model_of_the_shop_has_a_page() -> None:
    assert set(SHOP) == set(MORE)


@pytest.mark.parametrize("kind", ["changelist", "csv"])
@pytest.mark.parametrize("model", SHOP, ids=lambda model: model.__name__)
def test_a_list_asks_as_often_with_200_rows(
    model: Any, kind: str, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site._registry[model], "list_per_page", 500)
    client, url = client_of("analyst"), page(model, kind)
    MORE[model](sample, range(900, 901))
    client.get(url)
    few = queries(client, url)
    MORE[model](sample, range(199))
    assert model.objects.count() >= 200
    assert queries(client, url) == few


@pytest.mark.parametrize("model", SHOP, ids=lambda model: model.__name__)
def test_a_form_asks_as_often_with_200_rows_below(model: Any, sample: Sample) -> None:
    shown = (
        OrderStatusChange.objects.first()
        if model is OrderStatusChange
        else getattr(sample, SHOWN[model])
    )
    client, url = client_of("analyst"), page(model, "change", shown.pk)
    more = BELOW[model]
    more(sample, range(500, 501))
    client.get(url)
    few = queries(client, url)
    more(sample, range(198))
    assert queries(client, url) == few


BOXES = [
    (ProductTag, "product", Product),
    (ProductTag, "tag", Tag),
    (Category, "parent", Category),
    (Product, "category", Category),
    (Address, "customer", Customer),
    (Order, "customer", Customer),
    (Order, "billing_address", Address),
    (Payment, "order", Order),
]


@pytest.mark.parametrize(("model", "field", "target"), BOXES)
def test_a_select_box_asks_as_often_with_200_rows(
    model: Any, field: str, target: Any, sample: Sample
) -> None:
    client, options = client_of("analyst"), model._meta
    url = (
        f"{reverse('admin:autocomplete')}?app_label={options.app_label}"
        f"&model_name={options.model_name}&field_name={field}&term="
    )
    client.get(url)
    few = queries(client, url)
    MORE[target](sample, range(199))
    assert queries(client, url) == few
