"""The types that expressions are said to have are those that PostgreSQL gives them."""

from __future__ import annotations

import pytest
from django.db import connection

from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.numbers import digits_of
from modeler.mongo.formulas.types import typed
from modeler.schema.column import Column
from modeler.schema.sql_expressions import read_sql

TYPES = {
    "s": "text", "v": "character varying(20)", "w": "character varying(9)", "i": "integer",
    "h": "smallint", "l": "bigint", "n": "numeric(9,2)", "m": "numeric(5,4)", "u": "numeric",
    "f": "double precision", "r": "real", "b": "boolean", "d": "date", "e": "date",
    "t": "timestamp with time zone", "p": "timestamp without time zone",
    "c": "time without time zone", "x": "interval", "j": "jsonb", "k": "json", "a": "text[]",
    "y": "integer[]", "g": "uuid", "z": "bytea", "q": "int4range", "o": "tstzrange",
}  # fmt: skip
COLUMNS = {name: Column(name, kind, null=True) for name, kind in TYPES.items()}
TABLE = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
EXPRESSIONS = """
lower(v); upper(s); initcap(s); btrim(s); ltrim(v, 'x'); left(s, 2); right(s, 2); length(v)
substr(s, 1, 2); replace(s, 'a', 'b'); md5(s); reverse(s); repeat(s, 2); lpad(s, 9); s || v
split_part(s, '-', 1); concat(s, i); to_hex(i); strpos(s, 'a'); octet_length(s); ascii(s)
i + h; i + l; h + h; i * 2; i / 2; i % 3; - i; l - 1; i + 5000000000; i ^ 2; i & 1; h | 1; l # i
n + n; n + i; n * n; n * h; n - 1.5; n / 3; n % 7; n % m; u + 1; n + f; f * 2; r * 2; r + i; - n
r + r; f / r; n * 0.01; m * m * m * m; l * n * n; n ^ 2; n + 1e3
abs(i); abs(n); abs(f); ceil(n); floor(n); ceil(f); round(n); round(n, 1); round(i); trunc(n)
trunc(n, 1); trunc(f); sign(n); sign(f); sqrt(n); sqrt(i); exp(f); ln(n); power(n, 2); power(f, 2)
mod(i, 3); mod(n, 7); mod(l, i)
coalesce(s, v); coalesce(v, ''); coalesce(v, w); coalesce(i, 0); coalesce(i, l); coalesce(n, 0)
coalesce(n, i, 1.234); coalesce(d, '2020-01-01'); coalesce(d, t); coalesce(f, n); coalesce(g, g)
greatest(i, l); least(n, 1); greatest(d, e); nullif(s, ''); nullif(i, 0); coalesce(d, p)
coalesce(j, '{}'); greatest(r, i); coalesce(p, t); coalesce(x, x); coalesce(b, false)
CASE WHEN b THEN s ELSE v END; CASE WHEN b THEN i END; CASE WHEN b THEN n ELSE 0 END
CASE WHEN b THEN 1 ELSE 2.5 END; CASE WHEN i > 1 THEN 'a' WHEN b THEN 'c' ELSE NULL END
i > 1; s = v; NOT b; b AND i > 1; s LIKE 'a%'; s ~ 'a'; i IN (1, 2)
s IS NULL; i IS DISTINCT FROM 1
s = ANY (a); a @> ARRAY['x']; a && ARRAY['x']; j @> '{}'; j ? 'a'; b IS NOT TRUE; q @> 3
d + 1; d - 1; d - e; d + c; t - t; p - p; p + x; d + x; t + x; x + x; x * 2; 1 + d; d - p
date_trunc('day', t AT TIME ZONE 'UTC'); date_trunc('day', p); date_trunc('day', t, 'UTC')
date_trunc('month', d); t AT TIME ZONE 'UTC'; p AT TIME ZONE 'UTC'; date_trunc('hour', x)
extract(year FROM d); extract(epoch FROM p); extract(second FROM p); extract(dow FROM d)
date_part('year', d); (t AT TIME ZONE 'UTC')::date; make_date(2020, 1, 1); isfinite(d)
j -> 'a'; j ->> 'a'; j -> 'a' ->> 'b'; j #> '{a,b}'; j #>> '{a,b}'; k ->> 'a'; k -> 'a'; j -> 0
(j ->> 'a')::numeric; (j ->> 'a')::numeric(8,2); (j ->> 'a')::integer; jsonb_typeof(j)
jsonb_array_length(j); jsonb_extract_path_text(j, 'a'); j || '{}'; to_jsonb(i); j - 'a'
i::text; n::integer; s::varchar(5); i::bigint; f::numeric; d::timestamp; g::text; b::integer
cardinality(a); array_length(a, 1); a[1]; a || ARRAY['x']; array_append(y, 1); a::text
array_to_string(a, ','); string_to_array(s, ','); array_position(a, 'x'); ARRAY[i, h]; y || 1
lower(q); upper(q); lower(o); isempty(q); lower_inc(q); sha256(z); decode(s, 'hex')
encode(z, 'hex'); num_nulls(i, s); starts_with(s, 'a'); s COLLATE "C"; lower(s COLLATE "C")
trim_scale(u); 'x'; 1; 1.50; true; date '2020-01-01'; interval '1 day'
timestamp '2020-01-01 00:00'
"""
CASES = [one.strip() for line in EXPRESSIONS.strip().splitlines() for one in line.split(";")]
TEXTS = {"character varying": "text", "unknown": "text"}


def base(kind: str) -> str:
    if kind.startswith(("timestamp", "time")):
        return kind
    plain = kind.partition("(")[0]
    return TEXTS.get(plain, plain)


@pytest.fixture(scope="module")
def of_server(django_db_setup, django_db_blocker):
    """The types that the server says, of all cases at once, and of NULLs alone."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE every ({TABLE})")
        cursor.execute("INSERT INTO every DEFAULT VALUES")
        found = {}
        for case in CASES:
            cursor.execute(f"SELECT pg_typeof({case})::text, ({case}) IS NULL FROM every")
            found[case] = cursor.fetchone()
        cursor.execute("DROP TABLE every")
    return found


@pytest.mark.parametrize("case", CASES)
def test_the_type_is_the_servers(case, of_server):
    value = typed(read_sql(case, types=TYPES), COLUMNS)
    kind, null = of_server[case]
    assert base(value.type) == base(kind)
    assert value.null or not null


LIMITS = {
    "n": ("9999999.99", "-9999999.99", "0.01"), "m": ("9.9999", "-9.9999", "0.0001"),
    "i": ("2147483647", "-2147483648", "7"), "h": ("32767", "-32768", "3"),
    "l": ("9223372036854775807", "-9223372036854775808", "11"),
}  # fmt: skip
BOUNDED = [case for case in CASES if (digits_of(typed(read_sql(case, types=TYPES), COLUMNS).type))]
BOUNDED = [
    case for case in BOUNDED
    if typed(read_sql(case, types=TYPES), COLUMNS).type.startswith("numeric") and "j" not in case
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", BOUNDED)
def test_no_value_has_more_digits_than_is_said(case):
    kind = typed(read_sql(case, types=TYPES), COLUMNS).type
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE every ({TABLE})")
        for values in zip(*LIMITS.values(), strict=True):
            cursor.execute(
                f"INSERT INTO every ({', '.join(LIMITS)}, d, p, b) VALUES "
                f"({', '.join(values)}, '9999-12-31', '9999-12-31 23:59:59.999999', true)"
            )
        cursor.execute(f"SELECT count(*) FROM every WHERE ({case})::{kind} <> ({case})")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("mine(s)", "what the function mine returns is not known"),
        ("d * 2", "the type of date * integer is not known"),
        ("coalesce(d, i)", "date and integer meet in it"),
        ("NULL", None),
    ],
)
def test_what_is_not_known_is_said(case, reason):
    if reason is None:
        assert typed(read_sql(case), COLUMNS).type == ""
        return
    with pytest.raises(NotCarried) as error:
        typed(read_sql(case), COLUMNS)
    assert str(error.value) == reason
