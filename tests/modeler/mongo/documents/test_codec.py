"""Every type of PostgreSQL as it arrives in a document, and that its rules accept it."""

from __future__ import annotations

from datetime import datetime

import bson
import pytest
from bson import Decimal128, Int64
from bson.binary import Binary
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from modeler.mongo.decimals import decimal128
from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.spec import collection_specs
from modeler.mongo.validator import validator
from modeler.schema.live import read_database

ID = "0188a1b2-0000-7000-8000-00000000000f"
UUID = Binary(bytes.fromhex(ID.replace("-", "")), 4)
RANGE = {"li": True, "ui": False, "empty": False}
NOON = datetime(2026, 1, 2, 12, 30)
# type, value in SQL, value in the document after a round trip through BSON
VALUES = [
    ("smallint", "-32768", -32768),
    ("integer", "7", 7),
    ("bigint", "7", Int64(7)),
    ("real", "0.5", 0.5),
    ("double precision", "'-Infinity'", float("-inf")),
    ("numeric(10,2)", "12.5", Decimal128("12.50")),
    ("numeric(10,2)", "-0.05", Decimal128("-0.05")),
    (
        "numeric(34,0)",
        "9999999999999999999999999999999999",
        Decimal128("9999999999999999999999999999999999"),
    ),
    (
        "numeric",
        "1234567890123456789012345678901234567.5",
        "1234567890123456789012345678901234567.5",
    ),
    ("boolean", "true", True),
    ("varchar(20)", "'Ä ö'", "Ä ö"),
    ("char(4)", "'ab'", "ab"),
    ("text", "''", ""),
    ("uuid", f"'{ID}'", UUID),
    ("date", "'2026-01-02'", datetime(2026, 1, 2)),
    ("timestamptz", "'2026-01-02 13:30:00.123999+01'", NOON.replace(microsecond=123000)),
    ("timestamp", "'2026-01-02 12:30'", NOON),
    ("time", "'12:30:00.000005'", "12:30:00.000005"),
    ("interval", "'1 day -2 microseconds'", Int64(86_399_999_998)),
    ("bytea", r"'\x00ff'", b"\x00\xff"),
    (
        "jsonb",
        """'{"a.b": [1, 2.5, null, {"$x": true}]}'""",
        {"a.b": [1, 2.5, None, {"$x": True}]},
    ),
    ("json", "'[]'", []),
    ("inet", "'10.0.0.1'", "10.0.0.1"),
    ("inet", "'10.0.0.0/8'", "10.0.0.0/8"),
    ("cidr", "'10.0.0.0/8'", "10.0.0.0/8"),
    ("integer[]", "'{1,NULL,3}'", [1, None, 3]),
    ("integer[]", "'{{1,2},{3,4}}'", [[1, 2], [3, 4]]),
    ("bigint[]", "'{1,NULL}'", [Int64(1), None]),
    ("numeric(6,2)[]", "'{1.5}'", [Decimal128("1.50")]),
    ("uuid[]", f"'{{{ID}}}'", [UUID]),
    ("date[]", "'{2026-01-02}'", [datetime(2026, 1, 2)]),
    ("timestamptz[]", "'{2026-01-02 12:30+00}'", [NOON]),
    ("text[]", """ARRAY['a"b', NULL, '']""", ['a"b', None, ""]),
    ("int4range", "'[1,5]'", {"lower": 1, "upper": 6, **RANGE}),
    ("int8range", "'[1,)'", {"lower": Int64(1), "upper": None, **RANGE}),
    ("numrange", "'[1.5,2)'", {"lower": "1.5", "upper": "2", **RANGE}),
    (
        "daterange",
        "'[2026-01-02,2026-01-03)'",
        {"lower": datetime(2026, 1, 2), "upper": datetime(2026, 1, 3), **RANGE},
    ),
    (
        "int4range",
        "'empty'",
        {"lower": None, "upper": None, "li": False, "ui": False, "empty": True},
    ),
    ("point", "'(1,2)'", "(1,2)"),
    ("time", "'24:00'", "24:00:00.000000"),
    (
        "time[]",
        "'{12:24:00.000005,24:00,00:00:00.5}'",
        ["12:24:00.000005", "24:00:00.000000", "00:00:00.500000"],
    ),
    ("timetz", "'24:00+01'", "23:00:00.000000"),
    ("timetz[]", "'{24:00+01,12:24:00.5-03:30}'", ["23:00:00.000000", "15:54:00.500000"]),
    ("timetz", "'12:30:00+01'", "11:30:00.000000"),
    ("timetz[]", "'{12:30:00+01,NULL}'", ["11:30:00.000000", None]),
    ("timetz[]", "'{{00:30:00+01},{12:30:00Z}}'", [["23:30:00.000000"], ["12:30:00.000000"]]),
    ("interval[]", "'{1 day,NULL}'", [Int64(86_400_000_000), None]),
    ("bytea[]", r"""'{"\\x00ff",NULL}'""", [b"\x00\xff", None]),
    ("jsonb[]", """ARRAY['{"a": 1}'::jsonb, NULL, 'null']""", [{"a": 1}, None, None]),
    ("real[]", "'{0.5,NULL}'", [0.5, None]),
    ("inet[]", "'{10.0.0.1,10.0.0.0/8,NULL}'", ["10.0.0.1", "10.0.0.0/8", None]),
    ("cidr[]", "'{10.0.0.0/8}'", ["10.0.0.0/8"]),
    ("char(4)[]", "'{ab}'", ["ab"]),
    ("int4range[]", """'{"[1,5]",NULL}'""", [{"lower": 1, "upper": 6, **RANGE}, None]),
    (
        "daterange[]",
        """'{"[2026-01-02,2026-01-03)"}'""",
        [{"lower": datetime(2026, 1, 2), "upper": datetime(2026, 1, 3), **RANGE}],
    ),
    ("int4multirange", "'{[1,5],[8,9]}'", "{[1,6),[8,10)}"),
    ("int4multirange[]", "'{\"{[1,5]}\"}'", ["{[1,6)}"]),
    ("floats_range", "'[1.5,2)'", "[1.5,2)"),
    ("floats_range[]", """'{"[1.5,2)"}'""", ["[1.5,2)"]),
    ("in_range", "'near'", "near"),
    ("in_range[]", "'{near,far}'", ["near", "far"]),
    ("words", "'{a,NULL}'", ["a", None]),
    ("spans", """'{"[1,5]"}'""", [{"lower": 1, "upper": 6, **RANGE}]),
    (
        "date_range",
        "'[2026-01-02,2026-01-03)'",
        {"lower": datetime(2026, 1, 2), "upper": datetime(2026, 1, 3), **RANGE},
    ),
    ("money", "12.5", "$12.50"),
    ("money[]", "'{12.5}'", ["$12.50"]),
    ("bit(3)", "B'101'", "101"),
    ("bit(3)[]", "'{101}'", ["101"]),
    ("varbit", "B'1'", "1"),
    ("macaddr", "'08:00:2b:01:02:03'", "08:00:2b:01:02:03"),
    ("macaddr[]", "'{08:00:2b:01:02:03}'", ["08:00:2b:01:02:03"]),
    ("oid", "7", "7"),
    ("name", "'x'", "x"),
    ("name[]", "'{x}'", ["x"]),
    ('"char"', "'x'", "x"),
    ("pg_lsn", "'0/1'", "0/1"),
    ("regclass", "'pg_class'", "pg_class"),
    ("box[]", "'{(1,2),(0,0)}'", ["(1,2),(0,0)"]),
    ("tsquery", "'a'", "'a'"),
    ("jsonpath", "'$.a'", '$."a"'),
    ("pair", "'(1,x)'", "(1,x)"),
    ("pair[]", """'{"(1,x)"}'""", ["(1,x)"]),
    ("hstore", "'a=>1,b=>NULL'", {"a": "1", "b": None}),
    ("hstore[]", """ARRAY['a=>1'::hstore, NULL]""", [{"a": "1"}, None]),
    ("citext", "'Ab'", "Ab"),
    ("citext[]", "'{Ab,NULL}'", ["Ab", None]),
    ("oidvector", "'1 2'", "1 2"),
    ("int2vector", "'1 2'", "1 2"),
]
EXTENSIONS = ("hstore", "citext")
TYPES = """
CREATE TYPE floats_range AS RANGE (subtype = float8);
CREATE TYPE in_range AS ENUM ('near', 'far');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN words AS text[];
CREATE DOMAIN spans AS int4range[];
CREATE DOMAIN date_range AS daterange;
"""  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "written", "expected"), VALUES)
def test_a_value_of_a_type(kind, written, expected):
    with connection.cursor() as cursor:
        if (extension := kind.removesuffix("[]")) in EXTENSIONS:
            cursor.execute("SELECT FROM pg_available_extensions WHERE name = %s", [extension])
            if cursor.fetchone() is None:
                pytest.skip(f"this PostgreSQL comes without {extension}")
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        cursor.execute(TYPES)
        cursor.execute(f'CREATE TABLE typed (id integer PRIMARY KEY, "o{{%s}}" {kind})')
        cursor.execute(f"INSERT INTO typed VALUES (1, {written}), (2, NULL)")
    schema = read_database(connection, alias="default")
    tables = [table for table in schema.tables if table.name == "typed"]
    (spec,) = collection_specs(schema, tables)
    with connection.cursor() as cursor:
        built = DocumentBuilder(schema, spec).documents(cursor, [("1",), ("2",), ("3",)])
    assert set(built) == {("1",), ("2",)}  # there is no third row
    (name,) = [field.name for field in spec.fields]
    read = {key: bson.decode(bson.encode(one))[name] for key, one in built.items()}
    assert read[("1",)] == expected
    assert type(read[("1",)]) is type(expected)
    assert read[("2",)] is None
    evaluator = compile_validator(validator(spec))
    for document in built.values():
        assert evaluator.broken(document) == ()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**28),
                   max_value=10**28))  # fmt: skip
def test_a_decimal_keeps_every_digit(number):
    text = format(number, "f")
    assert decimal128(text) == Decimal128(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "0", "-0", "0.00", "1" * 34])
def test_decimals_at_the_edges(text):
    made = decimal128(text)
    assert str(made) == str(Decimal128(text)) or text == "-0"


def test_more_digits_than_decimal128_has():
    with pytest.raises(ValueError, match="more than 34 digits"):
        decimal128("1" * 35)
