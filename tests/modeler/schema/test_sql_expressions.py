"""Reading SQL expressions and printing them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Expression,
    Function,
    Literal,
    Opaque,
    Operation,
    When,
)
from modeler.schema.sql_expressions import read_sql, read_sql_list
from modeler.schema.sql_text import sql_text
from tests.modeler.schema.trees import TREES

A, B = ColumnRef("a"), ColumnRef("b")


def op(operator: str, *operands: Expression) -> Operation:
    return Operation(operator, operands)


def text(value: str) -> Literal:
    return Literal("text", value)


def number(value: int) -> Literal:
    return Literal("integer", str(value))


TYPES = {"a": "character varying(20)", "n": "integer", "j": "jsonb"}
# What PostgreSQL 18 prints, and what it means.
PRINTED: list[tuple[str, Expression]] = [
    ("((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
     op("in", A, text("x"), text("y"))),
    ("(n = ANY ('{1,2}'::integer[]))", op("in", ColumnRef("n"), number(1), number(2))),
    ("(n <> ALL (ARRAY[1, 2]))", op("not", op("in", ColumnRef("n"), number(1), number(2)))),
    ("((n)::text = 'x'::text)", op("=", Cast(ColumnRef("n"), "text"), text("x"))),
    ("((n >= 1) AND (n <= 5))", op("and", op(">=", ColumnRef("n"), number(1)),
                                   op("<=", ColumnRef("n"), number(5)))),
    ("n BETWEEN 1 AND 5 AND b", op("and", op(">=", ColumnRef("n"), number(1)),
                                   op("<=", ColumnRef("n"), number(5)), B)),
    ("(a IS NOT NULL)", op("not", op("is-null", A))),
    ("(a IS DISTINCT FROM b)", op("is-distinct", A, B)),
    ("((a)::text !~~ 'x%'::text)", op("not", op("like", A, text("x%")))),
    ("((a)::text ~ '^[^@]+$'::text)", op("~", A, text("^[^@]+$"))),
    ("(- n)", op("-", ColumnRef("n"))),
    ("(n = '-1'::integer)", op("=", ColumnRef("n"), number(-1))),
    ("((n)::numeric > 5.50)",
     op(">", Cast(ColumnRef("n"), "numeric"), Literal("decimal", "5.50"))),
    ("(b > '2020-01-01 00:00:00+00'::timestamp with time zone)",
     op(">", B, Literal("datetime", "2020-01-01T00:00:00+00:00"))),
    ("(b >= '2020-01-01'::date)", op(">=", B, Literal("date", "2020-01-01"))),
    ("((j -> 'size'::text) = '\"L\"'::jsonb)",
     op("=", ColumnRef("j", ("size",)), Literal("json", '"L"'))),
    ("((j #> '{a,b}'::text[]) IS NULL)", op("is-null", ColumnRef("j", ("a", "b")))),
    ("((j ->> 'k'::text) = 'v'::text)", op("=", op("->>", ColumnRef("j"), text("k")), text("v"))),
    ("(NOT (b IS TRUE))", op("not", op("not", op("is-distinct", B, Literal("boolean", "true"))))),
    ("(b IS NOT FALSE)", op("is-distinct", B, Literal("boolean", "false"))),
    ("CASE WHEN (n > 1) THEN 'x'::text ELSE NULL::text END",
     Case((When(op(">", ColumnRef("n"), number(1)), text("x")),),
          Cast(Literal("null", ""), "text"))),
    ("(b AT TIME ZONE 'UTC'::text)", Function("timezone", (text("UTC"), B))),
    ("EXTRACT(year FROM b)", Function("extract", (text("year"), B))),
    ("TRIM(BOTH FROM a)", Function("btrim", (A,))),
    ("(lower((a)::text) COLLATE \"C\")",
     Function("collate", (Function("lower", (A,)), text("C")))),
    ("nextval('s'::regclass)", Function("nextval", (Cast(text("s"), "regclass"),))),
    ("CURRENT_TIMESTAMP", Function("current_timestamp")),
    ("(new.status IS DISTINCT FROM old.status)",
     op("is-distinct", ColumnRef("new.status"), ColumnRef("old.status"))),
    ('("Mixed Case" OPERATOR(public.@@) "quo""te")',
     op("@@", ColumnRef("Mixed Case"), ColumnRef('quo"te'))),
    (r"(a = E'a\nb\'c')", op("=", A, text("a\nb'c"))),
    (r"(a = 'a\nb')", op("=", A, text(r"a\nb"))),
    ("(a = U&'x')", op("=", A, text("x"))),
    ("position('x' in a) > 0", op(">", Function("position", (text("x"), A)), number(0))),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "tree"), PRINTED, ids=[sql for sql, _ in PRINTED])
def test_what_postgresql_prints_is_read(sql: str, tree: Expression) -> None:
    assert read_sql(sql, types=TYPES) == tree


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("(SELECT 1)", "not read: it has a subquery"),
        ("sum(a) OVER ()", "not read: it has an aggregate or window function"),
        ("a = ", "not read: it ends where an operand is expected"),
        ("a b", "not read: nothing expected after it, but 'b' follows"),
        ("(a", "not read: ',' is expected, not ''"),
        ("a = 'open", 'not read: cannot read "\'open"'),
        ("a BETWEEN SYMMETRIC 1 AND 2", "not read: BETWEEN SYMMETRIC is not read"),
    ],
)
def test_what_is_not_read_says_why(sql: str, reason: str) -> None:
    assert read_sql(sql) == Opaque(sql, reason)


def test_a_list_is_split_at_its_own_commas() -> None:
    assert read_sql_list("lower(a), (b || ','::text)") == (
        Function("lower", (A,)),
        op("||", B, text(",")),
    )


def test_placeholders_take_the_parameters_in_order() -> None:
    tree = read_sql('"a" LIKE %s AND "n" %% 2 = %s', parameters=("50%", 1))
    assert sql_text(tree) == "a LIKE '50%' AND n % 2 = 1"


@settings(max_examples=500, deadline=None)
@given(TREES)
def test_printing_and_reading_back_gives_the_same_tree(tree: Expression) -> None:
    assert read_sql(sql_text(tree)) == tree
