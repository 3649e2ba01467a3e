"""Keeping schemas and finding them again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from modeler.errors import ConfigurationError, FormatError, ServerError, UnknownName
from modeler.models import SchemaSnapshot
from modeler.schema.changes import ChangeKind
from modeler.schema.differences import differences
from modeler.schema.encoding import from_json, to_json
from modeler.schema.registry import read_registry
from modeler.schema.schema import OriginKind, Schema
from modeler.snapshots import (
    KEEP,
    find_snapshot,
    newest_snapshot,
    schema_of,
    snapshot_store,
    snapshots,
)
from modeler.sources import changes_since, read_comparison, read_source, snapshot_take

pytestmark = pytest.mark.django_db(databases=["default", "events"])


@pytest.fixture
def schema() -> Schema:
    return read_registry().select(["sessions"])


def test_what_is_kept_is_read_back(schema: Schema) -> None:
    kept = snapshot_store(source="registry", schema=schema, name="1.4")
    assert schema_of(find_snapshot("1.4")) == schema
    assert schema_of(find_snapshot(str(kept.pk))) == schema
    assert read_source(f"snapshot:{kept.pk}") == schema
    assert (str(kept), kept.taken_by) == ("1.4", None)


def test_the_same_again_is_one_snapshot_that_holds_until_now(schema: Schema) -> None:
    first = snapshot_store(source="registry", schema=schema)
    again = snapshot_store(source="registry", schema=schema)
    assert (again.pk, again.taken_at > first.taken_at) == (first.pk, True)
    other = replace(schema, tables=())
    snapshot_store(source="registry", schema=other)
    back = snapshot_store(source="registry", schema=schema)
    named = snapshot_store(source="registry", schema=schema, name="1.4")
    elsewhere = snapshot_store(source="migrations", schema=schema)
    assert len({first.pk, back.pk, named.pk, elsewhere.pk}) == 4
    assert [s.pk for s in snapshots(source="registry")] == [
        named.pk, back.pk, back.pk - 1, first.pk,
    ]  # fmt: skip
    assert [s.pk for s in snapshots(name="1.4")] == [named.pk]


def test_old_ones_without_a_name_go(schema: Schema) -> None:
    snapshot_store(source="registry", schema=schema, name="1.4")
    for number in range(KEEP + 3):
        tables = tuple(replace(t, comment=str(number)) for t in schema.tables)
        snapshot_store(source="registry", schema=replace(schema, tables=tables))
    assert len(snapshots(source="registry")) == KEEP + 1
    assert schema_of(find_snapshot("latest")).tables[0].comment == str(KEEP + 2)
    assert find_snapshot("1.4")


def test_what_is_expected_is_not_the_latest(schema: Schema) -> None:
    kept = snapshot_store(source="registry", schema=schema)
    expected = snapshot_store(source="expected:default", schema=schema)
    assert find_snapshot("latest") == kept
    assert newest_snapshot("expected:default") == expected
    assert read_source("expected") == schema
    with pytest.raises(UnknownName) as caught:
        read_source("expected:events")
    assert str(caught.value) == (
        "There is no snapshot 'expected:events'. "
        "Make it with: manage.py schema_snapshot --source expected:events"
    )


@pytest.mark.parametrize("text", ["1.5", "99999", "99999999999999999999", "latest", "\0", "²"])
def test_unknown_snapshots_are_answered_with_the_way_to_list_them(text: str) -> None:
    with pytest.raises(UnknownName, match=r"List them with: manage\.py schema_snapshot --list"):
        find_snapshot(text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("12", "A snapshot cannot be named '12': numbers mean ids"),
        ("latest", "A snapshot cannot be named 'latest'"),
        ("x" * 121, "The snapshot's name has 121 characters; at most 120 fit."),
        ("a\0b", "has characters that cannot be printed"),
    ],
)
def test_names_that_mean_something_else_are_refused(
    schema: Schema, name: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        snapshot_store(source="registry", schema=schema, name=name)


def test_a_table_that_is_not_there_is_said(schema: Schema) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE modeler_schemasnapshot")
    for call in (
        lambda: snapshot_store(source="registry", schema=schema),
        lambda: snapshots(),
        lambda: find_snapshot("latest"),
        lambda: newest_snapshot("registry"),
    ):
        with pytest.raises(ServerError, match=r"Run `manage.py migrate modeler` first\."):
            call()


def test_a_snapshot_of_another_format_is_said(schema: Schema) -> None:
    kept = snapshot_store(source="registry", schema=schema)
    SchemaSnapshot.objects.filter(pk=kept.pk).update(
        document={"format": "modeler.schema", "version": 99}
    )
    with pytest.raises(FormatError, match="this modeler reads 1"):
        read_source(f"snapshot:{kept.pk}")


def test_sources_are_read_and_taken() -> None:
    taken = snapshot_take(source="database", name="before")
    assert taken.source == "database:default"
    origin = schema_of(taken).origin
    assert origin is not None
    assert origin.kind is OriginKind.DATABASE
    old, new = read_comparison("snapshot:before..database")
    assert differences(old, new) == ()
    with pytest.raises(ConfigurationError, match="snapshot:before is a snapshot already"):
        snapshot_take(source="snapshot:before")
    with pytest.raises(UnknownName, match=r"There is no database 'event'\. Did you mean events\?"):
        read_source("database:event")


def test_beside_one_database_only_its_models_are_compared() -> None:
    for alias in ("default", "events"):
        models, live = read_comparison(f"registry..database:{alias}")
        assert [str(c) for c in differences(models, live) if c.part == "table"] == (
            ["altered table default:blog_post_summary: primary_key post_id -> none"]
            if alias == "default"
            else []
        )


def test_databases_of_two_aliases_are_compared_as_one() -> None:
    old, new = read_comparison("database:default..database:events")
    assert {table.location.alias for table in (*old.tables, *new.tables) if table.location} == {
        "events"
    }
    added = [c.path for c in differences(old, new) if c.kind is ChangeKind.ADDED]
    assert "events:blog_event" in added
    assert "events:django_migrations" not in added


def test_files_are_for_commands(schema: Schema, tmp_path) -> None:
    file = tmp_path / "model.json"
    file.write_text(to_json(schema))
    assert read_source(f"file:{file}", files=True) == schema
    with pytest.raises(ConfigurationError, match="Files are read by commands alone"):
        read_source(f"file:{file}")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_source(f"file:{file}x", files=True)
    file.write_text("{}")
    with pytest.raises(FormatError, match=r"model\.json: This JSON is not a schema"):
        read_source(f"file:{file}", files=True)


def test_changes_since_a_committed_file(schema: Schema) -> None:
    assert changes_since(to_json(schema), schema) == ()
    shorter = replace(schema, tables=(replace(schema.tables[0], indexes=()),))
    assert [str(c) for c in changes_since(to_json(shorter), schema)] == [
        "added index sessions.Session.django_session_expire_date_a5c62663",
        "added index sessions.Session.django_session_session_key_c0390e0f_like",
    ]


def test_the_command_keeps_lists_and_writes(capsys) -> None:
    call_command("schema_snapshot", "--list")
    assert capsys.readouterr().out == "No snapshots are kept.\n"
    call_command("schema_snapshot", "--name", "1.4", "--output", "-")
    said = capsys.readouterr()
    written = from_json(said.out)
    assert f"Kept as snapshot:1.4 ({len(written.tables)} tables)." in said.err
    assert written == schema_of(find_snapshot("1.4"))
    call_command("schema_snapshot", "--source", "migrations:sessions")
    capsys.readouterr()
    call_command("schema_snapshot", "--list")
    listed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[1:2] for line in listed] == [["migrations:sessions"], ["1.4"]]
    assert listed[1][2] == "registry"
    assert json.dumps(find_snapshot("latest").document)
    with pytest.raises(CommandError, match="Did you mean registry") as caught:
        call_command("schema_snapshot", "--source", "registri")
    assert caught.value.returncode == 2


def test_triggers_of_the_database_are_no_change_of_the_models() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER touched BEFORE UPDATE ON blog_tag FOR EACH ROW"
            " EXECUTE FUNCTION touch()"
        )
    models, live = read_comparison("registry..database")
    assert [c for c in differences(models, live) if c.path.startswith("default:blog_tag")] == []
