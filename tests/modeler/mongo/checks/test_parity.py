"""Conditions on a real PostgreSQL and on a real MongoDB: the same rows, the same verdicts."""

from __future__ import annotations

import json
import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from bson import Decimal128, Int64, json_util
from django.db import connection
from psycopg.types.range import Range

from modeler.mongo.checks.document import DocumentFields
from modeler.mongo.checks.logic import CASE_OF_LETTERS, Logic
from modeler.mongo.checks.value import any_of
from modeler.mongo.filters import NotCarried
from modeler.mongo.types import field_spec
from modeler.schema.column import Column
from modeler.schema.expression import columns_of
from modeler.schema.sql_expressions import read_sql

IDS = [uuid.UUID(int=number) for number in (1, 2**127)]
DAYS = [date(1999, 12, 31), date(2024, 2, 29), date(2026, 11, 26)]
MOMENTS = [datetime(2026, 1, 2, 3, 4, 5, 678000, UTC), datetime(1970, 1, 1, tzinfo=UTC)]
TEXTS = ["", "a", "A", "ab-12", "AB-12", " a ", "ÄÖ", "a\nb", "$a", "x" * 30, "a%b", "50%"]
FLOATS = [0.0, -1.5, 2.0, 1e300, float("nan"), float("inf")]
# column: type for PostgreSQL, Django's field, whether NULL may be in it, values
COLUMNS = {
    "a": ("integer", "IntegerField", True, [-2, -1, 0, 1, 2, 7, 10_000]),
    "b": ("integer", "IntegerField", False, [-3, 0, 1, 2, 5]),
    "big": ("bigint", "BigIntegerField", True, [0, 2**40, -(2**62)]),
    "price": ("numeric(8,2)", "DecimalField", True, [*map(Decimal, ("0", "0.10", "1.5", "-7"))]),
    "tax": ("numeric(8,2)", "DecimalField", False, [*map(Decimal, ("0", "0.20", "3", "0.3"))]),
    "total": ("numeric(9,2)", "DecimalField", False, [*map(Decimal, ("0.30", "1.7", "0", "-4"))]),
    "f": (
        "double precision",
        "FloatField",
        True,
        FLOATS,
    ),
    "s": ("character varying(40)", "CharField", False, TEXTS),
    "t": ("text", "TextField", True, TEXTS),
    "flag": ("boolean", "BooleanField", True, [True, False]),
    "on_": ("boolean", "BooleanField", False, [True, False]),
    "d1": ("date", "DateField", True, DAYS),
    "d2": ("date", "DateField", False, DAYS),
    "m1": ("timestamp with time zone", "DateTimeField", True, MOMENTS),
    "m2": ("timestamp with time zone", "DateTimeField", False, MOMENTS),
    "u": ("uuid", "UUIDField", True, IDS),
    "tm": ("time without time zone", "TimeField", True, [time(0), time(12, 30, 0, 5)]),
    "arr": ("integer[]", "ArrayField", True, [[], [1], [1, 2, 3]]),
    "span": ("int4range", "IntegerRangeField", True, [Range(1, 5), Range(empty=True)]),
    "j": ("jsonb", "JSONField", True, [{"k": 1}, [1], "x", 1.5, True]),
}
CONDITIONS = """
a > 0
a >= 1 AND a <= 7
a BETWEEN 0 AND 2 OR b = 5
NOT (a > 0)
NOT (a > 0 AND b > 1)
NOT (a > 0 OR flag)
a IS NULL
a IS NOT NULL OR t IS NOT NULL
(a IS NULL) = (t IS NULL)
(a IS NULL AND t IS NULL) OR (a IS NOT NULL AND t IS NOT NULL)
a <> b
a = b OR a IS DISTINCT FROM 1
a IS NOT DISTINCT FROM b
a IN (1, 2, 7)
NOT (a IN (1, 2))
a NOT IN (1, NULL)
a IN (1, NULL)
a = ANY (ARRAY[1, 2])
b IN (a, 1)
a + b > 2
a - b <> 0
a * b <= 4
a / 2 = 0
a % 2 = 0
-a < b
abs(a) <= 2
price >= 0
price >= 0.10 AND price < 1.5
price + tax = total
total = price + tax + 0.00
total >= price
price * 2 > tax
price IS NULL OR tax > 0
big > 1099511627775
big + 1 > 0
f >= 0
f < 1.5
f * 2 <> 4
s = 'a'
s <> ''
t = '$a'
s IN ('a', '$a', 'A')
length(s) >= 2
char_length(t) < 3
length(btrim(s)) > 0
s = upper(s) OR length(s) > 2
lower(t) = t
btrim(t) = t
t LIKE 'a%'
t NOT LIKE 'a%'
t ILIKE 'A%'
t LIKE '50\\%'
t LIKE '_'
s ~ '^[A-Z]{2}-[0-9]+$'
s ~* '^[A-Z]{2}-[0-9]+$'
s !~ '^a'
t ~ '^.$'
t ~ 'b$'
s ~ '^\\w+$'
t ~ '^[[:alpha:]]+$'
t ~ '^[^[:space:]]*$'
s || 'x' = 'ax'
left(s, 1) = 'a'
strpos(s, 'b') > 0
replace(s, 'a', 'b') = s
flag
NOT flag
flag OR on_
flag IS NULL OR on_
flag = on_
flag IS TRUE
flag IS NOT TRUE
flag IS FALSE
d1 <= d2
d1 < d2
d2 >= '2024-02-29'::date
d2 - d1 >= 0
d1 + 1 > d2
date_part('year', d2) = 2024
m1 <= m2
m1 > '2000-01-01 00:00:00+00'::timestamptz
u = '00000000-0000-0000-0000-000000000001'::uuid
u IS NOT NULL OR a IS NOT NULL
coalesce(a, 0) >= 0
coalesce(a, b) = b
nullif(a, b) IS NULL
greatest(a, b) = b
least(a, b, 0) < 0
CASE WHEN a > 0 THEN b > 0 ELSE true END
CASE WHEN flag THEN a WHEN on_ THEN b ELSE 0 END > 0
CASE WHEN a > 0 THEN price END > 0
num_nonnulls(a, b) = 1
cardinality(arr) <= 2
array_length(arr, 1) >= 1
array_length(arr, 1) IS NULL
isempty(span)
NOT isempty(span) AND a > 0
jsonb_typeof(j) = 'object'
jsonb_typeof(j) IN ('array', 'number')
true
a > NULL
(a > 0) IS NOT NULL
""".strip().splitlines()
# What is refused, and a word of the reason.
REFUSED = {
    "s < 't'": "collation",
    "now() > m1": "now",
    "s ~ '\\mfoo'": "\\m",
    "(a)::text = '1'": "string",
    "price / tax > 1": "quotient",
    "price = f": "floating",
    "j = '{}'::jsonb": "",
    "date_part('year', m1) = 2026": "time zone",
    "md5(s) = 'x'": "md5",
    "md5(s) LIKE 'x%'": "md5",
    "j->>'k' = 'x'": "->>",
    "s ~ '(?i)x'": "options",
    "t ~ '\\1'": "\\1",
    "t ~ '[[.a.]]'": "collating",
    "arr = ARRAY[1]": "",
    "tm - tm > '1 hour'::interval": "",
    "round(price) = 1": "round",
}
ROWS = 400


def some_rows() -> list[dict]:
    chance = random.Random(7)
    return [
        {
            name: None if null and chance.random() < 0.25 else chance.choice(values)
            for name, (_, _, null, values) in COLUMNS.items()
        }
        for _ in range(ROWS)
    ]


def to_bson(value, field_type: str):
    match value:
        case None | bool() | str() | float() | uuid.UUID() | list() | dict():
            return value
        case int():
            return Int64(value) if field_type.startswith("Big") else value
        case Decimal():
            return Decimal128(value)
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return value.isoformat("microseconds")
        case Range():
            return {
                "lower": value.lower,
                "upper": value.upper,
                "li": value.lower_inc,
                "ui": value.upper_inc,
                "empty": value.isempty,
            }
        case timedelta():
            return Int64(value // timedelta(microseconds=1))
    raise AssertionError(value)


@pytest.fixture(scope="module")
def fields() -> DocumentFields:
    columns = {}
    for name, (database_type, field_type, null, _) in COLUMNS.items():
        facts = {"max_digits": 9, "decimal_places": 2} if field_type == "DecimalField" else {}
        if field_type == "ArrayField":
            facts["element"] = Column("", "integer", field_type="IntegerField")
        columns[name] = Column(name, database_type, null=null, field_type=field_type, **facts)
    return DocumentFields({name: field_spec(one) for name, one in columns.items()}, columns)


@pytest.fixture(scope="module")
def both(mongo_database, django_db_setup, django_db_blocker):
    """The same rows in both databases, by number."""
    rows = some_rows()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        declared = ", ".join(f"{name} {kind}" for name, (kind, *_) in COLUMNS.items())
        cursor.execute(f"CREATE TEMP TABLE parity (id int, {declared})")
        for number, row in enumerate(rows):
            values = [json.dumps(v) if n == "j" and v is not None else v for n, v in row.items()]
            marks = ", ".join(["%s"] * (len(values) + 1))
            cursor.execute(f"INSERT INTO parity VALUES ({marks})", [number, *values])
        mongo_database.drop_collection("parity")
        mongo_database.parity.insert_many(
            {"_id": number}
            | {name: to_bson(value, COLUMNS[name][1]) for name, value in row.items()}
            for number, row in enumerate(rows)
        )
        yield cursor, mongo_database.parity
        cursor.execute("DROP TABLE parity")


def compiled(condition: str, fields: DocumentFields):
    """The expression, with the guard of types, and the notes."""
    tree = read_sql(condition, types={name: kind for name, (kind, *_) in COLUMNS.items()})
    logic = Logic(fields)
    accepted = logic.not_false(tree)
    return any_of([*fields.guard(columns_of(tree)), accepted]), tuple(logic.notes)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_rows_are_accepted(both, fields, condition, django_db_blocker):
    cursor, collection = both
    with django_db_blocker.unblock():
        cursor.execute(f"SELECT id FROM parity WHERE ({condition}) IS NOT FALSE ORDER BY id")
        wanted = [number for (number,) in cursor.fetchall()]
    expression, notes = compiled(condition, fields)
    expression = json_util.loads(json.dumps(expression))
    if CASE_OF_LETTERS in notes:
        rows = dict(enumerate(some_rows()))
        plain = [n for n, row in rows.items() if f"{row['s']}{row['t']}".isascii()]
        wanted = [number for number in wanted if number in plain]
        expression = {"$and": [expression, {"$in": ["$_id", plain]}]}
    found = collection.find({"$expr": expression}, {"_id": 1}).sort("_id")
    assert [one["_id"] for one in found] == wanted
    assert wanted


@pytest.mark.parametrize(("condition", "word"), REFUSED.items())
def test_what_has_no_exact_counterpart_is_refused(fields, condition, word):
    with pytest.raises(NotCarried) as caught:
        compiled(condition, fields)
    assert word in str(caught.value)
