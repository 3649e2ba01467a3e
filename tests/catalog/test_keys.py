"""Keys are version 7, in order, and say when they were made, on every server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from uuid import UUID

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from catalog.keys import uuid7, uuid7_at
from catalog.models import Tag

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


def moment_of(key: UUID) -> datetime:
    """Return what a key says, to a quarter of a microsecond, rounded down."""
    fraction = (key.int >> 64 & 0xFFF) * 1000 / 4096
    return EPOCH + timedelta(milliseconds=key.int >> 80, microseconds=fraction)


@given(MOMENTS)
def test_a_dated_key_says_its_moment(moment: datetime) -> None:
    key = uuid7_at(moment)
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert timedelta(0) <= moment - moment_of(key) <= timedelta(microseconds=1)


@given(MOMENTS, st.integers(1, 10**12))
def test_dated_keys_sort_as_their_moments(moment: datetime, microseconds: int) -> None:
    assert uuid7_at(moment) < uuid7_at(moment + timedelta(microseconds=microseconds))


def test_keys_of_one_process_are_in_order() -> None:
    keys = [uuid7() for _ in range(5000)]
    assert all(a < b for a, b in pairwise(keys))
    assert all(key.version == 7 for key in keys)
    assert abs(moment_of(keys[0]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_unsaved_rows_have_keys_that_differ() -> None:
    assert Tag() != Tag()
    assert Tag().pk.version == 7


def test_the_server_gives_keys_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_tag (name, slug) VALUES ('a', 'a'), ('b', 'b') RETURNING id"
        )
        keys = [row[0] for row in cursor.fetchall()]
    assert [key.version for key in keys] == [7, 7]
    assert keys[0] < keys[1]


def test_an_older_server_gets_the_same_function(db: None) -> None:
    migration = import_module("catalog.migrations.0001_clock_and_keys")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 180000")
        if cursor.fetchone()[0]:
            cursor.execute(
                migration.UUID_V7.replace("to_regprocedure('pg_catalog.uuidv7()')", "NULL")
            )
        # The key first, then the clock; both are made in one row.
        cursor.execute(
            "SELECT public.uuidv7(), clock_timestamp() FROM generate_series(1, 500)",
        )
        made = cursor.fetchall()
    keys = [key for key, _ in made]
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert len(set(keys)) == 500
    for key, moment in made:
        assert timedelta(0) <= moment - moment_of(key) < timedelta(seconds=1)
