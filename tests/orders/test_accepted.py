"""What is valid passes, up to the very edge."""

from __future__ import annotations

import pytest

from tests.orders.installed import execute, rows
from tests.orders.sample import Sample


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_category SET parent_id = NULL, slug = slug || '-x'",
        "UPDATE catalog_product SET base_price = 0, inventory_count = 0",
        "UPDATE catalog_product SET base_price = 9999999999.99",
        "INSERT INTO catalog_producttag (product_id, tag_id) VALUES ('{product}', '{other_tag}')",
        "INSERT INTO catalog_pricelist (name, valid) VALUES ('next', '[2027-01-01,)'),"
        " ('before', '(,2026-01-01)')",
        "UPDATE orders_customer SET email = 'o''neill+shop@mail.example.co.uk'"
        " WHERE id = '{customer}'",
        "UPDATE orders_customer SET phone = '+123456789012345'",
        "UPDATE orders_customer SET phone = ''",
        # The address is free for another once its owner is put away.
        "UPDATE orders_customer SET deleted_at = now() WHERE id = '{customer}';"
        " UPDATE orders_customer SET email = 'ADA@example.org' WHERE id = '{stranger}'",
        "UPDATE orders_address SET is_default = false, country_code = 'NZ'",
        "UPDATE orders_address SET is_default = true WHERE id = '{foreign_address}'",
        "UPDATE orders_order SET billing_address_id = '{shipping}'",
        # A customer's addresses and orders move to another, in any sequence.
        "SET CONSTRAINTS ALL DEFERRED; UPDATE orders_address SET customer_id = '{stranger}',"
        " is_default = false; UPDATE orders_order SET customer_id = '{stranger}'",
        "UPDATE orders_order SET tax_amount = 7.56, total_amount = total_amount + 7.56",
        "UPDATE orders_order SET status = 'confirmed'",
        "UPDATE orders_payment SET amount = 0.01, provider_reference = 'r-1', status = 'captured'",
        "INSERT INTO orders_payment (order_id, amount, provider_reference, idempotency_key)"
        " VALUES ('{order}', 1, '', 'second')",
    ],
)
def test_valid_data_passes(sample: Sample, sql: str) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(sql.format(**sample.keys()))
    execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_order_numbers_count_up_by_themselves(sample: Sample) -> None:
    assert sample.order.order_number < sample.other_order.order_number
    assert rows("SELECT bool_and(order_number ~ '^SO-[0-9]{9}$') FROM orders_order") == [(True,)]


def test_models_know_what_the_database_set(sample: Sample) -> None:
    for row in vars(sample).values():
        assert row.created_at == type(row).objects.get(pk=row.pk).created_at
