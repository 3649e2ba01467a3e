"""Whatever the text, reading it ends, and what the server reads is read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modeler.previews.sql.commands import Command, Unread
from modeler.previews.sql.reader import read_statements
from modeler.schema.sql_tokens import lenient_tokens
from tests.modeler.previews.sql.cases_of import cases
from tests.modeler.previews.sql.server import server_reads


def words(statement: str) -> list[str]:
    return [statement[token.start : token.end] for token in lenient_tokens(statement)[:-1]]


STATEMENTS = [words(statement.replace("%s", "NULL")) for statement, _ in cases()]
ALL_WORDS = sorted({word for statement in STATEMENTS for word in statement})
# The server takes them for a name, and then complains that it is not there.
SAID_LATER = ("OWNED BY", "SAVEPOINT", "DOMAIN")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real statement with words taken out, doubled, swapped or put in."""
    found = list(draw(st.sampled_from(STATEMENTS)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(found)))
        match draw(st.integers(0, 3)):
            case 0:
                del found[place : place + 1]
            case 1:
                found[place:place] = found[place : place + 1]
            case 2:
                found[place : place + 2] = reversed(found[place : place + 2])
            case 3:
                found.insert(place, draw(st.sampled_from(ALL_WORDS)))
    return " ".join(found)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_gives_commands(text: str):
    for command in read_statements(text):
        assert isinstance(command, Command)


@given(mutated())
@settings(max_examples=400, deadline=None)
def test_mutated_statements_give_commands(sql: str):
    for command in read_statements(sql):
        assert isinstance(command, Command)


@pytest.mark.django_db
@given(sql=mutated())
# The same examples each time: a rare form that the server reads and we do not is said to the user
# as unread, and must not fail a build that has nothing to do with it.
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_the_server_reads_is_read(sql: str):
    unread = [command for command in read_statements(sql) if isinstance(command, Unread)]
    # Of data statements that are not plain the parser decides, which knows less than the server.
    ours = [command for command in unread if "sqlglot" not in command.reason]
    if ours and not any(words in sql for words in SAID_LATER):
        assert not server_reads(sql), ours
