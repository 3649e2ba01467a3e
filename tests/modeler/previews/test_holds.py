"""What is held while work goes on that grows with rows."""

from __future__ import annotations

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.holds import Hold, by_rules, by_trace, holds_of, measured_or_expected
from modeler.previews.statement import Statement
from modeler.previews.trace.trace import Trace

ALONE = LockMode.ACCESS_EXCLUSIVE


def lock(relation: str, mode: LockMode, cause: str = "") -> Lock:
    return Lock(relation, RelationKind.TABLE, mode, cause)


def statement(*locks: Lock, work: tuple[Work, ...] = (), transaction: int = 1) -> Statement:
    return Statement("…;", 0, transaction, effects=Effects(tuple(sorted(locks)), work))


def test_a_lock_is_held_until_its_transaction_ends():
    build = Work("pet", WorkKind.INDEX_BUILD, "by_name")
    found = holds_of(
        (
            statement(lock("pet", ALONE, "a column is added")),
            statement(lock("pet", LockMode.SHARE, "an index is built"), work=(build,)),
            statement(lock("owner", LockMode.ROW_SHARE)),
        ),
        by_rules,
    )
    assert found == (
        Hold(
            "pet", RelationKind.TABLE, (LockMode.SHARE, ALONE), 0, 2,
            ("a column is added", "an index is built"), ((1, build),),
        ),
        Hold("owner", RelationKind.TABLE, (LockMode.ROW_SHARE,), 2, 2),
    )  # fmt: skip
    assert [hold.blocks_long for hold in found] == [True, False]


def test_what_was_done_before_the_lock_or_in_another_transaction_does_not_count():
    scan = Work("owner", WorkKind.SCAN)
    found = holds_of(
        (
            statement(lock("owner", LockMode.SHARE_UPDATE_EXCLUSIVE), work=(scan,)),
            statement(lock("pet", ALONE)),
            statement(lock("owner", LockMode.ACCESS_SHARE), work=(scan,), transaction=2),
        ),
        by_rules,
    )
    assert {hold.relation: hold.blocks_long for hold in found} == {"owner": False, "pet": False}


def test_weak_locks_and_indexes_keep_nobody_waiting():
    scan = Work("pet", WorkKind.SCAN)
    index = Lock("pet_pkey", RelationKind.INDEX, ALONE, table="pet")
    found = holds_of(
        (statement(index, lock("pet", LockMode.ROW_EXCLUSIVE), work=(scan,)),), by_rules
    )
    assert [hold.blocks_long for hold in found] == [False, False]


def test_of_a_materialized_view_readers_count():
    rewrite = Work("ages", WorkKind.REWRITE)

    def held(mode: LockMode) -> bool:
        view = Lock("ages", RelationKind.MATERIALIZED_VIEW, mode)
        (hold,) = holds_of((statement(view, work=(rewrite,)),), by_rules)
        return hold.blocks_long

    assert [held(LockMode.EXCLUSIVE), held(ALONE)] == [False, True]


def test_what_was_measured_comes_first_and_keeps_the_rules_causes():
    said = statement(
        lock("pet", ALONE, "a column is added"), work=(Work("pet", WorkKind.SCAN, "", "why"),)
    )
    measured = Statement(
        said.sql, 0, 1, effects=said.effects,
        trace=Trace(locks=(lock("pet", ALONE), lock("owner", LockMode.SHARE))),
    )  # fmt: skip
    assert measured_or_expected(measured) == (
        (lock("pet", ALONE, "a column is added"), lock("owner", LockMode.SHARE)),
        (),
    )
    assert [hold.relation for hold in holds_of((measured,), by_trace)] == ["owner", "pet"]
    assert measured_or_expected(said) == by_rules(said)
