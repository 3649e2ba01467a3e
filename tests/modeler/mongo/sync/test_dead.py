"""Rows that cannot become documents: nothing else stops, the reason is kept, mending is enough."""

from __future__ import annotations

import pytest

# name: what makes a row impossible, what the dead letter says, what mends it
BAD = {
    "a moment that Python does not have": (
        "UPDATE sale SET made = 'infinity' WHERE id = 1",
        "PostgreSQL holds a value that Python or MongoDB cannot",
        "UPDATE sale SET made = now() WHERE id = 1",
    ),
    "an integer beyond 64 bits in JSON": (
        """UPDATE sale SET facts = '{"n": 9223372036854775808}' WHERE id = 1""",
        "a value has no form in BSON: MongoDB can only handle up to 8-byte ints",
        "UPDATE sale SET facts = NULL WHERE id = 1",
    ),
    "a document of over sixteen MiB": (
        "UPDATE sale SET facts = to_jsonb(repeat('x', 17000000)) WHERE id = 1",
        "the document has 16.2 MiB and MongoDB takes 16",
        "UPDATE sale SET facts = '1' WHERE id = 1",
    ),
    "a value that the validator refuses": (
        """ALTER TABLE line DROP CONSTRAINT line_pieces;
        UPDATE line SET pieces = -1 WHERE id = 10""",
        "Document failed validation",
        "UPDATE line SET pieces = 1 WHERE id = 10",
    ),
}


@pytest.mark.parametrize(("bad", "said", "mended"), BAD.values(), ids=BAD)
def test_one_bad_row_is_kept_aside_with_its_reason(shop, bad, said, mended):
    before = shop.stored("sales")[1]
    shop.sql(bad, "UPDATE sale SET total = total + 1")
    step = shop.worker.drain()
    assert [(name, key) for name, key, _ in step.dead] == [("sales", ("1",))]
    ((collection, key, reason),) = shop.rows(
        "SELECT collection, key, reason FROM modeler_sync_dead"
    )
    assert (collection, key) == ("sales", ["1"]) and said in reason
    # The document stays what it was, all others are up to date, and the queue is empty.
    assert shop.stored("sales")[1] == before
    assert {one["total"].to_decimal() for one in shop.stored("sales").values()} > {1}
    assert shop.queued() == []
    (difference,) = shop.verify("sales").differences
    assert difference.key == ("1",)
    shop.sql(mended)
    assert not shop.worker.drain().dead
    assert shop.rows("SELECT * FROM modeler_sync_dead") == []
    shop.assert_equal()


def test_a_value_that_a_document_without_a_row_holds_is_taken_from_it(shop):
    # Nobody's row holds this value: somebody wrote the document by hand.
    stranger = {**shop.mongo["sales"].find_one({"_id": 2}), "_id": 77, "code": "new"}
    shop.mongo["sales"].insert_one(stranger)
    shop.sql("UPDATE sale SET code = 'new' WHERE id = 1")
    step = shop.worker.drain()
    # The holder has no row, so that it goes and the value is free.
    assert not step.dead
    shop.assert_equal()
