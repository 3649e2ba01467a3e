"""Where one statement ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.previews.sql.commands import (
    AlterRelation,
    CreateObject,
    Opaque,
    Query,
    SetConstraints,
    Transaction,
    Unread,
)
from modeler.previews.sql.reader import read_statements, split_statements
from tests.modeler.previews.sql.cases_of import cases

STATEMENTS = [statement for statement, _ in cases()]
SCRIPT = """
-- A comment; with a semicolon
BEGIN;
CREATE FUNCTION one() RETURNS int LANGUAGE sql BEGIN ATOMIC
    SELECT CASE WHEN true THEN 1 END; /* ; */
    SELECT 2;
END;
INSERT INTO t VALUES ('a;b', $$c;d$$, E'\\';');
DO $body$ BEGIN PERFORM $$;$$; END; $body$;;
/* nested /* ; */ */
UPDATE t SET "a;b" = 1
"""


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("", ()),
        (" ; ;; -- nothing\n /* ; */", ()),
        ("SELECT 1", ("SELECT 1",)),
        ("/* a */ SELECT 1 -- b\n;", ("SELECT 1",)),
        (
            'SET CONSTRAINTS "x" IMMEDIATE; ALTER TABLE "t" DROP CONSTRAINT "x"',
            ('SET CONSTRAINTS "x" IMMEDIATE', 'ALTER TABLE "t" DROP CONSTRAINT "x"'),
        ),
        ("SELECT 'a;'';b'; SELECT \"c;d\"", ("SELECT 'a;'';b'", 'SELECT "c;d"')),
        ("SELECT E'\\';'; SELECT '\\'; SELECT 3", ("SELECT E'\\';'", "SELECT '\\'", "SELECT 3")),
        ("DO $$ a; $x$ b; $x$ $$; SELECT 1", ("DO $$ a; $x$ b; $x$ $$", "SELECT 1")),
        (
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
            ("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"),
        ),
        # BEGIN is a body's only behind ATOMIC, and of a routine.
        ("BEGIN; SELECT 1; END; SELECT 2", ("BEGIN", "SELECT 1", "END", "SELECT 2")),
        ("SELECT begin atomic; SELECT 2", ("SELECT begin atomic", "SELECT 2")),
        ("SELECT 1; SELECT 'open; SELECT 2", ("SELECT 1", "SELECT 'open; SELECT 2")),
        ("SELECT a) ; SELECT 2", ("SELECT a)", "SELECT 2")),
    ],
)
def test_text_is_split_into(sql: str, statements: tuple[str, ...]):
    assert split_statements(sql) == statements


def test_script_is_read_statement_by_statement():
    assert [type(command) for command in read_statements(SCRIPT)] == [
        Transaction, CreateObject, Query, Opaque, Query,
    ]  # fmt: skip


def test_one_bad_statement_leaves_the_others():
    read = read_statements("SET CONSTRAINTS ALL IMMEDIATE; WHAT; ALTER TABLE t DROP a")
    assert [type(command) for command in read] == [SetConstraints, Unread, AlterRelation]


@given(
    st.lists(st.sampled_from(STATEMENTS), max_size=5), st.sampled_from([";", ";\n-- c\n", ";;"])
)
def test_joined_statements_are_split_as_they_were(statements: list[str], mark: str):
    assert list(split_statements(mark.join(statements))) == statements


@given(st.lists(st.sampled_from(STATEMENTS), max_size=4))
def test_reading_joined_statements_reads_each(statements: list[str]):
    assert read_statements("; ".join(statements)) == tuple(
        command for statement in statements for command in read_statements(statement)
    )


@given(st.text(alphabet=st.sampled_from("abAB'\"$;()-/*\\\n xE%s&U1.:`[]{}é"), max_size=40))
def test_splitting_what_was_split_changes_nothing(text: str):
    once = split_statements(text)
    assert len(read_statements(text)) == len(once)
    for statement in once:
        assert split_statements(statement) == (statement,)
