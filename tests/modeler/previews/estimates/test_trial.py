"""Statements measured on tables that stand in for live ones, with everything these have."""

from __future__ import annotations

from typing import Any

import pytest

from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.estimates.heavy import Heavy
from modeler.previews.estimates.size import Size
from modeler.previews.estimates.stand_in import StandIn
from modeler.previews.estimates.trial import Trial, alike, try_out
from modeler.previews.statement import Statement

SCHEMA = """
CREATE SCHEMA app;
CREATE TABLE owner (id bigint PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);
CREATE TABLE pet (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id bigint NOT NULL REFERENCES owner,
    kind text NOT NULL CHECK (kind IN ('cat', 'dog')), age int NOT NULL, price numeric(8, 2)
);
ALTER TABLE pet ADD CONSTRAINT old CHECK (age < 30) NOT VALID;
ALTER TABLE pet ADD CONSTRAINT other_owner FOREIGN KEY (age) REFERENCES pet NOT VALID;
CREATE TABLE app.place (id bigint PRIMARY KEY, pet_id bigint NOT NULL);
CREATE TABLE visit (id bigint NOT NULL, day date NOT NULL, note text) PARTITION BY RANGE (day);
CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM ('1999-01-01') TO ('1999-07-01');
CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM ('1999-07-01') TO ('2000-01-01');
CREATE TABLE log (id bigint NOT NULL);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
    IF TG_OP = 'UPDATE' THEN PERFORM pg_sleep(0.0001); END IF;
    INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE OF price ON pet FOR EACH ROW EXECUTE FUNCTION note();
CREATE TABLE odd (id bigint PRIMARY KEY, pair owner NOT NULL)
"""
CATALOG = """
SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid)
FROM pg_class c LEFT JOIN pg_constraint k ON k.conrelid = c.oid
WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
ORDER BY 1, 2
"""
ROWS = 4_000.0


@pytest.fixture
def clone(shadow):
    with shadow.clone("trial") as made:
        with made.connect().cursor() as cursor:
            cursor.execute(SCHEMA)
        yield made


def heavy(sql: str, *work: Work, sizes: dict[str, float] | None = None) -> Heavy:
    tables = dict.fromkeys(entry.relation for entry in work)
    rows = sizes or {}
    of = {name: Size(rows.get(name, ROWS), 100 * ROWS) for name in tables}
    whole = sum(of.values(), Size(0, 0))
    return Heavy(0, 0, Statement(sql, 0), work, {name: name for name in tables}, whole, of)


def tried(clone: Any, one: Heavy, changed: float | None = None) -> Trial:
    """Measure, and see that the tables are as they were."""
    connection = clone.connect()
    with connection.cursor() as cursor:
        cursor.execute(CATALOG)
        before = cursor.fetchall()
        found = try_out(connection, one, {}, changed)
        cursor.execute(CATALOG)
        assert cursor.fetchall() == before
        cursor.execute("SELECT count(*) FROM pet")
        assert cursor.fetchone() == (0,)
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
    return found


PET = Work("pet", WorkKind.SCAN)
CASES = [
    ("a check that no made-up value meets",
     heavy("ALTER TABLE pet ADD CONSTRAINT c CHECK (kind = 'cat')", PET)),
    ("a check that is validated",
     heavy("ALTER TABLE pet VALIDATE CONSTRAINT old", PET)),
    ("a key that is validated",
     heavy("ALTER TABLE pet VALIDATE CONSTRAINT other_owner", Work("pet", WorkKind.VALIDATION))),
    ("a key that is added, to a smaller table",
     heavy("ALTER TABLE app.place ADD FOREIGN KEY (pet_id) REFERENCES pet",
           Work("app.place", WorkKind.VALIDATION), Work("pet", WorkKind.VALIDATION),
           sizes={"pet": 400.0})),
    ("a type with a key upon it",
     heavy("ALTER TABLE pet ALTER owner_id TYPE int", Work("pet", WorkKind.REWRITE),
           Work("pet", WorkKind.VALIDATION), Work("owner", WorkKind.VALIDATION))),
    ("a constraint that is dropped beside",
     heavy("ALTER TABLE pet DROP CONSTRAINT pet_owner_id_fkey, ALTER age TYPE bigint",
           Work("pet", WorkKind.REWRITE))),
    ("a schema of its own",
     heavy("CREATE INDEX ON app.place (pet_id)", Work("app.place", WorkKind.INDEX_BUILD))),
    ("a unique index",
     heavy("CREATE UNIQUE INDEX ON pet (price)", Work("pet", WorkKind.INDEX_BUILD))),
    ("partitions as a whole",
     heavy("ALTER TABLE visit ALTER id TYPE int",
           Work("visit_1", WorkKind.REWRITE), Work("visit_2", WorkKind.REWRITE))),
]  # fmt: skip


@pytest.mark.parametrize("one", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_it_is_measured(clone, one):
    found = tried(clone, one)
    assert found.reason == ""
    small, large = found.calibration.samples
    rows = sum(size.rows for size in one.sizes.values())
    assert (large.size.rows, small.size.rows) == (rows, rows / 4)
    assert large.seconds > 0


def test_triggers_belong_to_the_time_of_what_fires_them(clone):
    work = Work("pet", WorkKind.ROWS)
    plain = tried(clone, heavy("UPDATE pet SET kind = 'x'", work)).calibration
    fires = tried(clone, heavy("UPDATE pet SET price = 1", work)).calibration
    assert plain.samples[-1].changed == fires.samples[-1].changed == ROWS
    asleep = ROWS * 0.0001
    assert fires.samples[-1].seconds >= asleep
    assert fires.samples[-1].seconds > plain.samples[-1].seconds


def test_concurrently_is_measured_without_it_and_says_so(clone):
    one = heavy("CREATE INDEX CONCURRENTLY made ON pet (age)", Work("pet", WorkKind.INDEX_BUILD))
    found = tried(clone, one)
    assert found.concurrently
    assert found.calibration.samples[-1].grown > 60_000  # bytes of the index


def test_as_many_rows_are_changed_as_the_planner_says(clone):
    work = Work("pet", WorkKind.ROWS)
    one = heavy("UPDATE pet SET price = 1 WHERE kind = 'cat'", work)
    assert tried(clone, one).calibration.samples[-1].changed == 0
    share = tried(clone, one, changed=ROWS / 4).calibration
    assert share.samples[-1].changed == pytest.approx(ROWS / 4, rel=0.2)
    assert alike(share, 0.25)
    assert not alike(share, 0.6)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (heavy("ALTER TABLE visit_1 ALTER note TYPE char", Work("visit_1", WorkKind.REWRITE)),
         "visit_1 is a partition of visit, and statements about one partition are not measured."),
        (heavy("ALTER TABLE odd ALTER id TYPE int", Work("odd", WorkKind.REWRITE)),
         "odd.pair is of type owner, for which no values can be made"),
        (heavy("ALTER TABLE pet ALTER none TYPE int", Work("pet", WorkKind.REWRITE)),
         'The statement cannot be measured: column "none" of relation "pet" does not exist'),
        (heavy("ALTER TABLE pet ADD UNIQUE (kind, missing)", Work("pet", WorkKind.INDEX_BUILD)),
         'The statement cannot be measured: column "missing"'),
        (heavy("UPDATE nowhere SET a = 1", Work("nowhere", WorkKind.ROWS)),
         'relation "nowhere" does not exist'),
    ],
)  # fmt: skip
def test_why_it_was_not_measured(clone, one, reason):
    found = tried(clone, one)
    assert found.calibration is None
    assert reason in found.reason


def test_referring_columns_meet_the_rows_of_a_smaller_table(clone):
    with clone.connect().cursor() as cursor:
        stand_in = StandIn(["owner", "pet"], {}, {"owner": 0.1}, {("pet", "owner_id"): "owner"})
        stand_in.prepare(cursor)
        stand_in.fill(cursor, 1_000)
        cursor.execute(
            "SELECT count(*), count(DISTINCT owner_id), count(o.id), (SELECT count(*) FROM owner)"
            " FROM pet LEFT JOIN owner o ON o.id = owner_id"
        )
        assert cursor.fetchone() == (1_000, 100, 1_000, 100)
        cursor.execute("SELECT count(*) FROM log")
        assert cursor.fetchone() == (0,)  # made-up rows fire no triggers
        stand_in.leave(cursor)
