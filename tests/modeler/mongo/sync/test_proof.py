"""A proof over all rows: what would be refused is named, with whose rule it is and where."""

from __future__ import annotations

import pytest

from modeler.mongo.proof.processes import prove_collections
from modeler.mongo.proof.text import to_document, to_text


def prove(shop, workers: int = 1):
    settings = shop.connection.settings_dict
    found = prove_collections(settings, "default", shop.schema, shop.specs, workers=workers)
    return {one.collection: one for one in found}


def test_all_rows_hold(shop):
    found = prove(shop)
    assert {name: (one.documents, one.rejected) for name, one in found.items()} == {
        "buyers": (3, 0), "sales": (3, 0), "seats": (3, 0),
    }  # fmt: skip
    assert all(one.holds for one in found.values())
    assert to_text([found["seats"]]) == (
        "seats: 0 of 3 documents would be refused.\n"
        "  half have at most 52 bytes, 99 % at most 52 bytes, the largest has 52 bytes\n"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_refused_documents_are_named_by_rule(shop, workers):
    shop.sql(
        "BEGIN; ALTER TABLE line DROP CONSTRAINT line_pieces, DROP CONSTRAINT line_once; "
        "UPDATE line SET pieces = 0 WHERE id = 12; "
        "UPDATE line SET sku = 'pen', pieces = -1 WHERE sale_id = 1; COMMIT",
        "UPDATE sale SET made = 'infinity' WHERE id = 2",
    )
    try:
        sales = prove(shop, workers)["sales"]
    finally:
        shop.reset()
        shop.sql(
            "ALTER TABLE line ADD CONSTRAINT line_pieces CHECK (pieces > 0), "
            "ADD CONSTRAINT line_once UNIQUE (sale_id, sku)"
        )
    assert (sales.documents, sales.rejected, sales.holds) == (3, 2, False)
    rules = {rule: (one.held_by, one.count, one.samples) for rule, one in sales.rejections.items()}
    assert rules == {
        "line_pieces": ("database", 2, [("1",), ("3",)]),
        "line_once": ("database", 1, [("1",)]),
    }
    ((key, why),) = sales.unbuildable
    assert key == ("2",)
    assert why.startswith("PostgreSQL holds a value that Python or MongoDB cannot: ")
    text = to_text([sales])
    assert text.startswith(
        "sales: 2 of 3 documents would be refused.\n  line_pieces: 2, such as 1; 3"
    )
    assert "  1 row cannot become a document:\n    2: PostgreSQL holds" in text
    ((stored),) = to_document([sales])["collections"]
    assert (stored["rejected"], stored["unbuildable"], stored["holds"]) == (2, 1, False)
