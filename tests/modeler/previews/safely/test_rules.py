"""What is decided without a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.errors import ConfigurationError
from modeler.previews.safely.duration import duration, milliseconds
from modeler.previews.safely.explained import duplicates
from modeler.previews.safely.obstacles import kinds_of
from modeler.previews.safely.patience import LONGEST_PAUSE, Patience
from modeler.previews.safely.statements import (
    changes_nothing,
    fits_transaction,
    may_run_again,
    read,
)
from modeler.previews.safely.twins import index_sql
from modeler.reporting.words import spoken


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("2s", 2), ("1.5 s", 1.5), ("10min", 600), ("1h", 3600), (" 24h ", 86400)],
)
def test_durations(text, seconds):
    assert duration(text, "--x") == seconds


@pytest.mark.parametrize("text", ["", "2", "0s", "0.1ms", "25h", "-1s", "2s; DROP", "s", "1d"])
def test_what_is_no_duration_names_the_option(text):
    with pytest.raises(ConfigurationError, match="--lock-timeout"):
        duration(text, "--lock-timeout")


@pytest.mark.parametrize(
    ("seconds", "said", "setting"),
    [
        (0.3, "300 ms", "300ms"),
        (0.0004, "0 ms", "1ms"),
        (2, "2.0 s", "2000ms"),
        (42, "42 s", "42000ms"),
        (600, "10 min", "600000ms"),
        (7200, "2.0 h", "7200000ms"),
    ],
)
def test_durations_are_said_and_set(seconds, said, setting):
    assert (spoken(seconds), milliseconds(seconds)) == (said, setting)


@given(
    st.floats(0.001, 86400),
    st.integers(1, 10_000),
    st.floats(0, 1, exclude_max=True),
)
def test_pauses_grow_to_a_minute_and_never_vanish(lock_timeout, attempt, drawn):
    patience = Patience(lock_timeout=lock_timeout)
    pause = patience.pause(attempt, lambda: drawn)
    whole = patience.pause(attempt, lambda: 0.0)
    assert whole / 2 <= pause <= whole <= LONGEST_PAUSE
    assert whole <= patience.pause(attempt + 1, lambda: 0.0)
    # Those who queued behind the attempt have as long as it made them wait.
    assert whole >= min(lock_timeout, LONGEST_PAUSE)


@pytest.mark.parametrize(
    ("sql", "nothing", "fits", "again"),
    [
        ("SELECT 1", True, True, False),
        ("SET search_path = a", True, True, False),
        ("UPDATE a SET b = 1", False, True, False),
        ("WITH x AS (DELETE FROM a RETURNING b) SELECT * FROM x", False, True, False),
        ("ALTER TABLE a ADD COLUMN b int", False, True, False),
        ("ALTER TABLE a ADD COLUMN b int; SET CONSTRAINTS c IMMEDIATE", False, True, False),
        ("CREATE INDEX a ON b (c)", False, True, True),
        ("CREATE INDEX CONCURRENTLY a ON b (c)", False, False, True),
        ("CREATE INDEX CONCURRENTLY ON b (c)", False, False, False),
        ("DROP INDEX CONCURRENTLY IF EXISTS a", False, False, True),
        ("DROP INDEX a", False, True, False),
        ("REINDEX TABLE CONCURRENTLY a", False, False, True),
        ("REINDEX DATABASE a", False, False, True),
        ("VACUUM a", False, False, True),
        ("CLUSTER", False, False, True),
        ("REFRESH MATERIALIZED VIEW a", False, True, True),
        ("ALTER TABLE a DETACH PARTITION b CONCURRENTLY", False, False, False),
        ("DO $$ BEGIN COMMIT; END $$", False, False, False),
        ("CALL a()", False, False, False),
        ("BEGIN; UPDATE a SET b = 1; COMMIT", False, False, False),
        ("CREATE DATABASE a", False, False, False),
        ("ALTER SYSTEM SET a = 1", False, False, False),
        ("what is this", False, False, False),
    ],
)
def test_what_may_be_done_with_a_statement(sql, nothing, fits, again):
    commands = read(sql)
    assert (changes_nothing(commands), fits_transaction(commands), may_run_again(commands)) == (
        nothing, fits, again,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "query"),
    [
        (
            'CREATE UNIQUE INDEX CONCURRENTLY "u" ON "p" ("name", "Born")',
            'SELECT name, "Born", count(*) FROM p WHERE name IS NOT NULL AND "Born" IS NOT NULL '
            'GROUP BY name, "Born" HAVING count(*) > 1 ORDER BY count(*) DESC',
        ),
        (
            "CREATE UNIQUE INDEX u ON s.p (lower(name)) NULLS NOT DISTINCT WHERE age > 3",
            "SELECT (lower(name)), count(*) FROM s.p WHERE (age > 3) "
            "GROUP BY (lower(name)) HAVING count(*) > 1 ORDER BY count(*) DESC",
        ),
        (
            "ALTER TABLE p ADD CONSTRAINT u UNIQUE (name)",
            "SELECT name, count(*) FROM p WHERE name IS NOT NULL "
            "GROUP BY name HAVING count(*) > 1 ORDER BY count(*) DESC",
        ),
        ("CREATE INDEX i ON p (name)", ""),
        ("ALTER TABLE p ADD CONSTRAINT u UNIQUE USING INDEX i", ""),
    ],
)
def test_the_query_that_counts_equal_rows(sql, query):
    (command,) = read(sql)
    assert duplicates(command) == query


def test_the_twin_of_an_index():
    (command,) = read(
        'CREATE UNIQUE INDEX CONCURRENTLY "u" ON "p" USING btree ("name" varchar_pattern_ops '
        'DESC, (upper("x"))) INCLUDE (z) NULLS NOT DISTINCT WHERE "a" > 0'
    )
    assert index_sql(command, "twin", "pg_temp.copy") == (
        "CREATE UNIQUE INDEX twin ON pg_temp.copy USING btree "
        '(name varchar_pattern_ops desc, (upper("x"))) INCLUDE (z) NULLS NOT DISTINCT '
        'WHERE "a" > 0'
    )


def test_obstacles_are_accepted_by_name():
    assert {kind.value for kind in kinds_of(["long-transaction", "disk-space"])} == {
        "long transaction",
        "disk space",
    }
    assert len(kinds_of(["all"])) > 10
    with pytest.raises(ConfigurationError, match="lock-holder"):
        kinds_of(["lock holder"])
