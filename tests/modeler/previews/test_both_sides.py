"""Rules beside measurement, line by line."""

from __future__ import annotations

from modeler.postgres.locks import LockMode
from modeler.previews.both_sides import Line, both_sides
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.statement import Statement
from modeler.previews.trace.trace import Trace

AX, S = LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE
BOTH = {"by_rules": True, "measured": True}
SCAN = Work("pet", WorkKind.SCAN, "", "the new check reads every row")


def lock(relation: str, mode: LockMode, cause: str = "") -> Lock:
    return Lock(relation, RelationKind.TABLE, mode, cause)


def statement(
    effects: Effects | None = None,
    trace: Trace | None = None,
    transaction: int = 0,
    error: str = "",
) -> Statement:
    return Statement(
        "…;", 0, transaction, effects=effects, trace=trace, error=error
    )  # fmt: skip


def test_agreement_with_the_causes_of_the_rules():
    effects = Effects((lock("pet", AX, "a check is added"),), (SCAN,), ("pet_pkey",))
    trace = Trace(
        (lock("pet", AX),),
        (Work("pet", WorkKind.SCAN),),
        ("pet_pkey", "pg_toast.pg_toast_1_index"),
    )
    assert both_sides([statement(effects, trace)]) == (
        (
            Line("lock", "pet", "access exclusive", "", "a check is added", **BOTH),
            Line("work", "pet", "scan", "", "the new check reads every row", **BOTH),
            Line("created", "pet_pkey", "", "", "", **BOTH),
        ),
    )


def test_what_one_side_lacks_is_a_disagreement():
    effects = Effects((lock("pet", AX),))
    trace = Trace((lock("owner", S),), (SCAN,))
    assert both_sides([statement(effects, trace)]) == (
        (
            Line(
                "lock",
                "pet",
                "access exclusive",
                "",
                "",
                by_rules=True,
                measured=False,
                disagrees=True,
            ),
            Line("lock", "owner", "share", "", "", by_rules=False, measured=True, disagrees=True),
            Line("work", "pet", "scan", "", "", by_rules=False, measured=True, disagrees=True),
        ),
    )


def test_a_lock_that_the_transaction_holds_is_not_granted_anew():
    effects = Effects((lock("pet", AX),))
    first = statement(effects, Trace((lock("pet", AX),)))
    again = statement(effects, Trace())
    elsewhere = statement(effects, Trace(), transaction=1)
    found = both_sides([first, again, elsewhere])
    assert [(line.held, line.disagrees) for (line,) in found] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip


def test_one_side_alone_and_what_was_not_read_are_no_disagreement():
    effects, trace = Effects((lock("pet", AX),)), Trace((lock("pet", S),))
    unread = Effects(unread="a DO block")
    found = both_sides(
        [
            statement(effects),
            statement(None, trace, 1),
            statement(unread, trace, 2),
            statement(effects, trace, 3, error="division by zero"),
            statement(transaction=4),
        ]
    )
    told = [[(line.by_rules, line.measured, line.disagrees) for line in lines] for lines in found]
    assert told == [
        [(True, None, False)],
        [(None, True, False)],
        [(None, True, False)],
        [(True, False, False), (False, True, False)],
        [],
    ]
