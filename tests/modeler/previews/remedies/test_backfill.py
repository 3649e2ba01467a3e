"""Filling in batches: stopped in the middle, run again, beside others who write."""

from __future__ import annotations

import time
from itertools import chain, repeat
from types import SimpleNamespace

import pytest
from django.db import OperationalError, migrations, models, transaction

from modeler.previews.child import migration_of
from modeler.previews.remedies.backfill import (
    AIM,
    FIRST,
    LEAST,
    LIMIT,
    MOST,
    function_name,
    function_source,
)
from modeler.previews.remedies.change import Fill
from tests.modeler.previews.hazards.rehearsed import Case
from tests.modeler.previews.remedies.test_forms import PET
from tests.modeler.previews.remedies.tried import tried

ROWS = 3 * FIRST + 10
TABLE = (
    "CREATE TABLE pets_pet (id bigint PRIMARY KEY, age integer);"
    f"INSERT INTO pets_pet SELECT n * 7, NULL FROM generate_series(1, {ROWS}) n"
)


class Killed(Exception):
    """The process ended here."""


def clock(*lengths: float):
    """Return a clock by which batches take so long, the last length for ever after."""
    moments = (
        moment for length in chain(lengths, repeat(lengths[-1])) for moment in (0.0, length)
    )
    return SimpleNamespace(monotonic=lambda: next(moments), sleep=lambda seconds: None)


def fill_of(value: str = "1", *lengths: float):
    fill = Fill('"pets_pet"', '"age"', '"id"', value)
    facts: dict = {
        "router": SimpleNamespace(allow_migrate=lambda *args, **kwargs: True),
        "time": clock(*(lengths or (AIM,))),
        "transaction": transaction,
        "OperationalError": OperationalError,
    }
    exec(function_source(fill, "pets", "pet"), facts)
    return facts[function_name(fill)]


def counted(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(age) FROM pets_pet")
        return cursor.fetchone()[0]


@pytest.fixture
def clone(shadow):
    with shadow.clone("fill") as found:
        yield found


@pytest.fixture
def connection(clone):
    with clone.registered() as found:
        with found.cursor() as cursor:
            cursor.execute(TABLE)
        yield found


def test_what_was_done_before_it_was_stopped_stays_done(connection):
    fill, updates = fill_of(), []

    def stopping(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            updates.append(params)
            if len(updates) == 3:
                raise Killed
        return execute(sql, params, many, context)

    editor = SimpleNamespace(connection=connection)
    with pytest.raises(Killed), connection.execute_wrapper(stopping):
        fill(None, editor)
    assert counted(connection) == 2 * FIRST
    updates = ["again"]
    # Its second batch is the third that is counted.
    with pytest.raises(Killed), connection.execute_wrapper(stopping):
        fill(None, editor)
    assert counted(connection) == 3 * FIRST
    fill(None, editor)
    assert counted(connection) == ROWS


def test_rows_that_have_a_value_keep_it(connection):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pets_pet SET age = 9 WHERE id % 2 = 0")
    fill_of()(None, SimpleNamespace(connection=connection))
    with connection.cursor() as cursor:
        cursor.execute("SELECT age, count(*) FROM pets_pet GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [(1, ROWS - ROWS // 2), (9, ROWS // 2)]


def test_no_batch_locks_rows_of_another(clone, connection):
    """Each batch is a transaction of its own: after it, its rows are free."""
    other = clone.connect()
    free = "SELECT id FROM pets_pet FOR UPDATE SKIP LOCKED"
    held = []

    def looking(execute, sql, params, many, context):
        if sql.startswith('SELECT "id"'):
            with other.cursor() as cursor:
                cursor.execute(free)
                held.append(ROWS - len(cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(looking):
        fill_of("2")(None, SimpleNamespace(connection=connection))
    assert held == [0] * 5


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        ((AIM,), [FIRST, FIRST]),
        ((AIM * 2, AIM), [FIRST, FIRST // 2, FIRST // 2]),
        ((AIM / 9, AIM), [FIRST, FIRST * 2]),
        ((AIM * 900, AIM), [FIRST, LEAST, LEAST]),
    ],
    ids=["as long as it should", "too long", "short", "much too long"],
)
def test_batches_follow_the_time_that_they_take(connection, lengths, sizes):
    asked = []

    def looking(execute, sql, params, many, context):
        if sql.startswith('SELECT "id"'):
            asked.append(params[-1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(looking):
        fill_of("2", *lengths)(None, SimpleNamespace(connection=connection))
    assert asked[: len(sizes)] == sizes
    assert LEAST <= min(asked) <= max(asked) <= MOST
    assert counted(connection) == ROWS


def test_a_batch_that_waits_for_somebody_lets_go_of_its_own_rows(clone, connection):
    """It is given up after LIMIT, tried with fewer rows, and goes on when the other is gone."""
    other = clone.connect()
    tried_with, left = [], iter(range(6))

    def looking(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            tried_with.append((params[1] - params[0]) // 7 + 1)
            if next(left, None) is None:
                other.rollback()
        return execute(sql, params, many, context)

    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pets_pet WHERE id = 7 * 3 FOR UPDATE")
    began = time.monotonic()
    with connection.execute_wrapper(looking):
        fill_of("2")(None, SimpleNamespace(connection=connection))
    # 500 rows, 125, 31, 7, 1: the first two rows are free, and the third is not.
    assert tried_with[:6] == [FIRST, FIRST // 4, FIRST // 16, FIRST // 64, 1, LEAST]
    assert time.monotonic() - began < 20 * LIMIT / 1000
    assert counted(connection) == ROWS


@pytest.mark.parametrize("value", ["'10 %'", "'it''s {}'", "'\"'"])
def test_values_of_any_text(shadow, value):
    with shadow.clone("fill") as clone, clone.registered() as connection:
        with connection.cursor() as cursor:
            cursor.execute(TABLE.replace("age integer", "age text"))
        fill_of(value)(None, SimpleNamespace(connection=connection))
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT age FROM pets_pet")
            assert cursor.fetchall() == [(value[1:-1].replace("''", "'"),)]


def test_the_file_fills_what_is_written_between_its_batches_and_its_guard(shadow):
    """A row that comes in without a value after the first pass is found by the second."""
    operation = migrations.AlterField("pet", "age", models.IntegerField(default=1))
    source = tried(shadow, Case("", [operation], [PET]), proves=False).proposal.files[1].source
    migration = migration_of("pets", "0002_2_pet_age_fill", source)
    with shadow.clone("fill") as clone, clone.registered("default") as connection:
        with connection.cursor() as cursor:
            cursor.execute(TABLE)

        def late(execute, sql, params, many, context):
            if sql.startswith("ALTER TABLE"):
                execute("INSERT INTO pets_pet VALUES (1, NULL)", None, many, context)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(late):
            for operation in migration.operations:
                with connection.schema_editor(atomic=False) as editor:
                    operation.database_forwards("pets", editor, _State(), _State())
        assert counted(connection) == ROWS + 1


class _State:
    apps = None

    def clear_delayed_apps_cache(self):
        pass
