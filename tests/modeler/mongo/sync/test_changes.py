"""What happens to rows happens to documents: each a change in SQL, then the whole compared."""

from __future__ import annotations

from datetime import datetime

import pytest
from bson import Decimal128

# name: statements; all run before the worker does
CHANGES = {
    "nothing": "",
    "several events of one root in one batch": """
        UPDATE sale SET total = 1 WHERE id = 1; INSERT INTO line VALUES (13, 1, 'cap', 2, 1);
        UPDATE line SET pieces = 9 WHERE id = 10; DELETE FROM line WHERE id = 11;
        UPDATE sale SET total = 2 WHERE id = 1""",
    "a parent that no child matches any more": "DELETE FROM line WHERE sale_id = 1",
    "updates deep within, repeatedly": """
        UPDATE step SET word = 'a' WHERE id = 100; UPDATE step SET word = 'b' WHERE id = 100;
        INSERT INTO step VALUES (103, 11, 'late'); DELETE FROM step WHERE id = 101""",
    "a field set to NULL": "UPDATE sale SET buyer_id = NULL, facts = NULL WHERE id = 1",
    "a child moves to another parent": "UPDATE line SET sale_id = 2 WHERE id = 10",
    "a child of a child moves": "UPDATE step SET line_id = 12 WHERE id = 100",
    "a child's parent moves while the child changes": """
        BEGIN; UPDATE line SET sale_id = 2 WHERE id = 10;
        UPDATE step SET word = 'x' WHERE line_id = 10; COMMIT""",
    "children before their parent": """
        BEGIN; INSERT INTO line VALUES (20, 9, 'pen', 1, 1);
        INSERT INTO sale (id, code, total) VALUES (9, 'N', 1); COMMIT""",
    "a cascade": "DELETE FROM sale WHERE id = 1",
    "a key changes": "UPDATE sale SET id = 30 WHERE id = 2",
    "keys swap": """
        BEGIN; UPDATE seat SET number = 99 WHERE (hall, number) = (1, 1);
        UPDATE seat SET number = 1 WHERE (hall, number) = (1, 2);
        UPDATE seat SET number = 2 WHERE (hall, number) = (1, 99); COMMIT""",
    "a row of a composite key": """
        INSERT INTO seat VALUES (3, 3, 'x'); UPDATE seat SET guest = NULL WHERE hall = 2;
        DELETE FROM seat WHERE (hall, number) = (1, 2)""",
    "unique values swap": """
        BEGIN; UPDATE sale SET code = CASE code WHEN 'A' THEN 'B' ELSE 'A' END
        WHERE code IN ('A', 'B'); COMMIT""",
    "unique values move round": """
        BEGIN; UPDATE sale SET code = CASE code WHEN 'A' THEN 'B' WHEN 'B' THEN 'C' ELSE 'A' END;
        COMMIT""",
    "a unique value is given away and taken": """
        UPDATE buyer SET email = NULL WHERE id = 1;
        UPDATE buyer SET email = 'ada@x.example' WHERE id = 2""",
    "a unique value of a row that goes": """
        DELETE FROM sale WHERE id = 3; INSERT INTO sale (id, code, total) VALUES (40, 'C', 1)""",
    "a copied row changes": "UPDATE buyer SET name = 'Adele' WHERE id = 1",
    "a copied row's other columns change": "UPDATE buyer SET note = 'hello' WHERE id = 1",
    "a value of many": "UPDATE label SET word = 'brand new' WHERE id = 2",
    "a value goes": "DELETE FROM label WHERE id = 2",
    "an ancestor is called otherwise": "UPDATE area SET name = 'earth' WHERE id = 1",
    "a branch moves": "UPDATE area SET above_id = 1 WHERE id = 3",
    "the only row comes and goes": """
        INSERT INTO card VALUES (2, 5); DELETE FROM card WHERE buyer_id = 1""",
    "bulk": """
        INSERT INTO sale (id, code, buyer_id, total)
        SELECT n, 'bulk' || n, 1 + n % 3, n FROM generate_series(1000, 2499) n;
        INSERT INTO line SELECT n, 1000 + n % 1500, 's' || n, 1, 1
        FROM generate_series(5000, 9499) n;
        UPDATE sale SET total = total + 1; UPDATE buyer SET name = name || '!'""",
    "a root is truncated": "TRUNCATE sale CASCADE",
    "a child is truncated": "TRUNCATE step",
    "all goes and comes back": """
        CREATE TEMP TABLE kept AS SELECT * FROM seat; DELETE FROM seat;
        INSERT INTO seat SELECT * FROM kept""",
    "nothing of a rollback": "BEGIN; UPDATE sale SET total = 99; ROLLBACK",
    "a savepoint is rolled back": """
        BEGIN; UPDATE sale SET total = 98 WHERE id = 1; SAVEPOINT s;
        DELETE FROM sale WHERE id = 2; ROLLBACK TO s; COMMIT""",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_documents_follow(shop, change):
    if change:
        shop.sql(change)
    step = shop.worker.drain()
    assert not step.dead
    assert shop.queued() == []
    shop.assert_equal()


def test_the_documents_are_these(shop):
    assert shop.stored("sales")[1] == {
        "_id": 1,
        "code": "A",
        "buyer_id": 1,
        "total": Decimal128("12.50"),
        "made": datetime(2026, 1, 2, 3, 4, 5, 678000),
        "facts": {"a.b": 1},
        "lines": [
            {
                "id": 10, "sku": "pen", "pieces": 1, "price": Decimal128("2.50"),
                "steps": [{"id": 100, "word": "packed"}, {"id": 101, "word": "sent"}],
            },
            {"id": 11, "sku": "ink", "pieces": 4, "price": Decimal128("2.50"), "steps": []},
        ],
        "buyer": {"name": "Ada"},
        "labels": ["red", "new"],
        "line_count": 2,
        "pieces": 5,
    }  # fmt: skip
    assert shop.stored("buyers") == {
        1: {
            "_id": 1, "name": "Ada", "email": "ada@x.example", "area_id": 3, "note": None,
            "card": {"points": 10},
            "areas": [
                {"id": 1, "name": "world"}, {"id": 2, "name": "north"}, {"id": 3, "name": "coast"},
            ],
        },
        2: {
            "_id": 2, "name": "Ben", "email": None, "area_id": None, "note": None, "card": None,
            "areas": [],
        },
        3: {
            "_id": 3, "name": "Cy", "email": "cy@x.example", "area_id": 1, "note": None,
            "card": None, "areas": [{"id": 1, "name": "world"}],
        },
    }  # fmt: skip
    assert shop.stored("seats")[1, 2] == {"_id": {"hall": 1, "number": 2}, "guest": None}


def test_what_is_written_twice_is_the_same(shop):
    before = {name: list(shop.mongo[name].find().sort("_id", 1)) for name in shop.collections}
    shop.sql("UPDATE sale SET total = total, code = code || ''")
    assert shop.queued() == []  # nothing that documents hold has changed
    shop.sql("INSERT INTO modeler_sync_queue (watch, low) VALUES ('sales', true)")
    shop.worker.drain()
    shop.assert_equal()
    after = list(shop.mongo["sales"].find().sort("_id", 1))
    assert [one["_sync"]["h"] for one in after] == [one["_sync"]["h"] for one in before["sales"]]
    pairs = zip(after, before["sales"], strict=True)
    assert all(new["_sync"]["v"] > old["_sync"]["v"] for new, old in pairs)
