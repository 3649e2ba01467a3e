"""Numerics that are kept as text: their rule takes what PostgreSQL takes, as it prints it."""

from __future__ import annotations

import re

import pytest
from django.db import DataError, connection, transaction

from modeler.mongo.types import field_spec
from modeler.schema.column import Column

VALUES = [
    "0", "0.5", "-0.05", "7", "-7.25", "1000", "-12000", "NaN", "Infinity", "-Infinity", "1e200",
    "-1e200", "9" * 37, "9" * 38, "-" + "9" * 38, "9" * 39, "9" * 40, "1" + "0" * 40, "9" * 43,
    "1" + "0" * 42, "1" + "0" * 43, "0." + "0" * 3 + "9" * 36, "0." + "0" * 4 + "9" * 36,
    "0.9", "0.0001", "1.5", "9" * 38 + ".99", "9" * 38 + ".994",
]  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["numeric", "numeric(40,2)", "numeric(40,0)", "numeric(36,36)", "numeric(36,40)",
             "numeric(40,-3)"]
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_printed_passes_and_what_is_refused_does_not(kind):
    if "-" in kind and connection.pg_version < 150_000:
        pytest.skip("PostgreSQL 14 has no negative scale")
    rule = field_spec(Column("n", kind)).keyword("pattern")
    pattern = re.compile(rule.replace(r"\z", r"\Z"))
    verdicts = {}
    for value in VALUES:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT %s::{kind}::text", [value])
                (printed,) = cursor.fetchone()
            verdicts[value] = True, pattern.match(printed) is not None
        except DataError:
            plain = f"{value}" if "e" not in value else "-" * (value[0] == "-") + "1" + "0" * 200
            verdicts[value] = False, pattern.match(plain) is not None
    assert {value: pair for value, pair in verdicts.items() if pair[0] != pair[1]} == {}
    assert {accepted for accepted, _ in verdicts.values()} >= {True}
