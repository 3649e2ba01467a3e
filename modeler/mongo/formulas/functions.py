"""What type the functions of PostgreSQL return that indexes are made of.

Source: PostgreSQL manual, chapter 9; the tests ask a server (``pg_typeof``) for each.
"""

from __future__ import annotations

RESULTS: dict[str, str] = {
    name: kind
    for kind, names in {
        "text": "initcap btrim ltrim rtrim trim left right substr substring replace translate "
        "concat concat_ws format md5 reverse repeat lpad rpad split_part regexp_replace "
        "to_hex encode quote_literal quote_ident chr overlay normalize to_char host "
        "json_typeof jsonb_typeof jsonb_extract_path_text json_extract_path_text "
        "array_to_string regexp_substr unaccent",
        "integer": "length char_length character_length octet_length bit_length strpos position "
        "ascii cardinality array_length jsonb_array_length json_array_length num_nulls "
        "num_nonnulls array_position array_ndims array_lower array_upper family masklen hashtext",
        "boolean": "starts_with isempty lower_inc upper_inc lower_inf upper_inf isfinite "
        "jsonb_path_exists jsonb_exists regexp_like",
        "bytea": "decode sha224 sha256 sha384 sha512 convert_to digest hmac",
        "double precision": "date_part radians degrees sin cos tan atan",
        "date": "date make_date to_date",
        "timestamp without time zone": "make_timestamp",
        "timestamp with time zone": "to_timestamp",
        "time without time zone": "make_time",
        "jsonb": "to_jsonb jsonb_extract_path jsonb_build_object jsonb_build_array "
        "jsonb_strip_nulls jsonb_set jsonb_path_query_first jsonb_path_query_array",
        "text[]": "string_to_array regexp_split_to_array",
        "tsvector": "to_tsvector setweight",
    }.items()
    for name in names.split()
}
# Of these the result is null only where an argument is, and text never is cut.
STRICT = frozenset(
    "lower upper initcap btrim ltrim rtrim trim left right substr substring replace translate md5 "
    "reverse repeat lpad rpad to_hex encode length char_length character_length octet_length "
    "bit_length strpos position ascii cardinality starts_with isempty isfinite decode sha224 "
    "sha256 sha384 sha512 date_trunc timezone date abs sign ceil ceiling floor round trunc mod "
    "extract date_part jsonb_typeof json_typeof normalize collate host abbrev trim_scale".split()
)
# These give a value of every row; others may fail on rows that a condition leaves out.
NEVER_FAILING = frozenset(
    "lower upper initcap btrim ltrim rtrim trim left right replace translate md5 reverse length "
    "char_length character_length octet_length bit_length strpos position starts_with coalesce "
    "nullif greatest least concat concat_ws num_nulls num_nonnulls cardinality array_length any "
    "all isempty isfinite timezone date_trunc extract collate trim_scale array".split()
)
NEVER_FAILING_OPERATORS = frozenset(
    "and or not in is-null is-distinct = <> < <= > >= like ilike ~ ~* -> ->> || @> <@ &&".split()
)
STRICT_OPERATORS = frozenset("+ - * / % ^ || = <> < <= > >= like ilike ~ ~* & | #".split())
TEXT = frozenset({"text", "character varying", "character", "citext", "name"})
# Digits of what ``extract`` gives (PostgreSQL 14 and newer: a numeric).
PARTS_OF_MOMENTS = {
    "microseconds": "numeric(8,0)", "milliseconds": "numeric(8,3)", "second": "numeric(8,6)",
    "epoch": "numeric(20,6)", "julian": "numeric",
}  # fmt: skip
BOUNDS = {
    "int4range": "integer", "int8range": "bigint", "numrange": "numeric", "daterange": "date",
    "tsrange": "timestamp without time zone", "tstzrange": "timestamp with time zone",
}  # fmt: skip
