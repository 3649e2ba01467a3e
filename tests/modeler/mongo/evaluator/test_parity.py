"""Conditions of SQL in the evaluator: the verdicts of a real PostgreSQL."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from modeler.mongo.checks.logic import CASE_OF_LETTERS
from modeler.mongo.evaluator import compile_validator
from tests.modeler.mongo.checks.test_parity import (  # noqa: F401 - fields is a fixture
    COLUMNS,
    CONDITIONS,
    compiled,
    fields,
    some_rows,
    to_bson,
)


@pytest.fixture(scope="module")
def postgres(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        declared = ", ".join(f"{name} {kind}" for name, (kind, *_) in COLUMNS.items())
        cursor.execute(f"CREATE TEMP TABLE evaluated (id int, {declared})")
        for number, row in enumerate(some_rows()):
            values = [json.dumps(v) if n == "j" and v is not None else v for n, v in row.items()]
            marks = ", ".join(["%s"] * (len(values) + 1))
            cursor.execute(f"INSERT INTO evaluated VALUES ({marks})", [number, *values])
        yield cursor
        cursor.execute("DROP TABLE evaluated")


DOCUMENTS = [
    {"_id": number} | {name: to_bson(value, COLUMNS[name][1]) for name, value in row.items()}
    for number, row in enumerate(some_rows())
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_rows_are_accepted(postgres, fields, condition, django_db_blocker):  # noqa: F811
    with django_db_blocker.unblock():
        postgres.execute(f"SELECT id FROM evaluated WHERE ({condition}) IS NOT FALSE ORDER BY id")
        wanted = [number for (number,) in postgres.fetchall()]
    expression, notes = compiled(condition, fields)
    evaluator = compile_validator({"$expr": expression})
    accepted = [one["_id"] for one in DOCUMENTS if evaluator.accepts(one)]
    if CASE_OF_LETTERS in notes:
        plain = {one["_id"] for one in DOCUMENTS if f"{one['s']}{one['t']}".isascii()}
        wanted, accepted = ([n for n in told if n in plain] for told in (wanted, accepted))
    assert accepted == wanted
    assert wanted
