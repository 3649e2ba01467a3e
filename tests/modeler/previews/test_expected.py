"""What a migrated database must hold: run on the shadow, compared with the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from modeler.postgres.address import settings_from_url
from modeler.postgres.connections import connection_to
from modeler.schema.drift import drift
from modeler.schema.encoding import from_json
from modeler.schema.live import read_database
from modeler.schema.schema import OriginKind, Schema
from modeler.snapshots import newest_snapshot
from modeler.sources import expected_notes, read_comparison, read_source
from tests.modeler.previews.project import PetProject


@pytest.mark.django_db(databases=["default", "events"])
@pytest.mark.parametrize("alias", ["default", "events"])
def test_a_freshly_migrated_database_has_no_drift(alias: str, capsys: Any) -> None:
    call_command("schema_snapshot", "--source", f"expected:{alias}")
    said = capsys.readouterr().err
    assert f"migrations of {alias!r} on the shadow." in said
    kept = newest_snapshot(f"expected:{alias}")
    assert kept is not None
    expected, live = read_comparison(f"expected:{alias}..database:{alias}")
    assert expected.origin is not None
    assert expected.origin.kind is OriginKind.EXPECTED
    assert expected.tables
    assert [str(change) for change in drift(live, expected)] == []
    assert expected_notes(alias, expected, live) == ()
    older = replace(
        expected, origin=replace(expected.origin, detail="blog.0001_what_people_write")
    )
    (note,) = expected_notes(alias, older, live)
    assert note.startswith(f"Other migrations are applied on {alias!r} than were run for what is")
    assert note.endswith(f"Run: manage.py schema_snapshot --source expected:{alias}")
    table = {"default": "blog_tag", "events": "blog_event"}[alias]
    with connections[alias].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN planted int")
    assert [str(change) for change in drift(read_source(f"database:{alias}"), expected)] == [
        f"added column {alias}:{table}.planted"
    ]


@contextmanager
def server(pets: PetProject) -> Iterator[Any]:
    connection = connection_to(settings_from_url(pets.database_url), "default")
    try:
        yield connection
    finally:
        connection.close()


def expected(pets: PetProject, *options: str) -> tuple[Schema, str]:
    done = pets.run("schema_snapshot", "--source", "expected", "--output", "-", *options)
    assert done.returncode == 0, done.stderr
    return from_json(done.stdout), done.stderr


def test_only_what_is_applied_is_expected(pets: PetProject) -> None:
    assert pets.run("migrate", "--verbosity", "0").returncode == 0
    pets.migration(
        "0002_code",
        'migrations.AddField("pet", "code", models.IntegerField(default=0, db_index=True)),'
        "migrations.RunSQL(\"CREATE TYPE size AS ENUM ('s', 'l')\"),",
    )
    with server(pets) as connection:
        made, said = expected(pets)
        assert ", 1 pending left out." in said
        assert drift(read_database(connection), made) == ()
        later, said = expected(pets, "--pending")
        assert "left out" not in said
        assert sorted(map(str, drift(read_database(connection), later))) == [
            "removed column default:pets_pet.code",
            "removed enum default:size",
            "removed index default:pets_pet.pets_pet_code_643511fa",
        ]
        assert pets.run("migrate", "pets", "--verbosity", "0").returncode == 0
        assert drift(read_database(connection), later) == ()


def test_a_migration_that_fails_on_the_shadow_is_named(pets: PetProject) -> None:
    pets.migration("0002_bad", 'migrations.RunSQL("SELECT 1/0"),')
    done = pets.run("schema_snapshot", "--source", "expected", "--pending")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Migrating the shadow stopped at pets.0002_bad: division by zero" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_runs_nothing_takes_no_pending() -> None:
    with pytest.raises(CommandError, match="it goes with --source expected"):
        call_command("schema_snapshot", "--pending")
    with pytest.raises(CommandError, match="There is no database 'defalt'"):
        call_command("schema_snapshot", "--source", "expected:defalt")


def test_a_server_that_does_not_answer_is_said(pets: PetProject) -> None:
    done = pets.run(
        "schema_snapshot", "--source", "expected",
        DATABASE_URL=pets.database_url.replace("/pets_", "/gone_"),
    )  # fmt: skip
    assert done.returncode == 2
    assert "The database 'default' cannot be read" in done.stderr
