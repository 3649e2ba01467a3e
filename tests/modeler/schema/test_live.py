"""The reader of live databases, on a real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from modeler.errors import ServerError, UnknownName
from modeler.postgres.connections import connection_to
from modeler.postgres.statistics import read_statistics
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.differences import differences
from modeler.schema.live import read_database
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.schema import EnumType
from modeler.schema.sql_text import sql_text
from modeler.schema.states import read_state
from tests.modeler.schema.asking import column, table


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(databases=["default", "events"])
@pytest.mark.parametrize("alias", ["default", "events"])
def test_models_and_migrated_database_differ_only_where_migrations_do(
    alias: str, last_state: Any
) -> None:
    """Every table, column, type, key, index and constraint, in both directions."""
    live = read_database(connections[alias])
    unmanaged = {
        "default": [
            "removed table default:blog_latenote",
            "altered table default:blog_post_summary: primary_key post_id -> none",
            "altered column default:blog_post_summary.comments: null False -> True",
            "altered column default:blog_post_summary.post_id: null False -> True",
            "removed constraint default:blog_post_summary.primary key (post_id)",
        ],
        "events": [],
    }
    own = f"added table {alias}:django_migrations"
    for models in (read_registry(aliases=[alias]), read_state(last_state, aliases=[alias])):
        lines = [str(change) for change in differences(models, live)]
        assert sorted(lines) == sorted([*unmanaged[alias], own])


@pytest.mark.django_db
def test_everything_that_a_table_can_have() -> None:
    run(
        """
        CREATE TYPE mood AS ENUM ('sad', 'so-so', 'glad');
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE thing (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            old_id serial, mood mood DEFAULT 'glad', tags text[],
            name text COLLATE "C" NOT NULL, price numeric(8,2) CHECK (price >= 0),
            twice numeric GENERATED ALWAYS AS (price * 2) STORED,
            during daterange,
            CONSTRAINT named UNIQUE (name) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT apart EXCLUDE USING gist (during WITH &&) WHERE (price > 0)
        );
        COMMENT ON TABLE thing IS 'It''s a thing'; COMMENT ON COLUMN thing.name IS 'of it';
        ALTER TABLE thing ADD CONSTRAINT late CHECK (old_id > 0) NOT VALID;
        CREATE TRIGGER moved BEFORE UPDATE OF name ON thing FOR EACH ROW
            WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION touch();
        CREATE VIEW things AS SELECT id, name FROM thing;
        """
    )
    schema = read_database(connection)
    thing = table(schema, "default:thing")
    assert EnumType(Location("default", "", "mood"), ("sad", "so-so", "glad")) in schema.enums
    assert [(c.name, c.database_type, c.null, c.identity) for c in thing.columns] == [
        ("id", "bigint", False, "always"),
        ("old_id", "integer", False, "serial"),
        ("mood", "mood", True, ""),
        ("tags", "text[]", True, ""),
        ("name", "text", False, ""),
        ("price", "numeric(8,2)", True, ""),
        ("twice", "numeric", True, ""),
        ("during", "daterange", True, ""),
    ]
    name = column(schema, "default:thing.name")
    assert (thing.comment, name.comment, name.collation) == ("It's a thing", "of it", "C")
    element = column(schema, "default:thing.tags").element
    assert element is not None
    assert element.database_type == "text"
    generated = column(schema, "default:thing.twice").generated
    assert generated is not None
    assert sql_text(generated.expression) == "price * 2::numeric"
    found = {c.name: c for c in thing.constraints if c.kind is not ConstraintKind.NOT_NULL}
    assert sorted(found) == ["apart", "late", "named", "thing_pkey", "thing_price_check"]
    assert (found["named"].kind, found["named"].deferrable) == ("unique", "deferred")
    assert (found["late"].valid, found["thing_price_check"].valid) == (False, True)
    apart = found["apart"]
    assert apart.condition is not None
    assert (apart.method, apart.parts[0].column, apart.parts[0].operator) == (
        "gist", "during", "&&",
    )  # fmt: skip
    assert sql_text(apart.condition) == "price > 0::numeric"
    (moved,) = thing.triggers
    assert moved.condition is not None
    assert (moved.timing, moved.events, moved.level, moved.function, moved.columns) == (
        "before", ("update",), "row", "touch", ("name",),
    )  # fmt: skip
    assert sql_text(moved.condition) == "old.name IS DISTINCT FROM new.name"
    assert table(schema, "default:things").kind == "view"


@pytest.mark.django_db
def test_rules_of_newer_servers() -> None:
    version = connection.cursor().connection.info.server_version
    if version < 150000:
        pytest.skip("missing part: PostgreSQL 15 or later")
    run("CREATE TABLE newer (a int UNIQUE NULLS NOT DISTINCT, b int NOT NULL)")
    if version >= 180000:
        run("ALTER TABLE newer ADD CONSTRAINT loose CHECK (b > 0) NOT ENFORCED")
    found = {c.name: c for c in table(read_database(connection), "default:newer").constraints}
    assert not found["newer_a_key"].nulls_distinct
    if version >= 180000:
        assert (found["loose"].enforced, found["loose"].valid) == (False, False)
        assert found["newer_b_not_null"] == Constraint(
            "newer_b_not_null", ConstraintKind.NOT_NULL, ("b",), source="database"
        )


@pytest.fixture
def second(transactional_db: None) -> Iterator[Any]:
    """Another connection to the same database, for locks."""
    settings = {**connection.settings_dict, "OPTIONS": {}}
    other = connection_to(settings, "default")
    try:
        yield other
    finally:
        other.close()
        run("DROP TABLE IF EXISTS locked, free")


def test_a_locked_table_is_named_and_the_rest_still_comes(second: Any) -> None:
    run("CREATE TABLE locked (a int CHECK (a > 0)); CREATE TABLE free (a int CHECK (a > 1));")
    with second.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        schema = read_database(connection)
        cursor.execute("ROLLBACK")
    locked, free = table(schema, "default:locked"), table(schema, "default:free")
    assert [c.name for c in locked.columns] == ["a"]
    (check,) = free.constraints
    assert check.expression is not None
    assert sql_text(check.expression) == "a > 1"
    assert free.unread == ()
    # Older servers print expressions without asking for the lock.
    (check,) = locked.constraints
    if check.expression is None:
        reason = "locked by another transaction; read it again when that has ended"
        assert locked.unread == (("expressions", reason),)


@pytest.mark.django_db
def test_an_open_transaction_goes_on_as_it_was() -> None:
    run("SET LOCAL lock_timeout = '7s'; CREATE TABLE mine (a int)")
    assert table(read_database(connection), "default:mine")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("7s",)
    run("INSERT INTO mine VALUES (1)")


def test_reading_cannot_write(transactional_db: None) -> None:
    from modeler.postgres.catalogs import read_only

    with pytest.raises(DatabaseError, match="read-only"), read_only(connection) as cursor:
        cursor.execute("CREATE TABLE never (a int)")
    with (
        transaction.atomic(),
        pytest.raises(DatabaseError, match="read-only"),
        read_only(connection) as cursor,
    ):
        cursor.execute("CREATE TABLE never (a int)")
    assert connection.get_autocommit()


@pytest.mark.django_db
def test_unknown_schemas_and_other_databases_are_refused() -> None:
    with pytest.raises(UnknownName, match=r"There is no schema 'publik'\. Did you mean public\?"):
        read_database(connection, schemas=["publik"])
    archive = read_database(connection, schemas=["archive"])
    assert [t.key for t in archive.tables] == ["default:archive.entry"]
    sqlite = connection_to({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, "small")
    with pytest.raises(ServerError, match="'small' is SQLite; live reading needs PostgreSQL"):
        read_database(sqlite)


@pytest.mark.django_db
def test_statistics_come_from_the_planner() -> None:
    run(
        """
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent, note text);
        INSERT INTO parent SELECT generate_series(1, 50);
        INSERT INTO child SELECT n, CASE WHEN n <= 200 THEN n % 50 + 1 END, 'abc'
        FROM generate_series(1, 400) n;
        ANALYZE parent, child;
        CREATE TABLE fresh (id int);
        """
    )
    statistics = read_statistics(connection)
    child = statistics.of(Location("default", "", "child"))
    fresh = statistics.of(Location("default", "", "fresh"))
    assert child is not None
    assert fresh is not None
    assert (child.rows, fresh.rows) == (400, None)
    known = {c.name: c for c in child.columns}
    assert (known["parent_id"].null_fraction, known["parent_id"].distinct) == (0.5, 50)
    assert (known["id"].distinct, known["note"].width) == (400, 4)
    (fan_out,) = child.fan_out
    assert (fan_out.relation, fan_out.mean) == ("default:child.child_parent_id_fkey", 4)
    assert child.bytes >= child.pages * 8192 > 0
