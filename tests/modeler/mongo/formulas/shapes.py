"""Unique indexes of many shapes, and rows that they find equal or not."""

from __future__ import annotations

from typing import Any

COLUMNS = """id integer PRIMARY KEY, email varchar(80), nick text, name text NOT NULL,
    status varchar(10) NOT NULL, a integer, b integer, size smallint NOT NULL,
    price numeric(9,2), ratio double precision, big numeric, made timestamptz, day date,
    facts jsonb, tags text[], marks integer[], deleted timestamptz, flag boolean,
    language integer"""

FUNCTIONS = """
CREATE FUNCTION own_word(text) RETURNS varchar LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN $1 <> 'k' THEN $1 || '!' END;
CREATE FUNCTION own_number(text) RETURNS numeric LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN length($1) > 2 THEN 1.0 WHEN length($1) > 1 THEN 1.00 END;
CREATE FUNCTION own_array(text) RETURNS text[] LANGUAGE sql IMMUTABLE
    RETURN ARRAY[lower($1), '"{'];
"""

SHAPES: dict[str, str] = {
    "lower": "(lower(email))",
    "upper": "(upper(name))",
    "lower of two": "(lower(email), lower(nick))",
    "lower and plain": "(lower(email), status)",
    "coalesce": "(coalesce(nick, name))",
    "coalesce with a constant": "(coalesce(nick, ''), a)",
    "arithmetic": "((a + b))",
    "product": "((price * a))",
    "quotient of whole numbers": "((a / 2))",
    "remainder": "((a % 3))",
    "power": "((a ^ 2))",
    "rounded": "(round(price))",
    "absolute": "(abs(price))",
    "floating": "((ratio * 2))",
    "quotient of numerics": "((price / 3))",
    "day of a moment": "(date_trunc('day', made AT TIME ZONE 'UTC'))",
    "date of a moment": "(((made AT TIME ZONE 'UTC')::date))",
    "year": "(extract(year FROM day))",
    "date and days": "((day + 1))",
    "difference of days": "((day - date '2026-01-01'))",
    "text of JSON": "((facts ->> 'sku'))",
    "text deep in JSON": "((facts -> 'more' ->> 'sku'))",
    "number of JSON": "((((facts ->> 'n')::numeric)))",
    "concatenation": "((name || '/' || status))",
    "with nullable": "((nick || name))",
    "beginning": '("left"(name, 2))',
    "hash": "(md5(name))",
    "case": "((CASE WHEN status = 'open' THEN name ELSE NULL END))",
    "condition as a key": "((a > b))",
    "greatest": "(greatest(a, b))",
    "nullif": "(nullif(a, b))",
    "type changed": "((a::text))",
    "array's length": "(cardinality(tags))",
    "nulls equal": "(lower(email)) NULLS NOT DISTINCT",
    "two, nulls equal": "(lower(email), a) NULLS NOT DISTINCT",
    "array as a whole": "(tags)",
    "array of numbers": "(marks)",
    "numeric without bound": "(big)",
    "numeric without bound, rounded": "(trunc(big, 1))",
    "a function of one's own": "(own_word(name))",
    "one's own number": "(own_number(name))",
    "one's own array": "(own_array(name), status)",
    "lower of one's own": "(lower(own_word(name)))",
    # Conditions.
    "not a status": "(name) WHERE NOT (status = 'x')",
    "other than a status": "(name) WHERE status <> 'x'",
    "not among": "(name) WHERE status NOT IN ('x', 'open')",
    "is null": "(name) WHERE deleted IS NULL",
    "is not null": "(name) WHERE deleted IS NOT NULL",
    "columns compared": "(name) WHERE a < b",
    "other than a number": "(name) WHERE price <> 0",
    "pattern": "(name) WHERE lower(nick) LIKE 'a%'",
    "not the pattern": "(name) WHERE nick NOT LIKE 'a%'",
    "or": "(name) WHERE a < b OR deleted IS NULL",
    "and, half of it said": "(name) WHERE deleted IS NULL AND NOT (status = 'x')",
    "text in order": "(name) WHERE nick > 'b'",
    "floating in order": "(name) WHERE ratio > 1",
    "boolean": "(name) WHERE flag",
    "not boolean": "(name) WHERE NOT flag",
    "flag unknown": "(name) WHERE flag IS NOT TRUE",
    "in JSON": "(name) WHERE facts ->> 'sku' = 'p'",
    "of an array": "(name) WHERE 'u' = ANY (tags)",
    "moment": "(name) WHERE made >= '2026-01-02 00:00:00+00'",
    "per cent": "(name) WHERE a % 2 = 0",
    "expression and condition": "(lower(email)) WHERE deleted IS NULL AND a <> b",
    "fails beyond its condition": "((a / b)) WHERE b <> 0",
    "a condition that fails without the other": "(name) WHERE b <> 0 AND a / b >= 1",
    "said, and one that fails": "(name) WHERE status = 'x' AND 10 / size > 2",
    "expression, condition, nulls equal":
        "(lower(email)) NULLS NOT DISTINCT WHERE NOT (status = 'x')",
}  # fmt: skip

ROWS: tuple[dict[str, Any], ...] = (
    {"name": "ink", "status": "open", "size": 1},
    {"name": "Ink", "status": "x", "size": 1, "email": "Ada@x.example", "nick": "ink"},
    {"name": "ink", "status": "done", "size": 2, "email": "ada@X.example", "nick": "INK",
     "a": 1, "b": 2, "price": "1.50", "ratio": 1.5, "big": "1.0"},
    {"name": "in", "status": "open", "size": 2, "email": "ÉLAN@x.example", "nick": "",
     "a": 2, "b": 1, "price": "-1.50", "ratio": 3.0, "big": "1.00", "flag": True},
    {"name": "i", "status": "open", "size": 2, "email": "élan@x.example", "nick": "nk",
     "a": 3, "b": 3, "price": "0.00", "ratio": "NaN", "big": "1.04", "flag": False},
    {"name": "ink", "status": "open", "size": 3, "a": 3, "b": 0, "price": "3.00", "ratio": -0.0,
     "made": "2026-01-02 03:04:05.678901+00", "day": "2026-01-02",
     "facts": '{"sku": "p", "n": 1.0}', "tags": "{u,v}", "marks": "{1,2}"},
    {"name": "ink", "status": "x", "size": 3, "a": -3, "b": 0, "price": "-3.00", "ratio": 0.0,
     "made": "2026-01-02 22:00:00+00", "day": "2026-01-03",
     "facts": '{"sku": "q", "n": 1}', "tags": "{u}", "marks": "{2,1}", "flag": True},
    {"name": "ink", "status": "x", "size": 3, "made": "2026-01-01 23:30:00+00",
     "day": "2025-06-07", "facts": '{"sku": null, "more": {"sku": "p"}}', "tags": "{v,u}",
     "deleted": "2026-03-04 00:00:00+00", "nick": "azure"},
    {"name": "inks", "status": "x", "size": 3, "facts": '{"sku": "p", "more": {"sku": "p"}}',
     "tags": "{}", "deleted": "2026-03-05 00:00:00+00", "nick": "Azure", "a": 5, "b": 9},
    {"name": "\N{LATIN SMALL LIGATURE FI}", "status": "s", "size": 4, "email": "straße",
     "nick": "ı", "facts": '["sku"]', "tags": "{NULL}", "marks": "{}"},
    {"name": "fi", "status": "s", "size": 4, "email": "STRASSE", "nick": "I", "facts": "7",
     "tags": "{u,NULL}", "price": "7000000.07", "a": 2000000, "b": 1000},
    {"name": "k", "status": "s", "size": 4, "email": "\N{KELVIN SIGN}@x", "nick": "b",
     "a": 1, "b": 1, "price": "1.49", "big": "123456789012345678901234567890123456.50"},
    {"name": "K", "status": "s", "size": 4, "email": "k@x", "nick": "B", "a": 1, "b": None,
     "price": "1.00", "big": "123456789012345678901234567890123456.5", "ratio": 1e300},
)  # fmt: skip
