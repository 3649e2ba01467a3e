"""Raw SQL cannot date a row, nor count its versions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.orders.installed import FRESH, TABLES, copy_sql, execute, is_stamped, rows, triggers
from tests.orders.sample import Sample

FORGED = "timestamptz '2001-01-01'"


def stamped_tables() -> list[str]:
    return [table for table, name, _ in triggers() if name == "stamp"]


def test_every_table_but_the_histories_is_stamped(db: None) -> None:
    tables = {
        t for (t,) in rows(f"SELECT relname FROM pg_class c WHERE relkind = 'r' AND {TABLES}")
    }
    assert tables - set(stamped_tables()) == {
        "catalog_productevent",
        "orders_customerevent",
        "orders_orderevent",
        "orders_paymentevent",
    }


def test_a_forged_birth_is_corrected(sample: Sample) -> None:
    for table in stamped_tables():
        if table == "catalog_pricelist":  # two lists cannot hold at once
            execute("UPDATE catalog_pricelist SET valid = '[2000-01-01,2000-01-02)'")
            fresh = {"id": "uuidv7()", "valid": "daterange('[2001-01-01,2001-01-02)')"}
        elif table == "catalog_producttag":
            fresh = {"id": "uuidv7()", "tag_id": f"'{sample.other_tag.pk}'"}
        elif table == "orders_orderitem":
            fresh = {
                "id": "uuidv7()",
                "product_id": f"'{sample.other_product.pk}'",
                "unit_price": "0",
                "total_price": "0",
            }
        else:
            fresh = FRESH.get(table, {"id": "uuidv7()", "slug": "'fresh'"})
        execute(copy_sql(table, {**fresh, "created_at": FORGED, "updated_at": FORGED}))
        assert rows(
            f"SELECT bool_and(created_at > now() - interval '1 hour' AND updated_at >= created_at)"
            f" FROM {table}"
        ) == [(True,)], table


def test_every_update_moves_the_stamp_and_the_version(sample: Sample) -> None:
    for table in stamped_tables():
        if table == "orders_orderstatuschange":  # refuses every UPDATE
            continue
        versioned = is_stamped(table, "version")
        columns = "id, created_at, updated_at" + (", version" if versioned else "")
        before = {row[0]: row[1:] for row in rows(f"SELECT {columns} FROM {table}")}
        forged = f"created_at = {FORGED}, updated_at = {FORGED}"
        execute(f"UPDATE {table} SET {forged}" + (", version = 99" if versioned else ""))
        after = {row[0]: row[1:] for row in rows(f"SELECT {columns} FROM {table}")}
        assert before and before.keys() == after.keys()
        for key, (created_at, updated_at, *version) in before.items():
            now_created, now_updated, *now_version = after[key]
            assert now_created == created_at
            assert updated_at < now_updated <= datetime.now(UTC)
            assert now_version == [v + 1 for v in version]


@pytest.mark.parametrize("table", ["catalog_product", "orders_customer", "orders_order"])
def test_rows_that_people_edit_count_their_versions(db: None, table: str) -> None:
    assert is_stamped(table, "version")
