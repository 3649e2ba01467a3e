"""What the catalogue says of columns whose domains stand on domains."""

from __future__ import annotations

import pytest
from django.db import connection

from modeler.schema.live import read_database
from tests.modeler.mongo.parity.constraints import read_constraints
from tests.modeler.mongo.parity.edges import Condition
from tests.modeler.mongo.parity.relaxed import make_twins, twin_schema

TABLES = """
CREATE SCHEMA parity_domains;
SET search_path = parity_domains, public;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN amount AS numeric(6, 2) CONSTRAINT amount_low CHECK (VALUE >= 0);
CREATE DOMAIN price AS amount NOT NULL CONSTRAINT price_word CHECK (VALUE::text <> 'VALUE');
CREATE DOMAIN fee AS price CONSTRAINT fee_high CHECK (VALUE < 100);
CREATE DOMAIN fees AS fee[] CONSTRAINT fees_few CHECK (cardinality(VALUE) < 3);
CREATE DOMAIN feeling AS mood;
CREATE TABLE bill (id integer PRIMARY KEY, fee fee, "a fee" fee DEFAULT 1, fees fees,
    codes varchar(4)[], moods feeling[], mood feeling, CONSTRAINT fee_high CHECK (id > 0));
INSERT INTO bill VALUES (1, 2, 3, '{1,2}', '{ab}', '{ok}', 'sad');
"""


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        yield cursor


def test_domains_are_read_down_to_the_type_at_the_bottom(cursor):
    schema = read_database(connection, schemas=["parity_domains"])
    table = next(one for one in schema.tables if one.name == "bill")
    rules = read_constraints(cursor, table)
    assert [(one.name, one.kind, one.not_null, one.base) for one in rules.columns.values()] == [
        ("id", "integer", True, "integer"),
        ("fee", "fee", True, "numeric(6,2)"),
        ("a fee", "fee", True, "numeric(6,2)"),
        ("fees", "fees", False, "numeric(6,2)[]"),
        ("codes", "character varying(4)[]", False, "character varying(4)[]"),
        ("moods", "feeling[]", False, "mood[]"),
        ("mood", "feeling", False, "mood"),
    ]
    assert {(check.name, check.columns) for check in rules.checks} == {
        ("fee_high", ("id",)),
        *((f"{column}_{name}", (column,)) for column in ("fee", "a fee", "fees")
          for name in ("amount_low", "price_word", "fee_high")),
        ("price_not_null", ("fees",)), ("fees_few", ("fees",)),
    }  # fmt: skip
    assert rules.labels == ("mood",)

    # What each of them says, by values that domains themselves would refuse.
    row = dict.fromkeys(rules.columns)
    cases = {
        "a fee_fee_high": [("99.99", True), ("100", False), (None, None)],
        "a fee_price_word": [("1", True)],
        "fees_fee_high": [("{1,99}", True), ("{1,100}", False), ("{}", None), (None, None)],
        "fees_amount_low": [("{NULL,1}", True), ("{{1},{-1}}", False)],
        "price_not_null": [("{1}", True), ("{1,NULL}", False)],
        "fees_few": [("{1,2,3}", False)],
    }
    for check in rules.checks:
        if check.name in cases:
            condition = Condition(cursor, check.sql, [rules.columns[check.columns[0]]])
            trials = [{check.columns[0]: value} for value, _ in cases[check.name]]
            answers = [answer for _, answer in condition.answers(row, trials)]
            assert answers == [answer for _, answer in cases[check.name]], check.name

    twins = twin_schema(schema, [table.key])
    make_twins(cursor, schema, twins)
    place = next(one.location for one in twins.tables if one.name == "bill")
    cursor.execute(
        "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
        " %s::regclass AND attnum > 0 ORDER BY attnum",
        [f"{place.schema}.{place.table}"],
    )
    assert cursor.fetchall() == [
        ("id", "bigint"), ("fee", "numeric"), ("a fee", "numeric"), ("fees", "numeric[]"),
        ("codes", "text[]"), ("moods", "text[]"), ("mood", "text"),
    ]  # fmt: skip
