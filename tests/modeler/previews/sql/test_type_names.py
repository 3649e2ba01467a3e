"""Types as the server prints them."""

from __future__ import annotations

import pytest
from django.db import connection

from modeler.previews.sql.reader import read_statements
from modeler.previews.sql.type_names import canonical_type, is_serial

WRITTEN = """
bigint | int8 | int | int2 | smallint | bigserial | serial4 | boolean | bool | text | varchar
varchar(20) | character varying(20) | char | char(3) | character (4) | bpchar(3) | nchar(2)
national character varying (7) | national char(3) | "char" | name | bytea | uuid | json | jsonb
numeric | numeric(10) | numeric(10, 2) | decimal ( 5 , 1 ) | dec | real | float | float(10)
float(30) | float8 | double precision | bit | bit(3) | bit varying | bit varying(5) | varbit(4)
timestamp | timestamp(3) | timestamptz | timestamptz(3) | timestamp with time zone
timestamp (3) with time zone | timestamp without time zone | time | timetz | time(2)
time with time zone | time without time zone | date | interval | interval(2) | interval day
interval day to second(3) | interval year to month | INT4[] | int[3] | int [2][3] | int array
int ARRAY[4] | varchar(5)[] | timestamp(3) with time zone[] | pg_catalog.int4
pg_catalog.varchar(10) | "text" | "int4" | "Mood" | pg_temp."Mood"[] | mood | inet | cidr
tsvector | int4range | point | money | xml | oid | regclass | "timestamptz"
"bit" | "varchar"(3) | "time"
"""
TYPES = [part.strip() for line in WRITTEN.strip().splitlines() for part in line.split("|")]


@pytest.mark.django_db
@pytest.mark.parametrize("written", TYPES)
def test_canonical_type_is_what_the_server_prints(written: str):
    declared = f"CREATE TEMP TABLE probe (a {written})"
    (table,) = read_statements(declared)
    (column,) = table.columns
    with connection.cursor() as cursor:
        cursor.execute("CREATE TYPE pg_temp.\"Mood\" AS ENUM ('a')")
        cursor.execute("CREATE TYPE pg_temp.mood AS ENUM ('a')")
        cursor.execute("SET LOCAL search_path TO pg_temp, public")
        cursor.execute(declared)
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'probe'::regclass AND attname = 'a'"
        )
        ((printed,),) = cursor.fetchall()
    assert canonical_type(written).removeprefix("pg_temp.") == printed
    # What the reader gives is read the same way again.
    assert canonical_type(column.type) == canonical_type(written)


def test_what_is_no_type_stays():
    assert canonical_type("no ( type") == "no ( type"
    assert canonical_type('s."Mood" [3]') == 's."Mood"[]'
    assert canonical_type("geometry(Point, 4326)") == "geometry(Point,4326)"


def test_serials():
    assert is_serial("bigserial")
    assert not is_serial("bigint")
