"""Values of every type: filled, diverse, and different where they must be."""

from __future__ import annotations

import pytest

TYPES = (
    "smallint", "integer", "bigint", "numeric", "numeric(4,1)", "numeric(3,3)", "numeric(2,-3)",
    "numeric(30,10)", "real", "double precision", "money", "oid",
    "text", "varchar", "varchar(1)", "varchar(2)", "varchar(5)", "varchar(9)", "varchar(200)",
    "varchar(10000)", "char(1)", "char(8)", "name", '"char"',
    "boolean", "uuid", "bytea", "json", "jsonb", "jsonpath", "bit(4)", "bit(64)", "varbit",
    "varbit(7)", "inet", "cidr", "macaddr", "macaddr8",
    "date", "time", "time(0)", "timetz", "timestamp", "timestamp(0)", "timestamptz", "interval",
    "interval day to second",
    "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
    "int4multirange", "datemultirange",
    "integer[]", "text[]", "varchar(3)[]", "numeric(4,2)[]", "uuid[]", "jsonb[]", "date[]",
    "int4range[]", "integer[][]",
    "tsvector", "tsquery", "point", "box", "circle", "lseg", "line", "path", "polygon",
    "pg_lsn", "xid8", "mood", "mood[]", "place", "place[]", "positive", "code", "positive[]",
    "floatrange", "domain_of_enum", "domain_of_array", "domain_of_domain",
)  # fmt: skip
# Few values, or none that a b-tree index knows.
FEW = {"boolean", "varchar(1)", '"char"', "char(1)", "bit(4)", "mood", "domain_of_enum", "mood[]",
       "numeric(2,-3)", "regclass", "varbit(7)"}  # fmt: skip
NO_ORDER = {"json", "jsonpath", "point", "box", "circle", "lseg", "line", "path", "polygon"}
MADE = """
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'größe');
CREATE TYPE place AS (street varchar(5), number integer, moods mood[]);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0) CHECK (VALUE < 1000);
CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{3}[0-9]+$');
CREATE DOMAIN domain_of_enum AS mood CHECK (VALUE <> 'sad');
CREATE DOMAIN domain_of_array AS integer[] CHECK (cardinality(VALUE) > 0);
CREATE DOMAIN domain_of_domain AS positive NOT NULL CHECK (VALUE > 40);
CREATE TYPE floatrange AS RANGE (subtype = float8);
"""


@pytest.fixture(scope="module")
def columns(shadow_of_session, django_db_blocker):
    """All types as nullable columns of one table each, filled with 60 rows."""
    from tests.modeler.previews.rows.conftest import Database

    with django_db_blocker.unblock(), shadow_of_session.clone("types") as clone:
        database = Database(clone)
        database.run(MADE)
        version = database.value("SELECT current_setting('server_version_num')::int")
        for number, kind in enumerate(TYPES):
            if kind == "numeric(2,-3)" and version < 150000:
                # Negative scales came with PostgreSQL 15.
                kind = "numeric(2,0)"
            unique = "" if kind in FEW or kind in NO_ORDER else ", b " + kind + " UNIQUE"
            database.run(f"CREATE TABLE t{number} (a {kind}{unique}, c {kind} NOT NULL)")
        filling = database.fill(60)
        yield database, {table.table: table for table in filling.tables}


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_has_values(columns, kind):
    database, filled = columns
    number = TYPES.index(kind)
    assert (filled[f"t{number}"].rows, filled[f"t{number}"].reason) == (60, "")
    different, known = database.run(f"SELECT count(DISTINCT a::text), count(a) FROM t{number}")[0]
    assert different >= (2 if kind in FEW else 10)
    # Some occur twice, and some rows have none (a domain may refuse that).
    assert different < known
    assert known == (60 if kind == "domain_of_domain" else 50)


def test_texts_have_all_lengths_and_scripts(columns):
    database, _ = columns
    table = f"t{TYPES.index('varchar(9)')}"
    found = [row[0] for row in database.run(f"SELECT DISTINCT c FROM {table}")]
    assert {1, 9} <= {len(text) for text in found}
    assert any(not text.isascii() for text in database.run(
        f"SELECT string_agg(c, '') FROM t{TYPES.index('varchar(200)')}"
    )[0])  # fmt: skip


EXTENSIONS = ("citext", "hstore", "ltree", "postgis", "vector")


@pytest.mark.parametrize("name", EXTENSIONS)
def test_types_of_extensions(database, name):
    """Only where the server has them: the embedded one brings none."""
    known = database.value(f"SELECT count(*) FROM pg_available_extensions WHERE name = '{name}'")
    if not known:
        pytest.skip(f"this server has no {name}")
    database.run(f"CREATE EXTENSION {name}")
    kind = {"postgis": "geometry(Point,4326)", "vector": "vector(3)"}.get(name, name)
    database.run(f"CREATE TABLE t (a {kind}, b {kind} NOT NULL)")
    (found,) = database.fill().tables
    assert (found.rows, found.reason) == (20, "")
