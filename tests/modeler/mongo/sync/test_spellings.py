"""Keys that PostgreSQL holds to be equal though their bytes differ: MongoDB tells them apart."""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Computed, Part, PartKind
from modeler.mongo.preflight.run import preflight, probes
from modeler.postgres.connections import connection_to
from tests.modeler.mongo.sync.domain import make_shop
from tests.modeler.mongo.sync.loose import make_citext

COLLATIONS = """
CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION no_accents (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
"""
# How a key's type is declared: three spellings that it takes for one, and one that it does not.
TYPES = {
    "citext": ("citext", ("abc", "ABC", "aBc"), "abd"),
    "no_case": ("text COLLATE no_case", ("straße", "STRAßE", "Straße"), "strasze"),
    "no_accents": ("varchar(9) COLLATE no_accents", ("resume", "Résumé", "résume"), "resumes"),
    "padded": ("char(9)", ("ab", "ab  ", "ab "), "a"),
}
TABLES = """
CREATE TABLE town (code {type} PRIMARY KEY, name text, mark {type}, size numeric,
    points integer DEFAULT 1,
    above {type} CONSTRAINT town_above REFERENCES town DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT town_points CHECK (points > 0));
CREATE TABLE street (id integer PRIMARY KEY, name text, town {type} CONSTRAINT street_town
    REFERENCES town ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
"""
A = PartKind
SHAPES = (
    Aggregate(
        "default:town", "towns",
        parts=(
            Part("streets", A.ARRAY, "default:street.street_town"),
            Part("first", A.ARRAY, "default:street.street_town", order=("id",), first=1),
            Part("path", A.PATH, "default:town.town_above", columns=("name",),
                 up="default:town.town_above"),
        ),
        computed=(Computed("street_count", "default:street.street_town"),),
    ),
    Aggregate(
        "default:street", "streets",
        parts=(Part("town_of", A.COPY, "default:street.street_town", columns=("name",)),),
    ),
)  # fmt: skip


def needs_icu(cursor) -> None:
    cursor.execute("SELECT count(*) FROM pg_collation WHERE collprovider = 'i'")
    if cursor.fetchone()[0] < 100:
        pytest.skip("this PostgreSQL was built without ICU, so without such collations")


@pytest.fixture(scope="module", params=TYPES)
def towns(request, fresh_database, mongo_client):
    """Towns under one spelling, referred to by others."""
    own = connection_to(fresh_database, "default")
    kind, (one, two, three), other = TYPES[request.param]
    with own.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        if "COLLATE" in kind:
            needs_icu(cursor)
            cursor.execute(COLLATIONS)
    if kind == "citext":
        make_citext(own)
    rows = f"""INSERT INTO town (code, name, mark, size, above) VALUES
        ('{one}', 'A', 'x', 1.0, NULL), ('{other}', 'B', 'y', 2, '{two}');
        INSERT INTO street VALUES (1, 'p', '{one}'), (2, 'q', '{two}'), (3, 'r', '{three}'),
        (4, 's', '{other}')"""
    name = fresh_database["NAME"]
    mongo_client.drop_database(name)
    made = make_shop(
        own, mongo_client, name, tables=TABLES.format(type=kind), rows=rows, shapes=SHAPES
    )
    yield made, (one, two, three, other)
    made.worker.close()
    own.close()
    mongo_client.drop_database(name)


def test_equal_keys_are_one_document_whatever_their_spelling(towns):
    shop, (one, two, three, other) = towns
    whole = shop.stored("towns")
    assert {key: one["street_count"] for key, one in whole.items()} == {one: 3, other: 1}
    assert [street["id"] for street in whole[one]["streets"]] == [1, 2, 3]
    assert [street["id"] for street in whole[one]["first"]] == [1]
    assert whole[other]["path"] == [{"name": "A"}]
    assert {key: one["town_of"] for key, one in shop.stored("streets").items()} == {
        1: {"name": "A"}, 2: {"name": "A"}, 3: {"name": "A"}, 4: {"name": "B"},
    }  # fmt: skip
    shop.assert_equal()

    # Children of any spelling change: one document follows, and no other comes to be.
    for number, spelling in enumerate((two, three, one)):
        shop.sql(f"UPDATE street SET name = 'n{number}', town = '{spelling}' WHERE id = 1")
        assert shop.worker.drain().dead == []
        assert set(shop.stored("towns")) == {one, other}
        shop.assert_equal()
    shop.sql("UPDATE town SET name = 'new'")
    assert shop.worker.drain().dead == []
    assert {one["town_of"]["name"] for one in shop.stored("streets").values()} == {"new"}
    shop.assert_equal()


def test_a_key_that_changes_its_spelling_moves_the_document(towns):
    shop, (one, two, three, other) = towns
    for before, after in ((one, two), (two, three), (three, one)):
        shop.sql(f"UPDATE town SET code = '{after}' WHERE code = '{before}'")
        assert shop.worker.drain().dead == []
        kept = after.rstrip()  # padding is no part of char(n)
        assert set(shop.stored("towns")) == {kept, other}
        shop.assert_equal()


def test_a_value_that_changes_its_spelling_is_written(towns):
    shop, (one, two, _, _) = towns
    shop.sql(f"UPDATE town SET mark = '{one}'")
    shop.worker.drain()
    shop.sql(f"UPDATE town SET mark = '{two}'", "UPDATE town SET size = '1.000' WHERE size = 1")
    shop.worker.drain()
    assert {one["mark"].rstrip() for one in shop.stored("towns").values()} == {two.rstrip()}
    assert {str(one["size"]) for one in shop.stored("towns").values()} == {"1.000", "2"}
    shop.assert_equal()


def test_a_document_of_another_spelling_is_extra_and_repaired(towns):
    shop, (one, two, _, _) = towns
    if one == two.rstrip():
        pytest.skip("padding is no part of char(n), so there is one spelling")
    shop.mongo.towns.insert_one({**shop.mongo.towns.find_one({"_id": one}), "_id": two})
    (extra,) = shop.verify("towns").differences
    assert (extra.fault, extra.key) == ("extra", (two,))
    shop.sql(f"INSERT INTO modeler_sync_queue (watch, key) VALUES ('towns', '{{{two}}}')")
    assert shop.worker.drain().deleted == 1
    shop.assert_equal()


def test_a_dead_letter_is_of_the_row_s_spelling_and_goes_with_it(towns):
    shop, (one, two, _, _) = towns
    shop.sql(
        "ALTER TABLE town DROP CONSTRAINT town_points",
        f"UPDATE town SET points = -1 WHERE code = '{one}'",
        "TRUNCATE modeler_sync_queue",
        f"UPDATE street SET name = 'bad', town = '{two}' WHERE id = 1",
    )
    (dead,) = [each for each in shop.worker.drain().dead if each[0] == "towns"]
    assert dead[1] == (one,)
    shop.sql(f"UPDATE town SET points = 1 WHERE code = '{one}'")
    assert shop.worker.drain().dead == []
    assert shop.rows("SELECT * FROM modeler_sync_dead") == []
    shop.assert_equal()


def test_the_preflight_names_references_that_are_spelt_otherwise(towns):
    shop, (one, two, three, _) = towns
    shop.sql(
        f"UPDATE street SET town = '{three}' WHERE id = 3",
        f"UPDATE street SET town = '{one}' WHERE id < 3",
    )
    found = preflight(shop.connection, probes(shop.schema, shop.specs))
    said = {one.subject: one for one in found if one.code == "MS514"}
    if one == two.rstrip():
        assert said == {}
        return
    street = said["default:street.street_town"]
    assert street.level == "warning"
    assert street.message == (
        "default:street.street_town: references that spell the key otherwise than its row, which "
        "MongoDB does not find ($lookup compares bytes): 1 row."
    )
    assert dict(street.evidence) == {"count": "1", "such as": "3"}
    assert street.hint == "Give them the spelling of the row that they refer to."
