"""What a call of ``fill`` does and leaves alone."""

from __future__ import annotations

import json
import time

import pytest

from modeler.previews.rows.content_types import model_of
from modeler.previews.rows.filling import Filling, TableFilling
from modeler.schema.encoding import decode, encode

PETS = """
CREATE TABLE kind (id serial PRIMARY KEY, name varchar(30) NOT NULL);
CREATE TABLE pet (id bigserial PRIMARY KEY, kind_id int NOT NULL REFERENCES kind
    DEFERRABLE INITIALLY DEFERRED, name text NOT NULL, born date, weight numeric(5,2));
"""
ROWS = "SELECT kind_id, name, born, weight FROM pet ORDER BY id"


def test_a_filling_says_what_was_received_and_is_json(database):
    database.run(PETS)
    filling = database.fill(3)
    expected = Filling(3, 0, (TableFilling("kind", 3), TableFilling("pet", 3)))
    assert filling == expected
    assert filling.share == 1.0
    assert filling.unfilled == ()
    assert filling.rows_of("pet") == 3
    assert decode(Filling, json.loads(json.dumps(encode(filling)))) == expected


def test_tables_with_rows_are_left_alone(database):
    database.run(PETS)
    database.run("INSERT INTO kind (name) VALUES ('cat')")
    assert database.fill(5) == Filling(5, 0, (TableFilling("pet", 5),))
    assert database.run("SELECT name FROM kind") == [("cat",)]
    assert database.run("SELECT DISTINCT kind_id FROM pet") == [(1,)]
    assert database.fill(5) == Filling(5, 0)


def test_a_table_whose_rows_were_deleted_is_empty(database):
    database.run(PETS)
    database.fill(5)
    database.run("DELETE FROM pet")
    assert database.fill(5) == Filling(5, 0, (TableFilling("pet", 5),))


def test_only_the_tables_asked_for(database):
    database.run(PETS)
    database.run('CREATE SCHEMA "Other"; CREATE TABLE "Other".t (a int)')
    assert database.fill(5, tables=['"Other".t', "nowhere"]) == Filling(
        5, 0, (TableFilling('"Other".t', 5),)
    )
    assert database.value("SELECT count(*) FROM kind") == 0


def test_the_seed_decides(database):
    database.run(PETS)
    found = []
    for seed in (0, 0, 1):
        database.fill(20, seed=seed)
        found.append(database.run(ROWS.replace("ORDER BY id", "ORDER BY 1, 2, 3, 4")))
        database.run("TRUNCATE kind, pet RESTART IDENTITY")
    assert found[0] == found[1] != found[2]


def test_values_are_diverse_or_plain(database):
    database.run(PETS)
    database.fill(60)
    sql = "SELECT count(DISTINCT name), count(DISTINCT kind_id), count(born) FROM pet"
    ((names, kinds, born),) = database.run(sql)
    assert 20 < names < 60
    assert 20 < kinds < 60
    assert born == 50
    database.run("TRUNCATE kind, pet")
    database.fill(60, plain=True)
    assert database.run(sql)[0][::2] == (60, 60)
    assert database.value("SELECT bool_and(name ~ '^[0-9]+$') FROM pet")
    # Such rows survive what migrations do to columns.
    database.run("ALTER TABLE pet ALTER born SET NOT NULL, ADD UNIQUE (name), "
                 "ALTER name TYPE jsonb USING name::jsonb")  # fmt: skip


def test_an_open_transaction_is_used_and_constraints_stay_as_they_were(database):
    database.run(PETS)
    database.run("BEGIN")
    assert database.fill(5).share == 1.0
    # Deferred again: the kind may come after its pet.
    database.run("INSERT INTO pet (kind_id, name) VALUES (99, 'x')")
    database.run("INSERT INTO kind VALUES (99, 'y')")
    database.run("ROLLBACK")
    assert database.value("SELECT count(*) FROM pet") == 0


def test_row_level_security(database):
    """A role that policies hold for writes what they allow."""
    database.run(PETS)
    database.run("CREATE ROLE keeper; GRANT ALL ON ALL TABLES IN SCHEMA public TO keeper; "
                 "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO keeper; "
                 "ALTER TABLE kind ENABLE ROW LEVEL SECURITY; "
                 "ALTER TABLE pet ENABLE ROW LEVEL SECURITY; "
                 "CREATE POLICY p ON pet WITH CHECK (weight > 900); SET ROLE keeper")  # fmt: skip
    try:
        filling = database.fill(5)
    finally:
        database.run("RESET ROLE")
        database.run("DROP OWNED BY keeper; DROP ROLE keeper")
    assert [table.rows for table in filling.tables] == [0, 0]
    assert [table.reason for table in filling.tables] == [
        "row-level security: no policy lets this role write",
        "pet_kind_id_fkey refers to kind, which has no rows",
    ]


def test_django_s_record_of_migrations_stays_empty(database):
    database.run("CREATE TABLE django_migrations (id serial, app text, name text)")
    assert database.fill() == Filling(20, 0)


def test_content_types_are_those_of_the_tables(database):
    database.run("CREATE TABLE django_content_type (id serial PRIMARY KEY, app_label varchar(100) "
                 "NOT NULL, model varchar(100) NOT NULL, UNIQUE (app_label, model)); "
                 "CREATE TABLE auth_user (id serial PRIMARY KEY)")  # fmt: skip
    database.fill()
    types = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert database.run(types) == [("auth", "user"), ("django", "content_type")]
    database.run("CREATE TABLE auth_group (id serial PRIMARY KEY)")
    database.fill()
    assert ("auth", "group") in database.run(types)


@pytest.mark.parametrize(("table", "expected"), (
    ("auth_user_groups", ("auth", "user_groups")),
    ("my_app_thing", ("my_app", "thing")),
    ("my_thing", ("my", "thing")),
    ("thing", None),
    ("_thing", None),
))  # fmt: skip
def test_a_model_is_read_from_its_table_s_name(table, expected):
    assert model_of(table, ["auth", "my", "my_app"]) == expected


def test_nothing_to_do_takes_no_time(database):
    for number in range(150):
        database.run(f"CREATE TABLE t{number} (a int NOT NULL)")
    database.fill(2)

    def took() -> float:
        begin = time.perf_counter()
        assert database.fill(2) == Filling(2, 0)
        return time.perf_counter() - begin

    # 3 ms on a machine at rest.
    assert min(took() for _ in range(10)) < 0.05


def test_many_rows_are_made_in_one_statement(database):
    database.run(PETS)
    statements = []

    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    database.fill(20, tables=["kind"])
    with database.connection.execute_wrapper(note):
        assert database.fill(30_000, tables=["pet"]).rows_of("pet") == 30_000
    assert sum("INSERT INTO public.pet" in sql for sql in statements) == 2
