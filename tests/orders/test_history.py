"""The audit trail: every birth, change and end, also by raw SQL, with who and why."""

from __future__ import annotations

import pghistory
import pytest
from django.apps import apps

from catalog.acting import acting
from catalog.models import Product
from tests.orders.installed import FRESH, copy_sql, execute, rows, triggers
from tests.orders.sample import Sample

TRACKED = {"Product", "Customer", "Order", "Payment"}
CHANGE = {
    "catalog_product": "name = 'other'",
    "orders_customer": "last_name = 'other'",
    "orders_order": "status = 'confirmed'",
    "orders_payment": "status = 'captured'",
}


def tracked_tables() -> list[str]:
    return [table for table, name, _ in triggers() if name == "update_update"]


def test_what_is_tracked(db: None) -> None:
    events = pghistory.core.event_models()
    assert {model.pgh_tracked_model.__name__ for model in events} == TRACKED
    assert set(tracked_tables()) == set(CHANGE)
    product = apps.get_model("catalog", "ProductEvent")
    assert "search_vector" not in {field.name for field in product._meta.fields}


@pytest.mark.parametrize("table", CHANGE)
def test_raw_sql_leaves_its_trace(sample: Sample, table: str) -> None:
    events = f"{table}event"
    execute(copy_sql(table, FRESH[table]))
    (key,) = rows(f"SELECT id FROM {table} ORDER BY created_at DESC LIMIT 1")[0]
    with acting(actor="ada", reason="because"):
        execute(f"UPDATE {table} SET {CHANGE[table]} WHERE id = '{key}'")
    labels = ["insert", "update"]
    if table != "orders_order":  # its log refuses DELETE
        execute(f"DELETE FROM {table} WHERE id = '{key}'")
        labels.append("delete")
    found = rows(
        "SELECT pgh_label, pgh_context ->> 'reason', pgh_created_at, updated_at"
        f" FROM {events} WHERE pgh_obj_id = '{key}' ORDER BY pgh_id"
    )
    assert [label for label, *_ in found] == labels
    assert [reason for _, reason, *_ in found][:2] == [None, "because"]
    assert all(dated == stamp for label, _, dated, stamp in found if label != "delete")


@pytest.mark.parametrize("table", CHANGE)
def test_a_change_of_nothing_leaves_none(sample: Sample, table: str) -> None:
    before = rows(f"SELECT count(*) FROM {table}event")
    execute(f"UPDATE {table} SET id = id")
    assert rows(f"SELECT count(*) FROM {table}event") == before


def test_many_in_one_statement(sample: Sample) -> None:
    before = rows("SELECT count(*) FROM catalog_productevent")[0][0]
    Product.objects.bulk_create(
        Product(sku=f"B{n}", name="B", category=sample.top, base_price=n) for n in range(50)
    )
    execute("UPDATE catalog_product SET base_price = base_price + 1 WHERE name = 'B'")
    assert rows(
        "SELECT pgh_label, count(*), sum(base_price) FROM catalog_productevent"
        " WHERE name = 'B' GROUP BY 1 ORDER BY 1"
    ) == [("insert", 50, 1225), ("update", 50, 1275)]
    assert rows("SELECT count(*) FROM catalog_productevent") == [(before + 100,)]
