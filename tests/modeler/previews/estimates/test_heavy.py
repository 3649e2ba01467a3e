"""Which statements are heavy, what they cost, and how long locks are held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from modeler.postgres.locks import LockMode
from modeler.postgres.production.figures import Figures, TableFigures, Traffic
from modeler.postgres.production.traffic import TrafficSample
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.estimates.calibration import Calibration, Sample
from modeler.previews.estimates.costs import estimate_of
from modeler.previews.estimates.estimate import Estimate, Estimated
from modeler.previews.estimates.heavy import heavy_statements
from modeler.previews.estimates.interval import Interval
from modeler.previews.estimates.production import Production, of_figures
from modeler.previews.estimates.queue import rates_since
from modeler.previews.estimates.size import Size
from modeler.previews.estimates.trial import Trial
from modeler.previews.estimates.waits import held_of, queue_of, waiting_holds
from modeler.previews.preview import MigrationPreview, OperationPreview, Preview
from modeler.previews.statement import Statement
from modeler.previews.trace.trace import Trace

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MILLION = 1_000_000.0
ALONE, SHARE = LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE


def figures(name: str, rows: float | None, bytes_: int = 10**8, kind: str = "r") -> TableFigures:
    traffic = Traffic(index_scans=864_000, inserted=86_400)
    return TableFigures("public", name, kind, 0, rows, 0, bytes_, traffic=traffic)


PRODUCTION = of_figures(
    Figures(
        NOON, "18.4", 180004, 8192, "public", counting_since=NOON - timedelta(days=1),
        tables=(
            figures("big", MILLION),
            figures("small", 900.0, 80_000),
            figures("wide", 900.0, 10**9),
            figures("parts", None, 0, "p"),
        ),
    )
)  # fmt: skip


def statement(sql: str, *work: Work, locks: tuple[Lock, ...] = (), **more) -> Statement:
    return Statement(sql, 0, 1, effects=Effects(locks, work), **more)


def preview(*statements: Statement, **more) -> Preview:
    migration = MigrationPreview(
        "pets", "0002", applied=more.pop("applied", False), atomic=True, reversible=True,
        operations=(OperationPreview("RunSQL", "…"),), forward=statements,
    )  # fmt: skip
    return Preview("default", "pending", nothing_pending=False, server_version="18.4",
                   together=True, migrations=(migration,), **more)  # fmt: skip


def scan(table: str) -> Work:
    return Work(table, WorkKind.SCAN)


RENAME = statement('ALTER TABLE big RENAME TO "Great";')
ROWS_BY_RULES = replace(
    statement("UPDATE big SET a = 1 WHERE b;", Work("big", WorkKind.ROWS)),
    trace=Trace(work=(Work("big", WorkKind.READ),)),
)
KEY_OF_NEW = Work("big", WorkKind.VALIDATION, "fk")
CASES = [
    ("large", [statement("a;", scan("big"))], [(0, ("big",), (WorkKind.SCAN,))]),
    ("small", [statement("a;", scan("small"))], []),
    ("few rows of many bytes", [statement("a;", scan("wide"))],
     [(0, ("wide",), (WorkKind.SCAN,))]),
    ("not there", [statement("a;", scan("nowhere"))], []),
    ("rows unknown", [statement("a;", scan("parts"))], []),
    ("one of them unknown", [statement("a;", scan("big"), scan("parts"))], []),
    ("a small one beside", [statement("a;", scan("big"), scan("small"))],
     [(0, ("big", "small"), (WorkKind.SCAN,))]),
    ("no work", [statement("a;")], []),
    ("under a new name", [RENAME, statement("a;", scan('"Great"'))],
     [(1, ("big",), (WorkKind.SCAN,))]),
    ("a rewrite includes its indexes",
     [statement("a;", Work("big", WorkKind.REWRITE), Work("big", WorkKind.INDEX_BUILD, "i"))],
     [(0, ("big",), (WorkKind.REWRITE,))]),
    ("rows that a condition spared on the shadow", [ROWS_BY_RULES],
     [(0, ("big",), (WorkKind.ROWS,))]),
    ("made by the plan itself",
     [Statement("a;", 0, 1, effects=Effects(creates=("big",))), statement("b;", scan("big"))], []),
    ("a key of a new table",
     [Statement("a;", 0, 1, effects=Effects(creates=("fresh",))),
      statement("ALTER TABLE fresh ADD FOREIGN KEY (a) REFERENCES big;", KEY_OF_NEW)], []),
    ("a key of an old table beside a new one",
     [Statement("a;", 0, 1, effects=Effects(creates=("fresh",))),
      statement("ALTER TABLE small ADD FOREIGN KEY (a) REFERENCES big;", KEY_OF_NEW)],
     [(1, ("big",), (WorkKind.VALIDATION,))]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_heavy(statements, expected):
    found = heavy_statements(preview(*statements), PRODUCTION)
    assert [(one.position, tuple(one.tables.values()), one.kinds) for one in found] == expected


def test_what_is_applied_counts_where_it_was_asked_for():
    applied = preview(statement("a;", scan("big")), applied=True)
    assert heavy_statements(applied, PRODUCTION) == ()
    assert len(heavy_statements(applied, PRODUCTION, applied=True)) == 1


def test_statements_that_differ_in_literals_are_measured_once():
    sqls = ["UPDATE big SET a = 1 WHERE n = 5;", "UPDATE big SET a = 77 WHERE n = 'b';",
            "UPDATE big SET b = 1 WHERE n = 5;"]  # fmt: skip
    found = heavy_statements(preview(*(statement(sql, scan("big")) for sql in sqls)), PRODUCTION)
    assert len({one.shape for one in found}) == 2


def trial(small: float, large: float, *, changed: tuple[float, float] = (0, 0)) -> Trial:
    samples = tuple(
        Sample(Size(rows, rows * 100), seconds, written, rows * 20)
        for rows, seconds, written in zip((25_000, 100_000), (small, large), changed, strict=True)
    )
    return Trial(Calibration(samples))


def heavy(*work: Work, sql: str = "a;"):
    (found,) = heavy_statements(preview(statement(sql, *work)), PRODUCTION)
    return found


def test_an_index_takes_the_room_that_it_took_on_the_shadow():
    found = estimate_of(heavy(Work("big", WorkKind.INDEX_BUILD)), trial(0.1, 0.4), None)
    index = 20 * MILLION
    assert found.disk.interval == Interval(0.8 * index, 1.2 * index)
    assert found.wal.interval == Interval(0.8 * index, 1.2 * index)
    assert (found.tables, found.rows, found.bytes) == (("big",), MILLION, 1e8)
    assert found.seconds.interval.ratio <= 3.0000001


def test_concurrently_may_take_twice_as_long():
    plain = estimate_of(heavy(scan("big")), trial(0.1, 0.4), None).seconds.interval
    twice = replace(trial(0.1, 0.4), concurrently=True)
    found = estimate_of(heavy(scan("big")), twice, None).seconds
    assert plain.upper < found.interval.upper <= 2 * plain.upper
    assert found.interval.ratio <= 3.0000001
    assert "which reads the table twice" in found.formula


UPDATE = heavy(Work("big", WorkKind.ROWS), sql="UPDATE big SET a = 1 WHERE b;")


@pytest.mark.parametrize(
    ("measured", "changed", "rows", "time"),
    [
        (trial(0.1, 0.4, changed=(25_000, 100_000)), None, MILLION, True),
        (trial(0.1, 0.4, changed=(5_000, 20_000)), None, 200_000, True),
        (trial(0.1, 0.4, changed=(5_000, 20_000)), 300_000.0, 300_000, True),
        (trial(0.1, 0.4, changed=(5_000, 20_000)), 900_000.0, 900_000, False),
        (trial(0.1, 0.4), 300_000.0, 300_000, False),
        (trial(0.1, 0.4), 900.0, 900, True),  # it reads all of them, and writes next to none
        (trial(0.1, 0.4), None, None, False),
        (Trial(reason="No."), 300_000.0, 300_000, False),
    ],
)
def test_how_many_rows_a_condition_holds_for(measured, changed, rows, time):
    found = estimate_of(UPDATE, measured, changed)
    assert found.changed == (rows if rows is None else pytest.approx(rows))
    assert (found.seconds is not None) is time
    assert bool(found.unmeasured) is not time
    assert (found.wal is None) is (rows is None)


@pytest.mark.parametrize("measured", [trial(0.0005, 0.0006), trial(0.001, 0.0011, changed=(1, 1))])
def test_what_does_not_grow_has_no_estimate(measured):
    assert estimate_of(UPDATE, measured, None) is None


def held(*seconds: float | None, mode: LockMode = ALONE, relation: str = "big"):
    lock = Lock(relation, RelationKind.TABLE, mode)
    statements = tuple(
        statement(
            "a;", scan("big"), locks=(lock,) if at == 0 else (),
            estimate=Estimate(
                ("big",), MILLION, 1e8,
                seconds=None if value is None else Estimated(Interval(value, 2 * value), "…"),
            ),
        )
        for at, value in enumerate(seconds)
    )  # fmt: skip
    unknown = frozenset(at for at, value in enumerate(seconds) if value is None)
    holds = waiting_holds(statements, frozenset())
    return held_of(statements, unknown, holds, {"big": PRODUCTION.rates("big")})


def test_a_lock_is_held_for_the_sum_of_what_follows():
    (found,) = held(10.0, 20.0)
    assert (found.relation, found.mode, found.first, found.last) == ("big", ALONE, 0, 1)
    assert found.seconds == Estimated(
        Interval(30.0, 60.0),
        "From statement 1 to the end of its transaction, the sum of statement 1: 10 s to 20 s; "
        "statement 2: 20 s to 40 s.",
    )
    # 10 scans and 1 row written a second on average, half to twice of it in the hour.
    assert found.queue.interval == Interval(11 * 30 / 2, 11 * 60 * 2)
    (writes,) = held(10.0, mode=SHARE)
    assert writes.queue.interval == Interval(10 / 2, 20 * 2)


def test_a_lock_whose_work_is_not_known_is_held_for_longer():
    (found,) = held(10.0, None)
    assert found.open
    assert found.seconds.formula.endswith("statement 2 is not known and comes on top.")


def test_nobody_waits_for_weak_locks_or_new_tables():
    assert held(10.0, mode=LockMode.ROW_EXCLUSIVE) == ()
    locked = statement("a;", locks=(Lock("big", RelationKind.TABLE, ALONE),))
    assert waiting_holds([locked], frozenset({"big"})) == ()


def test_counters_of_now_and_of_all_the_time_are_both_believed():
    def sample(seconds: int, scans: int) -> TrafficSample:
        traffic = Traffic(index_scans=scans)
        when = NOON + timedelta(seconds=seconds)
        return TrafficSample(when, "public", 10 * scans, (("public", "big", traffic),))

    now = replace(PRODUCTION, earlier=sample(0, 0), later=sample(10, 2_000))
    (hold,) = waiting_holds(
        [statement("a;", locks=(Lock("big", RelationKind.TABLE, ALONE),))], frozenset()
    )
    assert len(now.rates("big")) == 2
    found = queue_of([hold], Interval(1.0, 2.0), {"big": now.rates("big")})
    assert found.interval == Interval(11 / 2, 200 * 2)
    soon = replace(now, later=sample(1, 2_000))
    assert len(soon.rates("big")) == 1  # a second says nothing
    assert queue_of([hold], Interval(1.0, 2.0), {}) is None
    quiet = replace(PRODUCTION.figures, counting_since=None)
    assert of_figures(quiet).rates("big") == ()
    assert Production(quiet).rates("big") == ()
    assert rates_since(Traffic(), None, NOON) is None
