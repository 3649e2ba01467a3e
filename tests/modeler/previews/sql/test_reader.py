"""What statements are read as, and whether PostgreSQL reads them too."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.db import connection

from modeler.previews.sql.actions import Action
from modeler.previews.sql.commands import Command, Unread
from modeler.previews.sql.definitions import ObjectKind
from modeler.previews.sql.reader import read_statements
from tests.modeler.previews.sql.cases_of import cases
from tests.modeler.previews.sql.server import server_reads

CASES = cases()
# Words that an older server than the one at hand does not know.
SINCE = {
    150000: r"NULLS (NOT )?DISTINCT|CREATE UNLOGGED SEQUENCE|MERGE|ACCESS METHOD (heap|DEFAULT)$|"
    r"TABLES IN SCHEMA|ON schema TO|SEQUENCE s SET UNLOGGED|"
    r"SET NULL \(b\)|ALTER PUBLICATION p (ADD|SET|DROP) TABLE|FOR TABLE a, ONLY",
    160000: r"REINDEX DATABASE$|STORAGE|STATISTICS ON|STATISTICS IF NOT EXISTS|CLUSTER \(",
    170000: r"SET EXPRESSION|STATISTICS DEFAULT|METHOD DEFAULT|JSON_TABLE|RETURNING merge_action",
    180000: r"NOT ENFORCED|VIRTUAL|OVERLAPS|PERIOD|NOT NULL a|NOT NULL b|CONSTRAINT n NOT NULL|"
    r"CONSTRAINT c (NO )?INHERIT|AS \(a\)\)",
}


@pytest.mark.parametrize(("statement", "expected"), CASES, ids=[case[0][:60] for case in CASES])
def test_statement_is_read_as(statement: str, expected: Command):
    assert read_statements(statement) == (expected,)


def test_there_are_cases_of_every_command_action_and_kind():
    met = {type(part) for _, value in CASES for part in parts(value)}
    assert {*get_args(Command), *get_args(Action)} - met == {Unread}
    # A constraint and a column are dropped as actions, and only commented on by name.
    assert (
        set(ObjectKind)
        - {part.kind for _, value in CASES for part in parts(value) if hasattr(part, "kind")}
        == set()
    )


@pytest.mark.django_db
def test_the_server_reads_every_case():
    version = connection.pg_version
    refused = [
        statement
        for statement, _ in CASES
        if not server_reads(statement.replace("%s", "NULL"))
        and not any(version < since and re.search(words, statement)
                    for since, words in SINCE.items())
    ]  # fmt: skip
    assert refused == []


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELEC 1", "a statement of PostgreSQL is expected, not 'SELEC'"),
        ("ALTER TABLE t ADD", "a name is expected after 'ADD', not 'the end'"),
        ("ALTER TABLE t ADD a int b", "'b' is not expected after 'int'"),
        ("ALTER TABLE t MODIFY a int",
         "an action such as ADD, DROP, ALTER, RENAME or SET is expected after 't', not 'MODIFY'"),
        ("CREATE TABLE t (a int", "')' is expected after 'int', not 'the end'"),
        ("CREATE TABLE t (a int DEFAULT (1)", "')' is expected after ')', not 'the end'"),
        ("CREATE TABLE t (a int AUTO_INCREMENT)",
         "')' is expected after 'int', not 'AUTO_INCREMENT'"),
        ("CREATE TABLE t (a int UNIQUE NOT x)", "')' is expected after 'UNIQUE', not 'NOT'"),
        ("DROP THING x", "a kind of object is expected after 'DROP', not 'THING'"),
        ("ALTER TABLE `t` ADD a int",
         'backquotes are MySQL\'s; PostgreSQL quotes names with "…"'),
        ("SELECT 'a", "a string does not end"),
        ('SELECT "a', "a quoted name does not end"),
        ("DO $x$ a $y$", "a dollar-quoted string does not end"),
        ("SELECT 1 /* /* */", "a comment does not end"),
        ("\\i more.sql", "a command of psql (it begins with a backslash) is no SQL"),
        ("SELECT {{ x }}", "no statement of PostgreSQL holds '{'"),
        ("DELETE t", "a table is expected and none is named"),
        ("INSERT INTO VALUES (1)", "a table is expected and none is named"),
        ("LOCK t IN BIG MODE", "a lock mode is expected after 'IN', not 'BIG'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(statement: str, reason: str):
    (read,) = read_statements(statement)
    assert isinstance(read, Unread)
    assert read.reason == reason


def parts(value: Any) -> Iterator[Any]:
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from parts(part)
