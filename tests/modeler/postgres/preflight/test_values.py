"""Names and figures as a preflight reads and says them."""

from __future__ import annotations

import pytest

from modeler.errors import ConfigurationError
from modeler.postgres.preflight.intent import split_name
from modeler.postgres.preflight.obstacle import seconds, size


@pytest.mark.parametrize(
    ("relation", "parts"),
    [
        ("purchase", ("", "purchase")),
        ("shop.purchase", ("shop", "purchase")),
        ('"a.b"."c""d"', ("a.b", 'c"d')),
        ('shop."Order"', ("shop", "Order")),
    ],
)
def test_names_are_split_as_they_are_quoted(relation, parts):
    assert split_name(relation) == parts


@pytest.mark.parametrize("relation", ["", ".", "a.b.c", 'a"b', "a b", "a.", ".a"])
def test_what_is_no_name_is_refused(relation):
    with pytest.raises(ConfigurationError, match="is no name of a table"):
        split_name(relation)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (7200, "2.0 h"), (200_000, "2 days")],
)
def test_durations_are_said_as_people_do(value, text):
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12, "12 B"), (2048, "2.0 kB"), (15 * 2**20, "15 MB"), (3 * 2**40, "3.0 TB")],
)
def test_sizes_are_said_as_people_do(value, text):
    assert size(value) == text
