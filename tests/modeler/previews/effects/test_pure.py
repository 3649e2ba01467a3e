"""The parts that need no server: names, texts of types and expressions, the comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.postgres.locks import LockMode
from modeler.previews.effects.agreement import Disagreement, compare
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.effects.expressions import conjuncts, functions, is_null, not_null_of
from modeler.previews.effects.names_chosen import NAME_BYTES, chosen_name, made_name
from modeler.previews.effects.type_text import TypeText, read_type_text
from modeler.previews.relation_names import parts_of, relation_name, sibling

PET = Lock("pet", RelationKind.TABLE, LockMode.ACCESS_EXCLUSIVE, "why")
INDEX = Lock("pet_age", RelationKind.INDEX, LockMode.ACCESS_SHARE, "why", "pet")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("varchar(20)", TypeText("varchar", "", (20,))),
        ("character varying(20)[]", TypeText("varchar", "", (20,), array=True)),
        ("timestamp(3) with time zone", TypeText("timestamptz", "", (3,))),
        ("timestamp with time zone", TypeText("timestamptz")),
        ("double precision", TypeText("float8")),
        ("numeric(10)", TypeText("numeric", "", (10, 0))),
        ("interval year to month", TypeText("interval", "", ("year to month",))),
        ("interval day to second(3)", TypeText("interval", "", ("day to second", 3))),
        ("char", TypeText("bpchar", "", (1,))),
        ('"char"', TypeText("char")),
        ('app."My Type"', TypeText("My Type", "app")),
        ("bigserial", TypeText("int8", is_serial=True)),
        ("pg_catalog.int4", TypeText("int4")),
        ("geometry(Point,4326)", TypeText("geometry", "", ("Point", 4326))),
        ("no such(type", None),
    ],
)
def test_texts_of_types(text, expected):
    assert read_type_text(text) == expected


def test_conditions_are_taken_apart():
    text = "CHECK (((a IS NOT NULL) AND ((b > 0) AND (c = 'x AND y'::text))))"
    assert conjuncts(text) == ["a IS NOT NULL", "b > 0", "c = 'x AND y'::text"]
    assert conjuncts("CHECK ((a IS NOT NULL) OR (b > 0))") == ["(a IS NOT NULL) OR (b > 0)"]
    assert not_null_of("(a IS NOT NULL)") == "a"
    assert not_null_of('"A b" IS NOT NULL') == "A b"
    assert not_null_of("(a IS NOT NULL) OR (b > 0)") == ""
    assert not_null_of("a > 0") == ""


def test_calls_are_found_outside_of_strings():
    assert functions("coalesce(now(), 'random()')") == ("coalesce", "now")
    assert functions("CURRENT_TIMESTAMP") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, True), ("NULL", True), ("null::text", True), ("'null'", False), ("0", False)],
)
def test_defaults_that_are_null(text, expected):
    assert is_null(text) is expected


@given(st.text("abcü", min_size=1, max_size=80), st.text("xyz", min_size=1, max_size=80))
def test_chosen_names_fit_and_are_free(table, column):
    taken = {made_name(table, column, "idx")}
    name = chosen_name(table, (column,), "idx", taken.__contains__)
    assert len(name.encode()) <= NAME_BYTES
    assert name.endswith("_idx1")
    assert name not in taken


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_names_of_relations_come_apart_again(name, schema):
    shown = relation_name(schema, name)
    assert parts_of(shown) == (schema, name)
    assert sibling(shown, name) == shown


def test_the_same_effects_agree_whatever_their_causes():
    work = Work("pet", WorkKind.SCAN, "", "because")
    assert compare(Effects((PET,), (work,)), Effects((Lock(*list_of(PET)),),
                   (Work("pet", WorkKind.SCAN),))) == ()  # fmt: skip


def list_of(lock: Lock) -> tuple:
    return lock.relation, lock.kind, lock.mode


def test_each_side_that_has_more_is_told():
    said = Effects((PET,), (Work("pet", WorkKind.SCAN),), ("new",))
    seen = Effects((INDEX,), (Work("pet", WorkKind.REWRITE),), ())
    assert compare(said, seen) == (
        Disagreement("missed", "lock", "pet_age", "access share"),
        Disagreement("missed", "work", "pet", "rewrite"),
        Disagreement("not seen", "created", "new"),
        Disagreement("not seen", "lock", "pet", "access exclusive"),
        Disagreement("not seen", "work", "pet", "scan"),
    )


def test_a_lock_that_was_held_before_is_not_granted_again():
    assert compare(Effects((PET,)), Effects(), held=(PET,)) == ()
    weaker = Lock("pet", RelationKind.TABLE, LockMode.SHARE)
    assert len(compare(Effects((PET,)), Effects(), held=(weaker,))) == 1


def test_indexes_of_kept_plans_are_left_out_only_in_a_transaction_under_way():
    assert len(compare(Effects((INDEX,)), Effects())) == 1
    assert compare(Effects((INDEX,)), Effects(), held=(PET,)) == ()
