"""Measuring on a real PostgreSQL: exact numbers of known rows, samples, bounded time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.db import connection, transaction

from modeler.mongo.design.design import design
from modeler.mongo.design.measures import from_json, to_json
from modeler.mongo.design.measuring import measure
from modeler.schema.index import Index, IndexPart
from modeler.schema.schema import Schema

from .schemas import made, orders, refers, schema, table

pytestmark = pytest.mark.django_db

# 100 orders, one a day; the n-th has n % 10 items, the last of them two days late; 10 products.
ROWS = """
CREATE TABLE product (id bigint PRIMARY KEY, name varchar(40), sku varchar(40),
                      created_at timestamptz);
CREATE TABLE "order" (id bigint PRIMARY KEY, created_at timestamptz);
CREATE TABLE orderitem (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        order_id bigint, product_id bigint, created_at timestamptz);
CREATE INDEX ON orderitem (order_id);
INSERT INTO product SELECT n, 'name', 'sku', '2025-01-01' FROM generate_series(1, 10) n;
INSERT INTO "order" SELECT n, timestamptz '2025-01-01 UTC' + n * interval '1 day'
  FROM generate_series(1, 100) n;
INSERT INTO orderitem (order_id, product_id, created_at)
  SELECT o.id, nullif(i % 10, 0), o.created_at + (i = o.id % 10)::int * interval '2 days'
  FROM "order" o, generate_series(1, o.id::int % 10) i;
ANALYZE product, "order", orderitem;
"""


@pytest.fixture
def shop() -> Schema:
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
    plain = orders()
    order = plain.table("a.Order")
    item = plain.table("a.OrderItem")
    index = Index("by_order", (IndexPart("order_id"),))
    item = replace(item, columns=(*item.columns, made()), indexes=(index,))
    return schema(plain.table("a.Product"), order, item)


def test_known_rows(shop):
    found = measure(connection, shop)
    relations, tables = found.by_relation(), found.by_table()
    items = relations["a.OrderItem.order"]
    assert items == replace(
        items, mean=5.0, p50=5.0, p95=9.0, p99=9.0, maximum=9.0, parents=90.0, homeless=0.0,
        sampled=False, notes=(),
    )  # fmt: skip
    assert items.childless == pytest.approx(0.1)
    assert items.late == pytest.approx(90 / 450)
    assert relations["a.OrderItem.product"].homeless == pytest.approx(0.0)
    assert relations["a.OrderItem.product"].maximum == 90.0
    assert tables["a.Order"].rows == 100.0
    assert tables["a.Order"].created == "created_at"
    assert sum(rows for _, rows in tables["a.Order"].months) == 100
    assert tables["a.Order"].row_mean == pytest.approx(24 + 16, abs=1)
    assert found.notes == ()
    assert from_json(to_json(found)) == found


def test_a_sample_of_parents_says_about_the_same(shop):
    found = measure(connection, shop, sampled_above=50).by_relation()
    items = found["a.OrderItem.order"]
    assert (items.p50, items.p95, items.maximum) == (5.0, 9.0, 9.0)
    assert items.sampled
    assert items.notes == ("of a sample of 100 parents",)
    # No index leads from a product to its items, so that ANALYZE has to do.
    products = found["a.OrderItem.product"]
    assert products.p95 == products.p50 == pytest.approx(50)
    assert products.maximum == pytest.approx(90)
    assert products.notes == ("no index leads to the children: the mean stands for percentiles",)


def test_time_that_is_over_is_said(shop):
    started = time.monotonic()
    found = measure(connection, shop, seconds=0)
    assert time.monotonic() - started < 2
    assert found.by_relation()["a.OrderItem.order"].p50 is None
    assert found.by_relation()["a.OrderItem.order"].notes == ("the time for measuring was over",)
    assert "the time for measuring was over" in found.notes[0]
    assert design(shop, found).decisions[0].measured is False


def test_what_fails_is_named_and_costs_no_other_its_answer(shop):
    far = table("Product")
    wrong = refers(table("OrderItem"), "gone", far)
    both = replace(
        shop.table("a.OrderItem"),
        columns=(*shop.table("a.OrderItem").columns, *wrong.columns[1:]),
        relations=(*shop.table("a.OrderItem").relations, *wrong.relations),
    )
    found = measure(
        connection, schema(shop.table("a.Order"), shop.table("a.Product"), both)
    ).by_relation()
    assert found["a.OrderItem.order"].p95 == 9.0
    assert found["a.OrderItem.gone"].p95 is None
    assert 'column "gone_id" does not exist' in found["a.OrderItem.gone"].notes[0]


def test_tables_that_are_not_there_are_named(shop):
    with_more = schema(*shop.tables, table("Nowhere"))
    assert measure(connection, with_more).notes == ("not in the database: a.Nowhere",)


def test_nothing_is_written_and_no_setting_stays(shop):
    with transaction.atomic():
        measure(connection, shop)
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("off",)


def test_a_measured_shop_is_designed(shop):
    (first,) = (
        one for one in design(shop, measure(connection, shop)).decisions
        if one.relation == "a.OrderItem.order"
    )  # fmt: skip
    assert (first.verdict, first.measured) == ("embed array", True)
    assert first.sizes is not None
    assert first.sizes.p50 < first.sizes.p99 <= first.sizes.maximum
