"""The commands' own promises: names, files, exit codes; what they print is tested by room."""

from __future__ import annotations

import json
import re
import stat

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

# Of unmanaged models and of types that somebody made, it asks the database.
ASKING = pytest.param("collection_specs", marks=pytest.mark.django_db)


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


@pytest.mark.parametrize("command", ["er_diagram", ASKING])
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


@pytest.mark.django_db
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


def chosen(capsys, *arguments: str) -> set[str]:
    """Return the keys of the tables in a picture."""
    svg = run(capsys, "er_diagram", *arguments)
    return set(re.findall(r'id="table-([^"]*)"', svg))


@pytest.mark.parametrize(
    ("arguments", "tables"),
    [
        ("sessions --show system", {"sessions.Session"}),
        ("sessions", set()),
        ("--focus blog.Badge", {"blog.Badge", "blog.Tag"}),
        ("--focus blog.badge --hops 0 --grow blog.Post.owner",
         {"blog.Badge", "blog.Post", "blog.Account"}),
        ("--path blog.Badge blog.Highlight", {"blog.Badge", "blog.Tag", "blog.Highlight"}),
        ("blog --text mail", {"blog.Account"}),
        ("blog.Tag blog.Slot --without blog.Slot", {"blog.Tag"}),
    ],
)  # fmt: skip
def test_options_choose_what_is_drawn(capsys, arguments, tables):
    found = chosen(capsys, *arguments.split())
    if "--path" in arguments:  # the further ways are longer
        assert tables <= found
    else:
        assert found == tables


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--focus blog.Tagg", "There is no table 'blog.Tagg'. Did you mean blog.Tag"),
        ("--path blog.Tag nothing", "There is no table 'nothing'."),
        ("--view nothing", "There is no saved view 'nothing'."),
        ("--format text", "add --compare registry..database, or leave them out"),
        ("--compare registry", "names one source. Write two"),
        ("--compare registry..databse", "There is no source 'databse'. Did you mean database?"),
        ("--compare registry..migrations --format dot", "is written as text, svg, png, pdf, json"),
        ("--check /nowhere/x.svg", "/nowhere/x.svg cannot be read: No such file or directory."),
    ],
)
@pytest.mark.django_db
def test_wrong_options_are_answered_in_a_sentence(arguments, message):
    with pytest.raises(CommandError) as caught:
        call_command("er_diagram", *arguments.split())
    assert message in str(caught.value)
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    "format", ["svg", "dot", "mermaid", "plantuml", "d2", "dbml", "sql", "json"]
)
def test_a_committed_picture_is_checked(capsys, tmp_path, monkeypatch, format):
    file = str(tmp_path / "model")
    ask = ("er_diagram", "blog.Tag", "blog.Badge", "--format", format)
    run(capsys, *ask, "--output", file)
    run(capsys, *ask, "--check", file)
    label = apps.get_model("blog", "Tag")._meta.get_field("label")
    monkeypatch.setattr(label, "column", "words")
    with pytest.raises(CommandError, match=r"is out of date\. Write it anew: ") as caught:
        call_command(*ask, "--check", file)
    assert caught.value.returncode == 1
    said = capsys.readouterr().out
    assert "words" in said
    if format == "svg":
        assert said.splitlines() == [
            "added column blog.Tag.words: varchar(40)",
            "removed column blog.Tag.label: varchar(40)",
        ]
    if format == "json":
        assert "renamed column blog.Tag.words (was label)" in said.splitlines()


def test_what_is_no_picture_of_ours_cannot_be_checked(capsys, tmp_path):
    file = tmp_path / "model.svg"
    for text in ("<p/>", "<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>'):
        file.write_text(text)
        with pytest.raises(CommandError, match="draw it again"):
            call_command("er_diagram", check=str(file))


@pytest.mark.django_db
def test_a_comparison_is_a_list_a_picture_or_json(capsys, tmp_path):
    from dataclasses import replace

    from modeler.schema.encoding import from_json, to_json

    before = from_json(run(capsys, "er_diagram", "blog.Tag", "blog.Badge", "--format", "json"))
    badge, tag = before.tables
    file = tmp_path / "before.json"
    file.write_text(
        to_json(replace(before, tables=(replace(tag, columns=tag.columns[:-1]), badge)))
    )
    now = tmp_path / "now.json"
    now.write_text(to_json(before))
    ask = ("er_diagram", "--compare", f"file:{file}..file:{now}")
    assert run(capsys, *ask) == (
        "Blog\n    blog.Tag\n      + column label added: varchar(40) NOT NULL\n\n1 change.\n"
    )
    svg = run(capsys, *ask, "--format", "svg", "--only-changed")
    assert 'class="c-added added"' in svg
    assert json.loads(run(capsys, *ask, "--format", "json"))["tables"] == {"blog.Tag": "altered"}
    with pytest.raises(CommandError) as caught:
        call_command(*ask, "--exit-code")
    assert caught.value.returncode == 1
    capsys.readouterr()
    same = ("er_diagram", "--compare", f"file:{now}..file:{now}", "--exit-code")
    assert run(capsys, *same) == "No changes.\n"


@pytest.mark.django_db
def test_a_saved_view_is_drawn_where_it_stands(capsys):
    from modeler.models import SavedView

    SavedView.objects.create(
        name="Mine", selection="table=blog.Tag", positions={"blog.Tag": [1000, 500]}
    )
    svg = run(capsys, "er_diagram", "--view", "Mine")
    assert re.findall(r'id="table-([^"]*)"', svg) == ["blog.Tag"]
    assert '<rect x="1000.0" y="500.0"' in svg


@pytest.mark.django_db
def test_specs_as_text_name_field_rule_and_index(capsys):
    text = run(capsys, "collection_specs", "sessions")
    assert text == (
        "django_session  (from sessions.Session)\n"
        "  _id           string, maxLength 40\n"
        "  session_data  string\n"
        "  expire_date   date\n"
        "  index (expire_date 1)  from django_session_expire_date_a5c62663\n"
    )


@pytest.mark.parametrize("command", ["er_diagram", ASKING])
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
