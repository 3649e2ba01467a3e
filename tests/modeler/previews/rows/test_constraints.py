"""Rows for every kind of constraint; the server says whether they respect it."""

from __future__ import annotations

import pytest

ALL = (20, "")

CASES = {
    "plain": ("CREATE TABLE t (id bigserial PRIMARY KEY, name varchar(3) NOT NULL)", {"t": ALL}),
    "no column": ("CREATE TABLE t ()", {"t": ALL}),
    "identity": (
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int)", {"t": ALL}
    ),
    "generated": (
        "CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) STORED CHECK (b < 9))",
        {"t": ALL},
    ),
    "unique text of one letter": ("CREATE TABLE t (a char(1) UNIQUE NOT NULL)", {"t": ALL}),
    "unique boolean": (
        "CREATE TABLE t (a boolean UNIQUE NOT NULL)",
        {"t": (2, 'duplicate key value violates unique constraint "t_a_key"')},
    ),
    "composite unique of few": (
        "CREATE TABLE t (a boolean NOT NULL, b smallint NOT NULL CHECK (b BETWEEN 1 AND 12), "
        "UNIQUE (a, b))",
        {"t": ALL},
    ),
    "composite key of references": (
        "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY); "
        "CREATE TABLE t (a int REFERENCES a, b int REFERENCES b, PRIMARY KEY (a, b))",
        {"a": ALL, "b": ALL, "t": ALL},
    ),
    "partial unique": (
        "CREATE TABLE t (a boolean NOT NULL, b int); CREATE UNIQUE INDEX i ON t ((true)) WHERE a",
        {"t": ALL},
    ),
    "expression unique": (
        "CREATE TABLE t (a text NOT NULL); CREATE UNIQUE INDEX i ON t (lower(a))", {"t": ALL}
    ),
    "nulls not distinct": (
        "CREATE TABLE t (a text, UNIQUE NULLS NOT DISTINCT (a))", {"t": ALL}
    ),
    "one to one chain": (
        "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (a int PRIMARY KEY REFERENCES a); "
        "CREATE TABLE c (b int PRIMARY KEY REFERENCES b)",
        {"a": ALL, "b": ALL, "c": ALL},
    ),
    "composite reference": (
        "CREATE TABLE a (x int, y text, PRIMARY KEY (x, y)); "
        "CREATE TABLE b (x int NOT NULL, y text NOT NULL, FOREIGN KEY (x, y) REFERENCES a)",
        {"a": ALL, "b": ALL},
    ),
    "tree": (
        "CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t)", {"t": ALL}
    ),
    "refers to itself, never NULL": (
        "CREATE TABLE t (id serial PRIMARY KEY, root int NOT NULL REFERENCES t)", {"t": ALL}
    ),
    "cycle with a nullable side": (
        "CREATE TABLE a (id serial PRIMARY KEY, b int); "
        "CREATE TABLE b (id serial PRIMARY KEY, a int NOT NULL REFERENCES a); "
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
        {"a": ALL, "b": ALL},
    ),
    "range check": (
        "CREATE TABLE t (a numeric(5,2) NOT NULL CHECK (a > 10 AND a <= 12))", {"t": ALL}
    ),
    "in list": ("CREATE TABLE t (a varchar(9) NOT NULL CHECK (a IN ('x', 'y')))", {"t": ALL}),
    "length": ("CREATE TABLE t (a text NOT NULL CHECK (length(a) = 7))", {"t": ALL}),
    "regular expression": (
        "CREATE TABLE t (a text UNIQUE NOT NULL CHECK (a ~ '^[A-Z]{2}-[0-9]{3,5}$'))", {"t": ALL}
    ),
    "lower": ("CREATE TABLE t (a text NOT NULL CHECK (a = upper(a)))", {"t": ALL}),
    "columns in order": (
        "CREATE TABLE t (a date NOT NULL, b date NOT NULL, CHECK (a < b))", {"t": ALL}
    ),
    "columns in order between bounds": (
        "CREATE TABLE t (a int NOT NULL CHECK (a >= 0), b int NOT NULL CHECK (b <= 9), "
        "CHECK (a < b))",
        {"t": ALL},
    ),
    "columns of two types in order": (
        "CREATE TABLE t (a timestamptz NOT NULL, b date NOT NULL, CHECK (a < b))", {"t": ALL}
    ),
    "sum": (
        "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int NOT NULL CHECK (c = a * b))",
        {"t": ALL},
    ),
    "either or": (
        "CREATE TABLE t (kind text NOT NULL, at timestamptz, CHECK ("
        "(kind = 'done' AND at IS NOT NULL) OR (kind IN ('new', 'old') AND at IS NULL)))",
        {"t": ALL},
    ),
    "exactly one": (
        "CREATE TABLE t (a int, b text, c date, CHECK (num_nonnulls(a, b, c) = 1))", {"t": ALL}
    ),
    "json shape": (
        "CREATE TABLE t (a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'object' AND a ? 'key'))",
        {"t": ALL},
    ),
    "contradiction": (
        "CREATE TABLE t (a int NOT NULL CHECK (a > 3 AND a < 2))",
        {"t": (0, "a: no number lies between 4 and 1")},
    ),
    "not valid": (
        "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ADD CHECK (a > 100) NOT VALID", {"t": ALL}
    ),
    "exclusion": (
        "CREATE TABLE t (during daterange NOT NULL, EXCLUDE USING gist (during WITH &&))",
        {"t": ALL},
    ),
    "exclusion of an expression": (
        "CREATE TABLE t (a timestamptz NOT NULL, b timestamptz NOT NULL, CHECK (a < b), "
        "EXCLUDE USING gist (tstzrange(a, b) WITH &&))",
        {"t": ALL},
    ),
    "domain": (
        "CREATE DOMAIN short AS text CHECK (VALUE ~ '^[a-z]+$') CHECK (length(VALUE) < 5); "
        "CREATE TABLE t (a short NOT NULL)",
        {"t": ALL},
    ),
    "list partitions": (
        "CREATE TABLE t (a text NOT NULL, b int) PARTITION BY LIST (a); "
        "CREATE TABLE p PARTITION OF t FOR VALUES IN ('x', 'y'); "
        "CREATE TABLE q PARTITION OF t FOR VALUES IN ('z')",
        {"t": ALL},
    ),
    "range partitions": (
        "CREATE TABLE t (a date NOT NULL) PARTITION BY RANGE (a); "
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM ('2030-01-01') TO ('2030-02-01')",
        {"t": ALL},
    ),
    "hash partitions": (
        "CREATE TABLE t (a bigint NOT NULL) PARTITION BY HASH (a); "
        "CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); "
        "CREATE TABLE q PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        {"t": ALL},
    ),
    "no partition": (
        "CREATE TABLE t (a text NOT NULL) PARTITION BY LIST (a)",
        {"t": (0, "it has no partition yet")},
    ),
    "inheritance": (
        "CREATE TABLE a (id serial PRIMARY KEY, x int); "
        "CREATE TABLE b (y int NOT NULL) INHERITS (a)",
        {"b": ALL, "a": ALL},
    ),
    "trigger that refuses": (
        "CREATE TABLE t (status text NOT NULL); "
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.status <> 'new' THEN RAISE EXCEPTION 'born new'; END IF; "
        "RETURN NEW; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        {"t": ALL},
    ),
    "trigger that refuses all": (
        "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'closed'; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        {"t": (0, "closed")},
    ),
    "trigger that swallows": (
        "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        {"t": (0, "the server took the rows and kept none; a trigger may turn them away")},
    ),
    "refers to an empty table": (
        "CREATE TABLE a (id int PRIMARY KEY CHECK (id > 1 AND id < 1)); "
        "CREATE TABLE b (a int NOT NULL REFERENCES a); CREATE TABLE c (a int REFERENCES a)",
        {
            "a": (0, "id: no number lies between 2 and 0"),
            "b": (0, "b_a_fkey refers to a, which has no rows"),
            "c": ALL,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_table_receives_rows(name, received, shadow):
    sql, expected = CASES[name]
    if name == "nulls not distinct" and shadow.major < 15:
        pytest.skip("NULLS NOT DISTINCT came with PostgreSQL 15")
    found = received(sql)
    assert {
        table: (rows, reason.partition(" CONTEXT:")[0].partition(" DETAIL:")[0])
        for table, (rows, reason) in found.items()
    } == expected


FURTHER = {
    "deferrable unique": (
        "CREATE TABLE t (a boolean NOT NULL, b smallint NOT NULL CHECK (b IN (1, 2, 3)), "
        "UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED)",
        {"t": 6},
    ),
    "references that share a column": (
        "CREATE TABLE shop (id serial PRIMARY KEY); "
        "CREATE TABLE item (shop int REFERENCES shop, id int, PRIMARY KEY (shop, id)); "
        "CREATE TABLE sale (shop int NOT NULL, item int NOT NULL, gift int NOT NULL, "
        "FOREIGN KEY (shop, item) REFERENCES item, FOREIGN KEY (shop, gift) REFERENCES item)",
        {"shop": 20, "item": 20, "sale": 20},
    ),
    "trigger that changes rows": (
        "CREATE TABLE t (a int UNIQUE NOT NULL, b int); "
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.a := NEW.a % 7; RETURN NEW; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        {"t": 7},
    ),
    "refusing trigger with a condition": (
        "CREATE TABLE t (a int NOT NULL, b int NOT NULL); "
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a > 3 OR NEW.b <> 17) "
        "EXECUTE FUNCTION f()",
        {"t": 20},
    ),
    "trigger that lacks a function": (
        "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM nobody(); RETURN NEW; END $$; "
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        {"t": 0},
    ),
    "names that need quotes": (
        'CREATE TABLE "T x" ("n" serial PRIMARY KEY, "modeler %s" text NOT NULL, '
        '"Sel""ect" int NOT NULL CHECK ("Sel""ect" > 5))',
        {'"T x"': 20},
    ),
    "cycle without a nullable side": (
        "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); "
        "CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a); "
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED",
        # Rows of both would have to be made at once.
        {"a": 0, "b": 0},
    ),
    "not its own parent": (
        "CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t CHECK (parent <> id), "
        "kind text NOT NULL, CHECK ((kind = 'root') = (parent IS NULL)))",
        {"t": 20},
    ),
    "one flag an owner": (
        "CREATE TABLE a (id serial PRIMARY KEY); "
        "CREATE TABLE t (a int NOT NULL REFERENCES a, main boolean NOT NULL, n int NOT NULL); "
        "CREATE UNIQUE INDEX i ON t (a) WHERE main",
        {"a": 20, "t": 20},
    ),
    "rooms": (
        "CREATE TABLE t (a tsrange NOT NULL, b int4range NOT NULL, c text, "
        "EXCLUDE USING gist (a WITH &&, b WITH &&))",
        {"t": 20},
    ),
    "partitions of partitions": (
        "CREATE TABLE t (a int NOT NULL, b text NOT NULL, PRIMARY KEY (a, b)) "
        "PARTITION BY RANGE (a); CREATE TABLE p PARTITION OF t FOR VALUES FROM (10) TO (20) "
        "PARTITION BY LIST (b); CREATE TABLE q PARTITION OF p FOR VALUES IN ('x', 'y')",
        {"t": 20},
    ),
    "view and foreign names": (
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; "
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t", {"t": 20},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FURTHER)
def test_a_table_receives_as_many_rows_as_there_can_be(name, received):
    sql, expected = FURTHER[name]
    found = received(sql)
    assert {table: rows for table, (rows, _) in found.items()} == expected
    assert [table for table, (rows, reason) in found.items() if (rows < 20) != bool(reason)] == []


def test_every_partition_has_rows(database):
    database.run(CASES["list partitions"][0])
    database.fill()
    assert min(database.value("SELECT count(*) FROM p"), database.value("SELECT count(*) FROM q"))


def test_trees_are_linked(database):
    database.run(CASES["tree"][0])
    database.fill()
    assert database.value("SELECT count(parent) FROM t WHERE parent < id") == 10
