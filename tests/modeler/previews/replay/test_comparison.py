"""Failures that are new become breaks; the order of deploy follows from them."""

from __future__ import annotations

import pytest

from modeler.previews.replay.comparison import breaks, contradictions, coverage
from modeler.previews.replay.deploy_order import deploy_order
from modeler.previews.replay.replay import (
    Attempt,
    Break,
    DeployOrder,
    Failure,
    Meeting,
    Order,
    Replay,
    Verb,
)
from modeler.previews.replay.rows import EVERY_COLUMN, LONGEST
from modeler.schema.encoding import decode, encode

NO_DEFAULT = Failure("23502", 'null value in column "sku"', "catalog_product", "sku")
GONE = Failure("42703", 'column "sku" does not exist', column="sku")
TOO_LONG = Failure("22001", "value too long for type character varying(9)")


def attempt(failure: Failure | None, verb=Verb.INSERT, shape=EVERY_COLUMN, field="") -> Attempt:
    return Attempt("catalog.Product", verb, shape, field, failure)


def test_a_break_is_a_model_a_verb_and_a_cause():
    worked = [attempt(None), attempt(None, shape=LONGEST)]
    (found,) = breaks(worked, [attempt(NO_DEFAULT), attempt(NO_DEFAULT, shape=LONGEST)])
    assert found == Break(
        model="catalog.Product",
        kind=Verb.INSERT,
        sqlstate="23502",
        sentence="Code that still runs cannot insert catalog.Product: column sku has no default "
        "and is NOT NULL.",
        meeting=Meeting.OLD_ON_NEW,
        cause=NO_DEFAULT,
        fields=(),
        shapes=(EVERY_COLUMN, LONGEST),
    )


@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        ([attempt(None)], attempt(None), False),
        ([attempt(None)], attempt(TOO_LONG), True),
        ([attempt(TOO_LONG)], attempt(TOO_LONG), False),  # the values were at fault
        ([attempt(TOO_LONG)], attempt(NO_DEFAULT), True),  # no values could avoid that
        ([attempt(NO_DEFAULT)], attempt(TOO_LONG), False),
        ([], attempt(TOO_LONG), False),  # never tried before: nothing is known
        ([], attempt(GONE), True),
        ([attempt(None)], attempt(TOO_LONG, field="name"), True),  # the row as a whole worked
        ([attempt(TOO_LONG)], attempt(TOO_LONG, field="name"), False),
    ],
)
def test_only_what_is_new_counts(before, after, is_new):
    assert bool(breaks(before, [after])) is is_new


def test_a_contradiction_is_what_no_value_avoids():
    found = contradictions([attempt(NO_DEFAULT), attempt(TOO_LONG, shape=LONGEST)])
    assert [item.sentence for item in found] == [
        "New code cannot insert catalog.Product even after the migration: column sku has no "
        "default and is NOT NULL."
    ]


OLD = breaks([attempt(None)], [attempt(NO_DEFAULT)])
NEW = breaks([attempt(None)], [attempt(TOO_LONG)], Meeting.NEW_ON_OLD)


@pytest.mark.parametrize(
    ("old", "new", "order"),
    [
        ((), (), Order.EITHER),
        (OLD, (), Order.CODE_FIRST),
        ((), NEW, Order.MIGRATE_FIRST),
        (OLD, NEW, Order.NEITHER),
    ],
)
def test_order_of_deploy(old, new, order):
    found = deploy_order(old, new)
    assert found.order is order
    assert found.reasons == tuple(item.sentence for item in (*old, *new))


def test_a_contradiction_needs_two_releases():
    assert deploy_order((), (), new_on_new=OLD).order is Order.NEITHER


def test_cautions_are_said_where_they_can_happen():
    met = breaks([attempt(None)], [attempt(TOO_LONG)], Meeting.OLD_MEETS_NEW_ROWS)
    assert deploy_order((), NEW, old_meets_new_rows=met).cautions == (met[0].sentence,)
    assert deploy_order(OLD, (), old_meets_new_rows=met).cautions == ()


def test_what_was_not_tried_is_counted():
    skipped = Attempt("a.B", Verb.INSERT, EVERY_COLUMN, skipped="no value is known")
    found = coverage([attempt(None), skipped], [attempt(TOO_LONG)])
    assert (found.models, found.exercised, found.share) == (2, 1, 0.5)
    assert found.gaps == ("a.B insert: no value is known",)


def test_a_replay_goes_through_json():
    replay = Replay(
        OLD, DeployOrder(Order.CODE_FIRST, ("why",), ("mind",)), coverage([attempt(None)])
    )
    assert decode(Replay, encode(replay)) == replay
