"""What the querysets keep, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog import services
from catalog.models import Category, Product
from catalog.selectors import price_list_on
from tests.orders.sample import Sample, make_product


def skus(products: object) -> list[str]:
    return [product.sku for product in products]  # type: ignore[attr-defined]


def test_active_living_and_deleted(sample: Sample) -> None:
    make_product(sample.below, sku="OFF", name="Off", base_price=1, is_active=False)
    services.product_archive(product_id=sample.product.pk, actor="ada", reason="old")
    assert skus(Product.objects.active()) == ["HAM-2"]
    assert skus(Product.objects.living().in_order()) == ["HAM-2", "OFF"]
    assert skus(Product.objects.deleted()) == ["HAM-1"]


def test_an_archived_sku_is_free_until_it_is_restored(sample: Sample) -> None:
    services.product_archive(product_id=sample.product.pk)
    make_product(sample.below, sku="HAM-1", name="New", base_price=1)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        services.product_restore(product_id=sample.product.pk)
    assert caught.value.__cause__.diag.constraint_name == "product_sku_unique"  # type: ignore[union-attr]
    Product.objects.filter(name="New").update(sku="HAM-9")
    assert services.product_restore(product_id=sample.product.pk).is_active


def test_created_between_holds_its_start_and_not_its_end(sample: Sample) -> None:
    born = sample.product.created_at
    later = born + timedelta(microseconds=1)
    assert skus(Product.objects.created_between(born, later)) == ["HAM-1"]
    assert skus(Product.objects.created_between(later, sample.other_product.created_at)) == []


def test_search_is_ranked_and_stems(db: None) -> None:
    top = Category.objects.create(name="c", slug="c")
    make_product(top, sku="A-1", name="Nails", description="Goes with hammers.", base_price=1)
    make_product(top, sku="A-2", name="Hammer", description="Hammering hammer.", base_price=1)
    make_product(top, sku="A-3", name="Saw", base_price=1)
    assert skus(Product.objects.search("hammers")) == ["A-2", "A-1"]
    assert skus(Product.objects.search("hammer -nails")) == ["A-2"]
    assert skus(Product.objects.search('"goes with"')) == ["A-1"]
    assert skus(Product.objects.search("saw or nail").order_by("sku")) == ["A-1", "A-3"]
    assert skus(Product.objects.search("A-3")) == ["A-3"]
    assert skus(Product.objects.search("")) == []


def test_djangos_own_ordered_is_left_alone(db: None) -> None:
    assert Product.objects.order_by("name").ordered is True
    assert Product.objects.order_by().ordered is False


def test_stock_is_taken_only_where_there_is_some(sample: Sample) -> None:
    key = sample.other_product.pk
    assert services.product_stock_change(product_id=key, by=-10).inventory_count == 0
    with pytest.raises(ValidationError) as caught:
        services.product_stock_change(product_id=key, by=-1)
    assert caught.value.message_dict == {
        "inventory_count": ["Of Mallet there are only 0 in stock."]
    }
    assert services.product_stock_change(product_id=key, by=3).inventory_count == 3


def test_the_price_list_of_a_day(sample: Sample) -> None:
    days = [datetime(y, 1, 1, tzinfo=UTC).date() for y in (2025, 2026, 2027)]
    assert [price_list_on(day=day) for day in days] == [None, sample.price_list, None]


def test_attributes_are_found_by_their_index(sample: Sample) -> None:
    Product.objects.filter(sku="HAM-1").update(attributes={"colour": "red", "grams": 600})
    assert skus(Product.objects.filter(attributes__contains={"colour": "red"})) == ["HAM-1"]
    assert sample.product.base_price == Decimal("19.90")
