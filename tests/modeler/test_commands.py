"""The commands' own promises: names, files, exit codes; what they print is tested by room."""

from __future__ import annotations

import json
import stat

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command


def run(capsys, *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def keys(text: str) -> list[str]:
    return [table["key"] for table in json.loads(text)["schema"].get("tables", [])]


def test_names_choose_apps_and_models_in_any_case(capsys):
    assert keys(run(capsys, "er_diagram", "sessions", "--format", "json")) == ["sessions.Session"]
    both = run(capsys, "er_diagram", "admin.logentry", "sessions", "--format", "json")
    assert keys(both) == ["admin.LogEntry", "sessions.Session"]
    assert keys(run(capsys, "er_diagram", "staticfiles", "--format", "json")) == []


@pytest.mark.parametrize("command", ["er_diagram", "collection_specs"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sesions", "There is no app or table 'sesions'. Did you mean sessions"),
        ("sessions.Sesion", "Did you mean sessions.Session"),
        ("LogEntry", "There is no app or table 'LogEntry'. Did you mean admin.LogEntry?"),
        ("", "There is no app or table ''."),
        ("nothing like it at all", "There is no app or table 'nothing like it at all'."),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(command, name, message):
    with pytest.raises(CommandError) as caught:
        call_command(command, name)
    assert message in str(caught.value)
    assert caught.value.returncode == 2


def test_a_file_is_written_whole_with_the_usual_rights(capsys, tmp_path):
    file = tmp_path / "model.json"
    file.write_text("before")
    run(capsys, "er_diagram", "--format", "json", "--output", str(file))
    assert keys(file.read_text()) == keys(run(capsys, "er_diagram", "--format", "json"))
    assert stat.S_IMODE(file.stat().st_mode) & 0o444 == 0o444
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(
        CommandError, match="cannot be written: No such file or directory"
    ) as caught:
        call_command("collection_specs", output=str(tmp_path / "none" / "specs.json"))
    assert caught.value.returncode == 2


def test_equal_models_give_equal_bytes_in_any_language(capsys, settings):
    first = run(capsys, "er_diagram", "--format", "json")
    settings.LANGUAGE_CODE = "de"
    assert run(capsys, "er_diagram", "--format", "json") == first
    dot = run(capsys, "er_diagram", "--format", "dot")
    assert run(capsys, "er_diagram", "--format", "dot") == dot


def test_specs_as_text_name_field_rule_and_index(capsys):
    text = run(capsys, "collection_specs", "sessions")
    assert text == (
        "django_session  (from sessions.Session)\n"
        "  _id           string, maxLength 40\n"
        "  session_data  string\n"
        "  expire_date   date\n"
        "  index (expire_date 1)  from django_session_expire_date_a5c62663\n"
    )


@pytest.mark.parametrize("command", ["er_diagram", "collection_specs"])
def test_what_could_not_be_read_is_said_beside_the_result(command, capsys, monkeypatch, settings):
    def fail(connection):
        raise ValueError("Related model 'teams.Team' cannot be resolved")

    expires = apps.get_model("sessions", "Session")._meta.get_field("expire_date")
    monkeypatch.setattr(expires, "db_parameters", fail)
    settings.ROOT_URLCONF = "no_such_urls"
    call_command(command, "sessions", "--format", "json")
    said = capsys.readouterr()
    assert "session_data" in said.out
    assert said.err.splitlines() == [
        "Note: no_such_urls: not imported, so models made there are missing: "
        "ModuleNotFoundError: No module named 'no_such_urls'",
        "Note: sessions.Session.expire_date: its type cannot be told: "
        "ValueError: Related model 'teams.Team' cannot be resolved",
    ]
    monkeypatch.undo()
    settings.ROOT_URLCONF = "tests.blog.urls"
    call_command(command, "--format", "json")
    assert capsys.readouterr().err == ""
