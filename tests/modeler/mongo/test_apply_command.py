"""``collection_specs --apply`` and ``--drift`` as they are run: output and exit codes."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from modeler.management.commands import collection_specs as command
from modeler.mongo.server import close_clients

pytestmark = pytest.mark.django_db  # its clock is compared
NAME = "by_command"


@pytest.fixture(autouse=True)
def server(server_url, mongo_client, monkeypatch):
    monkeypatch.setenv("MONGO_URL", server_url)
    mongo_client.drop_database(NAME)
    yield mongo_client[NAME]
    mongo_client.drop_database(NAME)
    close_clients()


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, and the error or what was said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(
            "collection_specs", *arguments, "--database", NAME, stdout=out, stderr=err
        )  # fmt: skip
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


SESSION = "django_session"


def test_plan_apply_apply_again_and_drift(server):
    code, plan, _ = run("sessions", "--apply", "--dry-run")
    version = server.client.server_info()["version"]
    where = f"database {NAME} on MongoDB {version} (replica set)"
    assert (code, plan) == (
        0,
        f"Plan for {where}: 5 steps on 1 collection, nothing done yet.\n"
        "\n"
        "django_session\n"
        "  1. Create the collection django_session with its validator, which only warns as yet.\n"
        "  2. Build the index (expire_date 1), from django_session_expire_date_a5c62663.\n"
        "  3. Count the documents of django_session that its rules would refuse; with any, stop "
        "here.\n"
        "  4. From now on, django_session refuses documents that break its rules.\n"
        "  5. Note in modeler_state what django_session was specified as.\n"
        "\n"
        "Run the same with --apply and without --dry-run to do it.\n",
    )
    assert server.list_collection_names() == []
    code, said, _ = run("sessions", "--apply")
    assert code == 0
    assert said.splitlines()[-1] == "1 collection is as specified now."
    assert [line.split()[0] for line in said.splitlines()[1:6]] == ["done"] * 5
    again = (0, f"The collection is as specified in {where}. Nothing to do.\n", "")
    assert run("sessions", "--apply") == again
    assert run("sessions", "--apply", "--dry-run") == again
    assert run("sessions", "--drift") == (
        0,
        "The server against what was applied: nothing found.\n\n"
        "The models against what was applied: nothing found.\n",
        "",
    )


def test_offenders_end_it_with_code_1_and_the_next_step(server):
    server[SESSION].insert_many([{"_id": n, "session_data": "x"} for n in range(3)])
    code, said, error = run("sessions", "--apply")
    assert (code, error) == (1, "Not all could be applied; see above.")
    assert said.splitlines()[3:] == [
        "STOP  Count the documents of django_session that its rules would refuse; with any, stop "
        "here.",
        "     3 documents of django_session would be refused.",
        "     They break: expire_date is missing; the rules of _id.",
        "     _id of some: 0, 1, 2",
        "     → Mend them, or the rule, and apply again. Until then django_session warns, no "
        "more.",
        "left  From now on, django_session refuses documents that break its rules.",
        "left  Note in modeler_state what django_session was specified as.",
        "",
        "0 collections are as specified now. 1 stopped: django_session. What was done stays; "
        "apply again after mending what is named above.",
    ]
    code, said, error = run("sessions", "--drift")
    assert (code, error) == (1, "The collections differ; see above.")
    assert [line.split()[1] for line in said.splitlines() if line.startswith("WARNING")] == [
        "MS305",
        "MS323",
    ]


def test_json_has_the_commands_and_what_became_of_them(server):
    code, text, _ = run("sessions", "--apply", "--dry-run", "--format", "json")
    plan = json.loads(text)
    assert (code, plan["format"], plan["version"], plan["database"]) == (
        0,
        "modeler.plan",
        1,
        NAME,
    )
    assert [next(iter(step["command"])) for step in plan["steps"]] == [
        "create",
        "createIndexes",
        "aggregate",
        "collMod",
        "update",
    ]
    server[SESSION].insert_one({"_id": 1})
    code, text, _ = run("sessions", "--apply", "--format", "json")
    done = json.loads(text)
    assert (code, done["format"]) == (1, "modeler.apply")
    (stop,) = [step for step in done["steps"] if step["outcome"] == "stopped"]
    assert (stop["offenders"]["count"], stop["offenders"]["ids"]) == (1, [{"$numberInt": "1"}])
    code, text, _ = run("sessions", "--drift", "--format", "json")
    found = json.loads(text)
    assert (code, found["format"]) == (1, "modeler.drift")
    assert found["live"]["counts"]["warning"] == 1


def test_what_stands_in_the_way_is_code_1_and_the_rest_is_done(server):
    server.create_collection(SESSION, viewOn="elsewhere")
    code, said, error = run("sessions", "blog.Tag", "--apply")
    assert (code, error) == (1, "Something stands in the way; see above.")
    assert "error: django_session is a view" in said
    assert "1 collection is as specified now." in said
    assert server.list_collection_names(filter={"type": "collection", "name": "blog_tag"})


def test_collections_that_no_model_gives_are_told_when_all_are_asked_for(server):
    run("sessions", "--apply")
    stored = server.modeler_state.find_one({"_id": {"collection": SESSION}})
    server.modeler_state.insert_one({**stored, "_id": {"collection": "left_over"}})
    _, said, _ = run("--drift")
    told = [line for line in said.splitlines() if "MS324" in line]
    assert told == ["INFO    MS324  left_over"]
    assert run("sessions", "--drift")[::2] == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dry-run"], "--dry-run says what --apply would do. Name both, or none."),
        (["sessions"], "--database is for --apply and --drift. Name one of them."),
    ],
)
def test_options_that_do_not_go_together_are_code_2(arguments, said):
    assert run(*arguments) == (2, "", said)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"MONGO_HIDDEN_DAYS": -1}, "MODELER['MONGO_HIDDEN_DAYS'] must be a number of days"),
        ({"MONGO_LEVEL": "error"}, "MODELER['MONGO_LEVEL'] must be constraint or strict"),
        ({"MONGO_URL": "mongodb://127.0.0.1:1/"}, "MongoDB cannot be reached: "),
    ],
)
def test_settings_that_cannot_be_used_are_code_2(settings, setting, said):
    settings.MODELER = {**setting, "MONGO_SELECTION_SECONDS": 0.3}
    code, _, error = run("sessions", "--apply", "--dry-run")
    assert code == 2
    assert error.startswith(said)


def test_a_version_of_the_server_that_is_none(server):
    code, out, said = run("sessions", "--apply", "--server", "5.0")
    assert (code, out) == (2, "")
    assert said == (
        "'5.0' is no version of MongoDB that collections can be specified for. "
        "Name one from 6 on, such as 7.0."
    )
    assert server.list_collection_names() == []


def test_an_apply_goes_by_the_server_it_speaks_to(server, monkeypatch):
    asked = []
    plain = command.chosen_specs

    def noted(schema, names, version):
        asked.append(version)
        return plain(schema, names, version)

    monkeypatch.setattr(command, "chosen_specs", noted)
    run("sessions", "--apply", "--dry-run")
    run("sessions", "--drift")
    run("sessions", "--apply", "--dry-run", "--server", "7.0")
    own = tuple(server.client.server_info()["versionArray"][:2])
    assert asked == [own, own, (7, 0)]
