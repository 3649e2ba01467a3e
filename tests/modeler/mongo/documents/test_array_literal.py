"""Arrays of texts as PostgreSQL reads them."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modeler.mongo.documents.sql import array_literal

CASES = [
    ([], "{}"),
    (["1"], '{"1"}'),
    (["1", "2"], '{"1","2"}'),
    (["", "NULL", " "], '{"",' + '"NULL"," "}'),
    (['a"b'], '{"a\\"b"}'),
    (['a","b'], '{"a\\",\\"b"}'),
    (["a\\b", "{}"], '{"a\\\\b","{}"}'),
]


@pytest.mark.parametrize(("texts", "literal"), CASES)
def test_the_spelling(texts, literal):
    assert array_literal(texts) == literal


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), max_size=6
    )
)
def test_postgresql_reads_back_what_was_written(texts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_literal(texts)])
        assert cursor.fetchone() == (texts,)
