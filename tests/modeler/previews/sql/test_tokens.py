"""Tokens of texts of statements: lenient, with what only statements hold."""

from __future__ import annotations

import pytest

from modeler.errors import FormatError
from modeler.schema.sql_tokens import lenient_tokens, tokens


def kinds(sql: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in lenient_tokens(sql)[:-1]]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("a /* b /* c */ d */ e", [("name", "a"), ("name", "e")]),
        ("$$a;b$$", [("string", "a;b")]),
        ("$x$ $$ $x$", [("string", " $$ ")]),
        ("a=%s", [("name", "a"), ("operator", "="), ("placeholder", "%s")]),
        ("%(a)s $12", [("placeholder", "%(a)s"), ("placeholder", "$12")]),
        ("a % size", [("name", "a"), ("operator", "%"), ("name", "size")]),
        ('U&"d\\0061t"', [("quoted", "dat")]),
        ("U&'\\0061'", [("string", "a")]),
        ("ÄB", [("name", "Äb")]),
        ("'a\\'b", [("string", "a\\"), ("name", "b")]),
        ("a \\ b", [("name", "a"), ("bad", "\\"), ("name", "b")]),
        ("a 'b;", [("name", "a"), ("bad", "'b;")]),
        ("a /* b", [("name", "a"), ("bad", "/* b")]),
        ("$$ a", [("bad", "$$ a")]),
        ("E'\\UFFFFFFFF'", [("string", "E'\\UFFFFFFFF'")]),
    ],
)
def test_text_has_tokens(sql: str, found: list[tuple[str, str]]):
    assert kinds(sql) == found


@pytest.mark.parametrize("sql", ["a /* b", "'a", "E'\\UFFFFFFFF'", "a \\ b", "a = $1", "%(a)s"])
def test_expressions_are_read_strictly(sql: str):
    with pytest.raises(FormatError):
        tokens(sql)
