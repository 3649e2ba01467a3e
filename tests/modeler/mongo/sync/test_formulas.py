"""Fields that PostgreSQL computes: documents carry the new value when a column changes."""

from __future__ import annotations

import pytest
from pymongo.errors import DuplicateKeyError, WriteError

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.sync.verify import Depth
from tests.modeler.mongo.sync.domain import shop_in

TABLES = """
CREATE TABLE member (id integer PRIMARY KEY, email varchar(80), name text NOT NULL,
    status varchar(10) NOT NULL, a integer NOT NULL, b integer NOT NULL, facts jsonb,
    remark text);
CREATE UNIQUE INDEX member_email ON member (lower(email));
CREATE UNIQUE INDEX member_name ON member (name) WHERE NOT (status = 'gone');
CREATE UNIQUE INDEX member_sku ON member ((facts ->> 'sku'));
CREATE INDEX member_share ON member ((a * 100 / b)) WHERE b <> 0;
CREATE INDEX member_odd ON member (name) WHERE a % 2 = 1 AND lower(name) LIKE 'b%';
CREATE TABLE pass (member_id integer PRIMARY KEY CONSTRAINT pass_member REFERENCES member
    ON DELETE CASCADE, code text NOT NULL);
CREATE UNIQUE INDEX pass_code ON pass (upper(code));
CREATE TABLE pet (id integer PRIMARY KEY, member_id integer NOT NULL CONSTRAINT pet_member
    REFERENCES member ON DELETE CASCADE, name text NOT NULL, chip text NOT NULL);
CREATE UNIQUE INDEX pet_name ON pet (member_id, lower(name));
CREATE UNIQUE INDEX pet_chip ON pet (lower(chip));
"""
ROWS = """
INSERT INTO member VALUES (1, 'Ada@x.example', 'Ada', 'in', 1, 2, '{"sku": 7}'),
    (2, 'ben@x.example', 'Ben', 'gone', 1, 0, NULL), (3, NULL, 'Ben', 'in', 3, 4, '{}'),
    (4, NULL, 'Ben', 'gone', 3, 4, '[1]');
INSERT INTO pass VALUES (1, 'a-1'), (3, 'c-3');
INSERT INTO pet VALUES (10, 1, 'Rex', 'X1'), (11, 1, 'Élan', 'x2'), (12, 2, 'Rex', 'X3');
"""
SHAPES = (
    Aggregate(
        "default:member",
        "members",
        parts=(
            Part("pass", PartKind.ONE, "default:pass.pass_member"),
            Part("pets", PartKind.ARRAY, "default:pet.pet_member"),
        ),
    ),
)


@pytest.fixture(scope="module")
def module_club(fresh_database, mongo_client):
    with shop_in(fresh_database, mongo_client, tables=TABLES, rows=ROWS, shapes=SHAPES) as made:
        yield made


@pytest.fixture
def club(module_club):
    module_club.sql(f"BEGIN; TRUNCATE member CASCADE; {ROWS} COMMIT")
    module_club.worker.drain()
    return module_club


def test_documents_hold_what_postgresql_computes(club):
    club.assert_equal()
    stored = club.stored("members")
    shown = {
        number: (
            one["lower__email"], one["status__is_not__gone"], one["facts__sku"],
            *(value for name, value in one.items() if name.startswith("a__times")),
            one["pass"] and one["pass"]["upper__code"],
            [(pet["lower__name"], pet["lower__chip"]) for pet in one["pets"]],
        )
        for number, one in stored.items()
    }  # fmt: skip
    assert shown == {
        1: ("ada@x.example", True, "7", 50, "A-1", [("rex", "x1"), ("élan", "x2")]),
        2: ("ben@x.example", False, None, None, None, [("rex", "x3")]),
        3: (None, True, None, 75, "C-3", []),
        4: (None, False, None, 75, None, []),
    }


@pytest.mark.parametrize(
    ("change", "number", "path", "value"),
    [
        ("UPDATE member SET email = 'NEW@X.example' WHERE id = 1", 1, "lower__email",
         "new@x.example"),
        ("UPDATE member SET email = NULL WHERE id = 1", 1, "lower__email", None),
        ("UPDATE member SET status = 'gone' WHERE id = 3", 3, "status__is_not__gone", False),
        ("UPDATE member SET facts = '{\"sku\": \"new\"}' WHERE id = 3", 3, "facts__sku", "new"),
        ("UPDATE pass SET code = 'zz' WHERE member_id = 1", 1, "pass.upper__code", "ZZ"),
        ("UPDATE pet SET name = 'ÄÖ' WHERE id = 10", 1, "pets.0.lower__name", "äö"),
        ("INSERT INTO pet VALUES (9, 1, 'ZOE', 'N')", 1, "pets.0.lower__name", "zoe"),
    ],
)  # fmt: skip
def test_a_change_of_a_column_is_a_change_of_what_is_made_of_it(club, change, number, path, value):
    club.sql(change)
    assert club.worker.drain().dead == []
    found = club.stored("members")[number]
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    assert found == value
    club.assert_equal()


def test_computed_values_change_hands(club):
    club.sql("""BEGIN; UPDATE member SET email = NULL WHERE id = 1;
        UPDATE member SET email = 'ADA@X.EXAMPLE' WHERE id = 2;
        UPDATE member SET email = 'BEN@x.example' WHERE id = 1; COMMIT""")
    assert club.worker.drain().dead == []
    stored = club.stored("members")
    assert [stored[n]["lower__email"] for n in (1, 2)] == ["ben@x.example", "ada@x.example"]
    club.assert_equal()


def test_what_postgresql_refuses_is_refused_in_documents(club):
    """The rule of each index, broken by a document that nothing else is wrong with."""
    ada = club.mongo["members"].find_one({"_id": 1})
    new = {**ada, "_id": 9, "pass": None, "pets": [], "name": "Zoe", "facts__sku": None,
           "lower__email": None}  # fmt: skip
    for changes in (
        {"lower__email": "ada@x.example"},
        {"name": "Ben"},
        {"facts__sku": "7"},
        {"pass": {"code": "A-1", "upper__code": "A-1"}},
        {"pets": [{"id": 1, "name": "q", "chip": "X3", "lower__name": "q", "lower__chip": "x3"}]},
    ):
        with pytest.raises(DuplicateKeyError):
            club.mongo["members"].insert_one(new | changes)
    rex = {"id": 1, "name": "Rex", "chip": "n1", "lower__name": "rex", "lower__chip": "n1"}
    twice = [rex, {**rex, "id": 2, "name": "REX", "chip": "n2", "lower__chip": "n2"}]
    with pytest.raises(WriteError, match="failed validation"):
        club.mongo["members"].insert_one(new | {"pets": twice})
    club.mongo["members"].insert_one(new | {"pets": [rex]})
    club.mongo["members"].insert_one(new | {"_id": 8, "name": "Ben", "status": "gone",
                                            "status__is_not__gone": False})  # fmt: skip
    club.mongo["members"].delete_many({"_id": {"$in": [8, 9]}})


def test_a_wrong_value_is_found_and_mended(club):
    club.mongo["members"].update_one({"_id": 1}, {"$set": {"lower__email": "other@x.example"}})
    found = club.verify("members", Depth.CONTENTS)
    assert [one.key for one in found.differences] == [("1",)]
    club.sql("UPDATE member SET remark = 'seen' WHERE id = 1")
    club.worker.drain()
    club.assert_equal()
