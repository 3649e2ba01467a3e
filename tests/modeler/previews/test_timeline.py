"""The timeline: which rows, bars and columns; whatever the statements are, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.holds import by_rules, holds_of
from modeler.previews.statement import Statement
from modeler.previews.timeline import Group, Stretch, timeline_of
from modeler.previews.timeline_bars import Weight
from modeler.previews.timeline_columns import MOST, RUN, Column

AS, RX, S, SRX, AX = (
    LockMode.ACCESS_SHARE, LockMode.ROW_EXCLUSIVE, LockMode.SHARE, LockMode.SHARE_ROW_EXCLUSIVE,
    LockMode.ACCESS_EXCLUSIVE,
)  # fmt: skip
TABLE, INDEX, SEQUENCE = RelationKind.TABLE, RelationKind.INDEX, RelationKind.SEQUENCE


def lock(relation: str, mode: LockMode, cause: str = "", **more) -> Lock:
    return Lock(relation, more.pop("kind", TABLE), mode, cause, **more)


def sent(*parts: Lock | Work, transaction: int = 0, operation: int = 0, **more) -> Statement:
    locks = tuple(part for part in parts if isinstance(part, Lock))
    work = tuple(part for part in parts if isinstance(part, Work))
    return Statement(
        "SELECT 1", operation, transaction, effects=Effects(locks, work), **more
    )  # fmt: skip


def told(timeline) -> list[tuple[str, str]]:
    """Return the rows as text: a letter a column, ``.`` where nothing is held, ``*`` for work."""
    letters = {AS: "r", RX: "w", S: "s", SRX: "x", AX: "A"}
    return [
        (
            row.relation,
            "".join(
                "." * part.span
                if part.number < 0
                else (letters[timeline.bars[part.number].mode] + "*" * bool(part.work)) * part.span
                for part in row.stretches
            ),
        )
        for row in timeline.rows
    ]


BUILD = Work("post", WorkKind.INDEX_BUILD, "post_title")


@pytest.mark.parametrize(
    ("statements", "rows"),
    [
        ([], []),
        # Held until the transaction's end, and no longer.
        ([sent(lock("post", AX)), sent(), sent(transaction=1)], [("post", "AA.")]),
        # A stronger mode ends the bar of the weaker one; a weaker one afterwards changes nothing.
        (
            [sent(lock("post", RX)), sent(lock("post", AX)), sent(lock("post", S))],
            [("post", "wAA")],
        ),
        # Work is marked where it makes people wait: not before the lock, not on a weak one.
        (
            [sent(BUILD), sent(lock("post", S), BUILD), sent(lock("tag", RX), BUILD)],
            [("post", ".s*s*"), ("tag", "..w")],
        ),
        # Two modes at once: the stronger is drawn.
        ([sent(lock("post", AS), lock("post", SRX))], [("post", "x")]),
        # Those for whom people wait during work come first, then the strongest mode.
        (
            [
                sent(lock("a", AX), transaction=0),
                sent(lock("b", S), BUILD, transaction=1),
                sent(lock("c", RX), transaction=1),
            ],
            [("b", ".s*s"), ("a", "A.."), ("c", "..w")],
        ),
        # An index stands under its table, a sequence after all tables.
        (
            [
                sent(
                    lock("post_title", AX, kind=INDEX, table="post"),
                    lock("numbers", AX, kind=SEQUENCE),
                    lock("post", AX),
                    lock("tag", RX),
                )
            ],
            [("post", "A"), ("post_title", "A"), ("tag", "w"), ("numbers", "A")],
        ),
    ],
    ids=["nothing", "until the end", "stronger", "work", "two modes", "order", "parts"],
)  # fmt: skip
def test_rows(statements, rows):
    assert told(timeline_of(statements, by_rules)) == rows


def test_what_nobody_uses_yet_is_left_out_with_its_indexes():
    statements = [
        sent(lock("new", AX), lock("new_pk", AX, kind=INDEX, table="new"), lock("old", SRX)),
        sent(Work("new", WorkKind.SCAN)),
    ]
    timeline = timeline_of(statements, by_rules, new=frozenset({"new"}))
    assert told(timeline) == [("old", "xx")]
    assert [column.work for column in timeline.columns] == [(), ()]


def test_weights():
    statements = [sent(lock("a", AS), lock("b", RX), lock("i", AX, kind=INDEX, table="b"))]
    timeline = timeline_of(statements, by_rules)
    assert [(row.relation, row.weight) for row in timeline.rows] == [
        ("b", Weight.HEAVY), ("i", Weight.PART), ("a", Weight.LIGHT),
    ]  # fmt: skip
    assert {weight: timeline.count(weight) for weight in Weight} == dict.fromkeys(Weight, 1)


def test_causes_of_a_bar_are_those_of_its_mode():
    statements = [
        sent(lock("post", RX, "rows are written")),
        sent(lock("post", AX, "a column is added"), lock("post", S, "an index is built")),
    ]
    timeline = timeline_of(statements, by_rules)
    assert [(bar.mode, bar.first, bar.last, bar.causes) for bar in timeline.bars] == [
        (RX, 0, 0, ("rows are written",)),
        (AX, 1, 1, ("a column is added",)),
    ]


def test_groups():
    statements = [
        sent(lock("post", AX), operation=0, transaction=3),
        sent(operation=1, transaction=3),
        sent(operation=1, transaction=8),
        sent(operation=0, transaction=8, deferred=True),
        sent(operation=1, transaction=8, deferred=True),
    ]
    timeline = timeline_of(statements, by_rules)
    assert timeline.transactions == (Group(0, 2, 0), Group(1, 3, 1))
    assert timeline.operations == (Group(0, 1, 0), Group(1, 2, 1), Group(-1, 2, -1))


def test_where_nobody_waits_runs_reach_across_operations():
    statements = [
        *(sent(operation=number) for number in range(6)),
        sent(lock("post", AX), operation=6),
        *(sent(operation=number) for number in range(7, 13)),
    ]
    timeline = timeline_of(statements, by_rules)
    assert [column.count for column in timeline.columns] == [6, *[1] * 7]
    assert timeline.operations[:2] == (Group(0, 1, 5), Group(6, 1, 6))


def test_runs_of_like_statements_are_one_column():
    write = Work("post", WorkKind.ROWS)
    statements = [
        sent(lock("post", RX), write),
        *(sent(write) for _ in range(9)),
        sent(lock("tag", AX)),
        sent(),
        sent(),
    ]
    timeline = timeline_of(statements, by_rules)
    assert timeline.folded
    assert timeline.columns == (
        Column(0, 9, (write,)), Column(10, 10), Column(11, 11), Column(12, 12),
    )  # fmt: skip
    assert told(timeline) == [("tag", ".AAA"), ("post", "wwww")]
    whole = timeline_of(statements, by_rules, fold=False)
    assert (len(whole.columns), whole.folded) == (13, False)
    # One fewer than a run stands for itself.
    few = timeline_of([sent(write)] * (RUN - 1), by_rules)
    assert len(few.columns) == RUN - 1


def test_transactions_of_one_statement_that_do_the_same_are_one_column():
    statements = [sent(lock("post", RX), transaction=number) for number in range(300)]
    timeline = timeline_of(statements, by_rules)
    assert [(column.first, column.last) for column in timeline.columns] == [(0, 299)]
    assert told(timeline) == [("post", "w")]


def test_a_failed_statement_is_not_hidden_in_a_run():
    statements = [*[sent()] * 9, sent(error="no"), *[sent()] * 9]
    columns = timeline_of(statements, by_rules).columns
    assert [column.count for column in columns] == [9, 1, 9]
    assert [column.failed for column in columns] == [False, True, False]


def test_runs_reach_across_operations_where_there_are_many():
    first = sent(lock("post", AX))
    statements = [first, *(sent(operation=number // 2) for number in range(3 * MOST))]
    assert [c.count for c in timeline_of(statements, by_rules).columns] == [3 * MOST + 1]
    few = [first, *(sent(operation=number // 2) for number in range(MOST // 2))]
    assert {column.count for column in timeline_of(few, by_rules).columns} == {1}


def test_three_hundred_statements_on_forty_tables_fit_a_page():
    statements = []
    for number in range(300):
        parts = [lock(f"t{number % 40}", AX)] if number < 40 else []
        statements.append(sent(*parts, operation=number // 10))
    timeline = timeline_of(statements, by_rules)
    assert len(timeline.columns) <= MOST + 10
    assert timeline.count(Weight.HEAVY) == 40


LOCKS = st.builds(
    Lock,
    st.sampled_from(["a", "b", "c"]),
    st.just(TABLE),
    st.sampled_from(LockMode),
    st.sampled_from(["", "why"]),
)
WORK = st.builds(Work, st.sampled_from(["a", "b"]), st.sampled_from(WorkKind))


@st.composite
def migrations(draw) -> list[Statement]:
    transaction = operation = 0
    found = []
    for _ in range(draw(st.integers(0, 14))):
        transaction += draw(st.booleans())
        operation += draw(st.booleans())
        effects = Effects(
            tuple(draw(st.lists(LOCKS, max_size=2))), tuple(draw(st.lists(WORK, max_size=1)))
        )
        found.append(Statement("", operation, transaction, effects=effects))
    return found


@given(migrations(), st.booleans())
def test_columns_rows_and_bars_cover_everything(statements, fold):
    timeline = timeline_of(statements, by_rules, fold=fold)
    assert [at for column in timeline.columns for at in range(column.first, column.last + 1)] == (
        list(range(len(statements)))
    )
    for groups in (timeline.transactions, timeline.operations):
        assert sum(group.span for group in groups) == len(timeline.columns)
    for row in timeline.rows:
        assert sum(part.span for part in row.stretches) == len(timeline.columns)
        assert all(part.span > 0 for part in row.stretches)
    # The strongest bar of a relation and transaction is what ``holds_of`` says of it.
    holds = {
        (hold.relation, hold.mode, hold.first, hold.last, hold.during)
        for hold in holds_of(statements, by_rules)
    }
    bars = {(b.relation, b.mode, b.first, b.last, b.during) for b in timeline.bars}
    assert holds <= bars


@given(migrations())
def test_without_folding_each_bar_stands_over_its_statements(statements):
    timeline = timeline_of(statements, by_rules, fold=False)
    for row in timeline.rows:
        at, drawn = 0, {}
        for part in row.stretches:
            if part.number >= 0:
                drawn.setdefault(part.number, []).extend(range(at, at + part.span))
            at += part.span
        expected = {
            number: list(range(bar.first, bar.last + 1))
            for number, bar in enumerate(timeline.bars)
            if bar.relation == row.relation
        }
        assert drawn == expected


def test_a_bar_begins_once():
    statements = [sent(lock("post", AX), BUILD), sent(BUILD), sent()]
    (row,) = timeline_of(statements, by_rules).rows
    assert row.stretches == (
        Stretch(1, 0, begins=True, work=(BUILD,)), Stretch(1, 0, work=(BUILD,)), Stretch(1, 0),
    )  # fmt: skip
