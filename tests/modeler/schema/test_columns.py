"""Types in the server's spelling, sensitive names, and names of handlers."""

from __future__ import annotations

import pytest
from django.db import connection, models

from modeler.schema.database_types import server_spelling
from modeler.schema.registry import read_registry
from modeler.schema.registry.relations import on_delete_name
from modeler.schema.sensitive import is_sensitive
from tests.blog.models.deletions import Replace, keep_last, keep_partial
from tests.modeler.schema.asking import column

TYPES = [
    "varchar(64)", "varchar", "char(2)", "char", "numeric(10, 2)", "numeric(7)", "decimal", "int",
    "int2", "bigint", "bool", "float", "float(10)", "float8", "double precision", "time", "timetz",
    "timestamp", "timestamptz(3)", "timestamp(3) without time zone", "timestamp with time zone",
    "varchar(12)[]", "integer[4][2]", "interval", "bytea", "uuid", "jsonb", "tsvector",
    "daterange",
    "bit(3)", "varbit(5)", "inet", "VARCHAR(5)", "text [ ]",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("declared", TYPES)
def test_types_are_spelled_as_the_server_spells_them(declared: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE spelled (c {declared})")
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'spelled'::regclass AND attname = 'c'"
        )
        assert server_spelling(declared) == cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("name", "database_type", "expected"),
    [
        ("password", "character varying(128)", True),
        ("reset_token", "text", True),
        ("apiKey", "text", True),
        ("home_phone", "character varying(20)", True),
        ("birth_date", "date", True),
        ("email_verified", "boolean", False),
        ("password_changed_at", "timestamp with time zone", False),
        ("token_count", "integer", False),
        ("tokenizer", "text", False),
        ("shipping", "text", False),
        ("remote", "inet", True),
        ("title", "text", False),
    ],
)
def test_names_and_types_that_hold_secrets(name: str, database_type: str, expected: bool) -> None:
    assert is_sensitive(f"app.Model.{name}", name, database_type) is expected


def test_a_project_declares_more_and_takes_out(settings: object) -> None:
    settings.MODELER = {"SENSITIVE": ["*.nickname", "blog.Account.*", "!blog.Account.email"]}  # type: ignore[attr-defined]
    schema = read_registry()
    found = {name: column(schema, f"blog.Account.{name}").sensitive for name in (
        "nickname", "email", "motto",
    )}  # fmt: skip
    assert found == {"nickname": True, "email": False, "motto": True}


HANDLERS = [
    (models.CASCADE, "CASCADE"), (models.SET_NULL, "SET_NULL"), (models.SET("red"), "SET"),
    (models.DO_NOTHING, "DO_NOTHING"), (None, ""),
    (keep_last, "tests.blog.models.deletions.keep_last"),
    (keep_partial, "tests.blog.models.deletions.keep"),
    (Replace(), "tests.blog.models.deletions.Replace"),
]  # fmt: skip
if hasattr(models, "DB_CASCADE"):  # Django 6.1
    HANDLERS += [(models.DB_CASCADE, "DB_CASCADE"), (models.DB_SET_NULL, "DB_SET_NULL")]


@pytest.mark.parametrize(("handler", "name"), HANDLERS, ids=[name for _, name in HANDLERS])
def test_handlers_of_deletion_have_names(handler: object, name: str) -> None:
    assert on_delete_name(handler) == name
