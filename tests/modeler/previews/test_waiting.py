"""Who waits, in words."""

from __future__ import annotations

import pytest

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.holds import Hold
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.statement import Statement
from modeler.previews.waiting import (
    SHORT,
    longest_hold,
    made_until,
    meaning,
    wait_in_words,
    work_in_words,
)

S, AX, RX = LockMode.SHARE, LockMode.ACCESS_EXCLUSIVE, LockMode.ROW_EXCLUSIVE
BUILD, SCAN, VALIDATION = WorkKind.INDEX_BUILD, WorkKind.SCAN, WorkKind.VALIDATION


def test_every_mode_has_letters_of_its_own_and_a_meaning():
    assert set(SHORT) == set(LockMode)
    assert len(set(SHORT.values())) == len(SHORT)
    for mode in LockMode:
        words = meaning(mode)
        assert ("nobody can read" in words) == mode.blocks_reads
        assert ("nobody can" in words) == mode.blocks_writes


@pytest.mark.parametrize(
    ("mode", "works", "words"),
    [
        (S, [Work("pet", BUILD, "a")], "writes to pet wait during an index build"),
        (S, [], "writes to pet wait for a moment"),
        (AX, [], "reads and writes of pet wait for a moment"),
        (
            AX,
            [Work("pet", BUILD, "a"), Work("pet", BUILD, "b"), Work("owner", SCAN)],
            "reads and writes of pet wait during index builds and a scan of owner",
        ),
        (RX, [Work("pet", SCAN)], ""),
    ],
)
def test_a_wait(mode, works, words):
    during = tuple((0, work) for work in works)
    assert wait_in_words(Hold("pet", RelationKind.TABLE, (mode,), 0, 0, (), during)) == words
    assert wait_in_words(Hold("pet_pk", RelationKind.INDEX, (mode,), 0, 0, (), during)) == ""


def test_readers_of_a_materialized_view_count_as_it_has_no_writers():
    view = RelationKind.MATERIALIZED_VIEW
    assert wait_in_words(Hold("totals", view, (LockMode.EXCLUSIVE,), 0, 0)) == ""
    assert wait_in_words(Hold("totals", view, (AX,), 0, 0)) == (
        "reads and writes of totals wait for a moment"
    )


def test_many_tables_are_counted():
    works = [Work(name, VALIDATION) for name in "abcd"]
    assert work_in_words(works[:1], "a") == "a foreign-key validation"
    assert work_in_words(works[:3]) == "foreign-key validations of a, b and c"
    assert work_in_words(works) == "foreign-key validations of 4 tables"


def migration(*statements: Effects, name: str = "1") -> MigrationPreview:
    return MigrationPreview(
        app="pets", name=name, applied=False, atomic=True, reversible=True,
        forward=tuple(Statement("…", 0, effects=effects) for effects in statements),
    )  # fmt: skip


def lock(relation: str, mode: LockMode) -> Lock:
    return Lock(relation, RelationKind.TABLE, mode)


def test_the_longest_is_held_during_work_then_the_strongest():
    short = Effects((lock("owner", AX),))
    long = Effects((lock("pet", S),), (Work("pet", BUILD, "a"),))
    assert longest_hold(migration()) is None
    assert longest_hold(migration(Effects((lock("pet", RX),), (Work("pet", SCAN),)))) is None
    found = longest_hold(
        MigrationPreview(
            app="pets", name="1", applied=False, atomic=False, reversible=True,
            forward=(Statement("…", 0, 0, effects=short), Statement("…", 0, 1, effects=long)),
        )
    )  # fmt: skip
    assert found is not None and found.relation == "pet"
    assert longest_hold(migration(long), frozenset({"pet"})) is None


@pytest.mark.parametrize(("together", "new"), [(True, {"pet", "owner"}), (False, {"owner"})])
def test_tables_of_the_same_deploy_are_new(together, new):
    first = migration(Effects(creates=("pet",)), name="1")
    second = migration(Effects(creates=("owner",)), name="2")
    third = migration(Effects(creates=("toy",)), name="3")
    preview = Preview(
        database="default", asked="pending", nothing_pending=False, server_version="18.4",
        together=together,
        migrations=(first, second, third),
    )  # fmt: skip
    assert made_until(preview, second) == new
