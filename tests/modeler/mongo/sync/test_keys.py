"""Keys of every type: queued, locked, swept and found again under any session's settings."""

from __future__ import annotations

import itertools

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from tests.modeler.mongo.sync.domain import shop_in

# name: type of the key, three values as SQL
KEYS = {
    "texts": (
        "text",
        (r"""'it''s "quoted" \ {a,b} % $x'""", "''", "E'\\u00fc\\U0001F600 \\x1f NULL'"),
    ),
    "names": ("varchar(30)", ("'NULL'", "' '", "'a.b/c?'")),
    "codes": ("char(3)", ("'ab'", "'abc'", "'abd'")),
    "bits": ("bit(4)", ("B'1010'", "B'1011'", "B'0000'")),
    "moments": (
        "timestamptz",
        (
            "'2026-01-02 03:04:05.678901+00'",
            "'2026-07-02 03:04:05+02'",
            "'1969-12-31 23:59:59.123456+00'",
        ),
    ),
    "plain_moments": (
        "timestamp",
        ("'2026-01-02 03:04:05.678901'", "'2026-10-25 02:30:00'", "'1900-01-01'"),
    ),
    "days": ("date", ("'2026-01-02'", "'2026-12-31'", "'1900-03-04'")),
    "amounts": ("numeric(10,2)", ("1", "1.50", "-0.01")),
    "numbers": ("numeric", ("1", "-2", "100000000000000000000")),
    "floats": ("double precision", ("0.1", "1e300", "-2")),
    "marks": (
        "uuid",
        tuple(f"'00000000-0000-4000-8000-{n:012}'" for n in (1, 2, 3)),
    ),
    "bytes": ("bytea", (r"'\x00ff'", r"'\x'", r"'\x5c22'")),
    "flags": ("boolean", ("true", "false")),
    # In another order than that of their texts; a name that has to be quoted.
    "sizes": ('"Size"', ("'small'", "'big ''un'", "'huge'")),
    "domain_moments": (
        "moment",
        (
            "'2026-01-02 03:04:05.678901+00'",
            "'2026-07-02 03:04:05+02'",
            "'1969-12-31 23:59:59+00'",
        ),
    ),
    "domain_amounts": ("amount", ("1", "1.50", "-0.01")),
    "domain_bytes": ("octets", (r"'\x00ff'", r"'\x'", r"'\x5c22'")),
    "addresses": ("inet", ("'10.0.0.1'", "'10.0.0.0/8'", "'::1'")),
}


def tables() -> str:
    made = [
        """CREATE TYPE "Size" AS ENUM ('small', 'big ''un', 'huge')""",
        "CREATE DOMAIN moment AS timestamptz; CREATE DOMAIN octets AS bytea",
        "CREATE DOMAIN money_in AS numeric(10,2); CREATE DOMAIN amount AS money_in",
    ]
    for name, (kind, _) in KEYS.items():
        made.append(
            f"CREATE TABLE {name} (k {kind} PRIMARY KEY, word text NOT NULL);"
            f"CREATE TABLE {name}_part (id integer PRIMARY KEY, of {kind} CONSTRAINT {name}_of "
            f"REFERENCES {name} ON DELETE CASCADE ON UPDATE CASCADE, word text)"
        )
    return ";".join(made)


def rows() -> str:
    made = []
    for name, (_, values) in KEYS.items():
        for number, value in enumerate(values):
            made.append(
                f"INSERT INTO {name} VALUES ({value}, 'w{number}');"
                f"INSERT INTO {name}_part VALUES ({number}, {value}, 'p'), "
                f"({number + 10}, NULL, 'of nobody')"
            )
    return ";".join(made)


SHAPES = tuple(
    Aggregate(
        f"default:{name}",
        parts=(Part("parts", PartKind.ARRAY, f"default:{name}_part.{name}_of"),),
    )
    for name in KEYS
)


@pytest.fixture(scope="module")
def keyed(fresh_database, mongo_client):
    with shop_in(
        fresh_database, mongo_client, tables=tables(), rows=rows(), shapes=SHAPES
    ) as made:
        yield made


SESSIONS = (
    "SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'German'; SET bytea_output = 'escape'; "
    "SET extra_float_digits = -5; SET IntervalStyle = 'iso_8601'",
    "SET TimeZone = 'America/St_Johns'; SET DateStyle = 'SQL, DMY'",
    "RESET ALL; SET TimeZone = 'UTC'",
)
NUMBERS = itertools.count()


@pytest.mark.parametrize("name", KEYS)
def test_documents_follow_under_any_session_s_settings(keyed, name):
    for settings in SESSIONS:
        word = f"x{next(NUMBERS)}"
        keyed.sql(
            settings,
            f"UPDATE {name} SET word = '{word}'",
            f"UPDATE {name}_part SET word = '{word}' WHERE of IS NOT NULL",
            "RESET ALL",
        )
        # One spelling, so that two workers lock the same.
        roots = {tuple(key) for watch, key in keyed.queued()}
        assert len(roots) == len(KEYS[name][1])
        step = keyed.worker.drain()
        assert (step.dead, keyed.queued()) == ([], [])
        assert keyed.stored(name) == keyed.expected(name)
        assert keyed.verify(name).equal


@pytest.mark.parametrize("name", KEYS)
def test_a_sweep_takes_what_has_no_row_and_nothing_else(keyed, name):
    _, values = KEYS[name]
    keyed.sql(
        "BEGIN; "
        f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name} WHERE k <> {values[0]}; "
        f"TRUNCATE {name} CASCADE; INSERT INTO {name} SELECT * FROM kept_{name}; COMMIT"
    )
    step = keyed.worker.drain()
    assert (step.dead, step.deleted) == ([], 1)
    assert len(keyed.stored(name)) == len(values) - 1
    assert keyed.stored(name) == keyed.expected(name)
    assert keyed.verify(name).equal
    keyed.sql(f"INSERT INTO {name} VALUES ({values[0]}, 'back')")
    keyed.worker.drain()
    assert keyed.verify(name).equal


@pytest.mark.parametrize("name", KEYS)
def test_documents_of_others_are_told_and_left_alone(keyed, name):
    strangers = [
        {"_id": {"x": 1}}, {"_id": 2**62}, {"_id": 7.5},
        {"_id": "no such\0key"},
    ]  # fmt: skip
    keyed.mongo.get_collection(name).insert_many(strangers, bypass_document_validation=True)
    keyed.sql(f"INSERT INTO modeler_sync_queue (watch, low) VALUES ('{name}', true)")
    try:
        step = keyed.worker.drain()
        assert (step.dead, keyed.queued()) == ([], [])
        left = keyed.mongo[name].count_documents({"_sync": {"$exists": False}})
        verification = keyed.verify(name)
        assert {one.fault for one in verification.differences} <= {"extra"}
        assert len(verification.differences) == left > 1
    finally:
        keyed.mongo[name].delete_many({"_sync": {"$exists": False}})
    assert keyed.verify(name).equal
