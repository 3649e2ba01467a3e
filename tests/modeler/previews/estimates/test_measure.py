"""Calibrations on the shadow: stand_in tables of every type, statements that leave nothing."""

from __future__ import annotations

import pytest

from modeler.errors import ServerError
from modeler.postgres.production.export import read_figures
from modeler.previews.effects.effect import WorkKind
from modeler.previews.estimates.duration import estimate_duration
from modeler.previews.estimates.measure import calibrate, size_here
from modeler.previews.estimates.size import Size, size_of
from modeler.previews.estimates.stand_in import StandIn
from modeler.previews.estimates.wal import estimate_wal

SCHEMA = """
CREATE TYPE mood AS ENUM ('calm', 'glad', 'sad');
CREATE DOMAIN sku AS varchar(20) CHECK (VALUE <> '');
CREATE TYPE pair AS (a int, b int);
CREATE TABLE owner (id uuid PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);
CREATE TABLE thing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id uuid NOT NULL REFERENCES owner,
    small smallint NOT NULL, code sku NOT NULL, word text NOT NULL, price numeric(10, 2) NOT NULL,
    ratio float8 NOT NULL, active boolean NOT NULL, made timestamptz NOT NULL, day date NOT NULL,
    span interval NOT NULL, data jsonb NOT NULL, raw bytea NOT NULL, mood mood NOT NULL,
    labels text[] NOT NULL, numbers int[] NOT NULL, address inet NOT NULL, at int4range NOT NULL,
    short char(3) NOT NULL, maybe text, odd pair,
    twice numeric GENERATED ALWAYS AS (price * 2) STORED,
    CHECK (price < 0)
);
CREATE INDEX thing_made ON thing (made);
CREATE INDEX thing_data ON thing USING gin (data)
"""


@pytest.fixture
def clone(shadow):
    with shadow.clone("stand_in") as made:
        with made.connect().cursor() as cursor:
            cursor.execute(SCHEMA)
        yield made


def test_a_stand_in_table_takes_every_usual_type_and_the_statement_finds_it(clone):
    connection = clone.connect()
    stand_in = StandIn(["owner", "thing"], {})
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
    found = calibrate(
        connection,
        "ALTER TABLE thing ALTER COLUMN small TYPE bigint",
        ["thing"],
        stand_in.fill,
        rows=(500, 4_000),
        repeats=1,
    )
    assert [sample.size.rows for sample in found.samples] == [500, 4_000]
    assert found.samples[1].seconds > 0
    assert found.samples[1].size.indexes == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT word), count(odd) FROM thing")
        assert cursor.fetchone() == (4_000, 4_000, 0)
        cursor.execute(
            "SELECT atttypid::regtype::text FROM pg_attribute"
            " WHERE attrelid = 'thing'::regclass AND attname = 'small'"
        )
        assert cursor.fetchone() == ("smallint",)


def test_foreign_keys_between_stand_in_tables_hold(clone):
    connection = clone.connect()
    stand_in = StandIn(["owner", "thing"], {})
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
    found = calibrate(
        connection,
        "ALTER TABLE thing ADD FOREIGN KEY (owner_id) REFERENCES owner",
        ["thing", "owner"],
        stand_in.fill,
        rows=(300, 600),
        repeats=2,
    )
    assert [sample.size.rows for sample in found.samples] == [600, 1_200]


def test_widths_and_nulls_are_those_of_the_live_table(clone):
    connection = clone.connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE live (id int PRIMARY KEY, word text, raw bytea, data jsonb)")
        cursor.execute(
            "INSERT INTO live SELECT n, CASE WHEN n % 4 > 0 THEN repeat(md5(n::text), 9) END,"
            " decode(repeat(md5(n::text), 5), 'hex'), jsonb_build_object('a', md5(n::text))"
            " FROM generate_series(1, 5000) n"
        )
        cursor.execute("VACUUM ANALYZE live")
        real = size_here(cursor, ["live"])
        figures = read_figures(connection)
        stand_in = StandIn(["live"], {"live": figures.of("", "live")})
        stand_in.prepare(cursor)
        stand_in.fill(cursor, 5000)
        cursor.execute("VACUUM ANALYZE live")
        copy = size_here(cursor, ["live"])
    assert copy.rows == real.rows == 5000
    assert copy.heap_bytes == pytest.approx(real.heap_bytes, rel=0.15)
    assert size_of(figures, figures.of("", "live")) == real


def test_a_type_without_values_is_said_where_it_may_not_be_null(clone):
    connection = clone.connect()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE thing ALTER odd SET NOT NULL")
        stand_in = StandIn(["thing"], {})
        stand_in.prepare(cursor)
        with pytest.raises(ServerError, match=r"thing\.odd is of type pair, for which no values"):
            stand_in.fill(cursor, 10)


def test_a_statement_that_fails_is_said(clone):
    connection = clone.connect()
    stand_in = StandIn(["owner"], {})
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
    with pytest.raises(ServerError, match='cannot be measured: column "none"'):
        calibrate(
            connection, "ALTER TABLE owner DROP COLUMN none", ["owner"], stand_in.fill, rows=(1, 2)
        )


def test_rows_that_were_written_and_rolled_back_leave_the_table_as_it_was(clone):
    connection = clone.connect()
    stand_in = StandIn(["owner"], {})
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
        found = calibrate(
            connection, "UPDATE owner SET name = name || '.'", ["owner"], stand_in.fill,
            rows=(1000, 4000), repeats=3,
        )  # fmt: skip
        cursor.execute("SELECT pg_relation_size('owner')")
        assert cursor.fetchone()[0] == found.samples[1].size.heap_bytes


@pytest.mark.parametrize(
    ("kind", "statement", "index"),
    [
        (WorkKind.REWRITE, "ALTER TABLE thing ALTER COLUMN small TYPE bigint", ""),
        (WorkKind.REWRITE, "ALTER TABLE owner ADD COLUMN a uuid DEFAULT gen_random_uuid()", ""),
        (WorkKind.INDEX_BUILD, "CREATE INDEX made ON thing (word)", "made"),
        (WorkKind.INDEX_BUILD, "CREATE INDEX made ON owner (name)", ""),
        (WorkKind.ROWS, "UPDATE thing SET word = 'x'", ""),
        (WorkKind.ROWS, "UPDATE owner SET name = name || '.'", ""),
        (WorkKind.SCAN, "ALTER TABLE thing ADD CHECK (small > 0)", ""),
        (WorkKind.VALIDATION, "ALTER TABLE thing ADD FOREIGN KEY (owner_id) REFERENCES owner", ""),
    ],
)
def test_wal_lies_within_its_interval(clone, kind, statement, index):
    table = "owner" if " owner " in statement and kind is not WorkKind.VALIDATION else "thing"
    connection = clone.connect()
    stand_in = StandIn(["owner", "thing"], {})
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
        stand_in.fill(cursor, 20_000)
        for name in ("owner", "thing"):
            cursor.execute(f"VACUUM ANALYZE {name}")
        live = size_here(cursor, [table])
        # The log is the whole cluster's: autovacuum's part can only be added, never taken away.
        written, index_bytes = min(
            (logged(cursor, statement, index) for _ in range(3)), key=lambda found: found[0]
        )
    found = estimate_wal(kind, live, index_bytes=index_bytes)
    assert written in found.bytes, (written, found.formula)


def logged(cursor, statement, index):
    """Bytes of log while ``statement`` ran, and of the index it built; it is undone after."""
    cursor.execute("BEGIN")
    cursor.execute("SELECT pg_current_wal_insert_lsn()")
    (before,) = cursor.fetchone()
    cursor.execute(statement)
    cursor.execute("SELECT (pg_current_wal_insert_lsn() - %s::pg_lsn)::float8", [before])
    (written,) = cursor.fetchone()
    index_bytes = None
    if index:
        cursor.execute("SELECT pg_relation_size(%s::regclass)::float8", [index])
        (index_bytes,) = cursor.fetchone()
    cursor.execute("ROLLBACK")
    return written, index_bytes


def test_an_estimate_holds_at_eight_times_the_size(clone):
    """The whole way on one operation; benchmarks/estimates.py does it on fifty."""
    connection = clone.connect()
    stand_in = StandIn(["owner", "thing"], {})
    statement = "ALTER TABLE thing ALTER COLUMN small TYPE bigint"
    with connection.cursor() as cursor:
        stand_in.prepare(cursor)
        found = calibrate(connection, statement, ["thing"], stand_in.fill, rows=(2_000, 8_000))
        truth = calibrate(
            connection, statement, ["thing"], stand_in.fill, rows=(32_000, 64_000), repeats=1
        ).samples[1]
    estimate = estimate_duration([WorkKind.REWRITE], found, truth.size)
    # Other processes disturb one short measurement, so twice the interval's bounds are allowed.
    assert estimate.seconds.lower / 2 <= truth.seconds <= estimate.seconds.upper * 2
    assert Size(0, 0) + truth.size == truth.size
