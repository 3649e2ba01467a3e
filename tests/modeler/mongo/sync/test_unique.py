"""Unique values that change hands where a collection has several of them, one in an array."""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from tests.modeler.mongo.sync.domain import shop_in

SERIALS = """
CREATE TABLE crate (id integer PRIMARY KEY, code text UNIQUE, place integer NOT NULL,
    CONSTRAINT crate_place UNIQUE (place) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE bottle (id integer PRIMARY KEY, crate_id integer CONSTRAINT bottle_crate
    REFERENCES crate ON DELETE CASCADE, serial text NOT NULL UNIQUE);
"""


@pytest.fixture(scope="module")
def cellar(fresh_database, mongo_client):
    """Several unique indexes on one collection, one of them over an array."""
    shapes = [
        Aggregate(
            "default:crate",
            parts=(Part("bottles", PartKind.ARRAY, "default:bottle.bottle_crate"),),
        )
    ]
    rows = """INSERT INTO crate SELECT n, 'c' || n, n FROM generate_series(1, 9) n;
        INSERT INTO bottle SELECT n, 1 + n % 9, 's' || n FROM generate_series(1, 27) n"""
    how = {"tables": SERIALS, "rows": rows, "shapes": shapes}
    with shop_in(fresh_database, mongo_client, **how) as made:
        yield made


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE bottle SET crate_id = 1 + (crate_id % 9)",
        "UPDATE crate SET place = 10 - place",
        """BEGIN; UPDATE bottle SET crate_id = NULL WHERE crate_id = 3; UPDATE crate SET place =
        place % 9 + 1; UPDATE bottle SET crate_id = 4 WHERE crate_id IS NULL; COMMIT""",
        """BEGIN; DELETE FROM crate WHERE id = 5; INSERT INTO crate VALUES (50, 'c5', 55);
        INSERT INTO bottle SELECT n, 50, 's' || n FROM generate_series(200, 210) n; COMMIT""",
        """BEGIN; UPDATE crate SET code = NULL WHERE id < 5; UPDATE crate SET code = 'c' ||
        (id - 5) WHERE id > 5 AND id < 10; COMMIT""",
    ],
)
def test_values_change_hands_under_several_indexes(cellar, change):
    assert sum(index.unique for index in cellar.specs[0].indexes) >= 3
    cellar.sql(change)
    assert cellar.worker.drain().dead == []
    cellar.assert_equal()
