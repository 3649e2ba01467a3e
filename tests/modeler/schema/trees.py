"""Strategies that make trees: every node of the vocabulary that SQL can say."""

from __future__ import annotations

from hypothesis import strategies as st

from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Expression,
    Function,
    Literal,
    Operation,
    When,
)

NAMES = st.sampled_from(["a", "b", "Mixed Case", "order", 'quo"te', "straße", "x1"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
LITERALS = st.one_of(
    st.just(Literal("null", "")),
    st.sampled_from([Literal("boolean", "true"), Literal("boolean", "false")]),
    st.integers(-(2**70), 2**70).map(lambda n: Literal("integer", str(n))),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda d: Literal("decimal", f"{d:f}")
    ),
    TEXTS.map(lambda text: Literal("text", text)),
    st.dates().map(lambda day: Literal("date", day.isoformat())),
    st.datetimes().map(lambda moment: Literal("datetime", moment.isoformat())),
    st.uuids().map(lambda key: Literal("uuid", str(key))),
    st.binary(max_size=4).map(lambda data: Literal("bytes", data.hex())),
)
COLUMNS = st.builds(
    ColumnRef,
    NAMES,
    st.lists(st.sampled_from(["size", "0", "-1", "a'b"]), max_size=2).map(tuple),
)
BINARY = st.sampled_from(
    ["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "||", "&&", "@>", "~", "~*",
     "like", "ilike", "is-distinct"]
)  # fmt: skip


def _deeper(below: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(below, below)
    # A chain of AND in AND is one AND, so operands of a chain are of another sort.
    return st.one_of(
        st.builds(Operation, BINARY, pairs),
        st.builds(
            lambda word, parts: Operation(word, tuple(p for p in parts)),
            st.sampled_from(["and", "or"]),
            st.lists(
                below.filter(
                    lambda p: not (isinstance(p, Operation) and p.operator in {"and", "or"})
                ),
                min_size=2,
                max_size=3,
            ),
        ),
        st.builds(lambda p: Operation("not", (p,)), below),
        st.builds(lambda p: Operation("is-null", (p,)), below),
        st.builds(
            lambda first, rest: Operation("in", (first, *rest)),
            below,
            st.lists(below, min_size=1, max_size=3),
        ),
        st.builds(
            Function,
            st.sampled_from(["lower", "now", "myschema.f", "round"]),
            st.lists(below, max_size=3).map(tuple),
        ),
        st.builds(lambda z, v: Function("timezone", (z, v)), below, below),
        st.builds(lambda v: Function("collate", (v, Literal("text", "C"))), below),
        st.builds(lambda v: Function("extract", (Literal("text", "year"), v)), below),
        st.builds(Cast, COLUMNS, st.sampled_from(["text", "numeric(5,2)", "integer[]"])),
        st.builds(
            Case,
            st.lists(st.builds(When, below, below), min_size=1, max_size=2).map(tuple),
            st.none() | below,
        ),
    )


TREES: st.SearchStrategy[Expression] = st.recursive(LITERALS | COLUMNS, _deeper, max_leaves=12)
