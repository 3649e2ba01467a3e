"""What is stored of the design, who may decide, and the command that shows it."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse

from modeler.collection_designs import (
    design_decide,
    design_undecide,
    newest_measures,
    overrides_of,
    project_design,
)
from modeler.errors import ConfigurationError, UnknownName
from modeler.models import CollectionDesign, StoredResult
from modeler.mongo.aggregate import Aggregate
from modeler.mongo.design.measures import Measures
from modeler.mongo.design.override import Override
from modeler.mongo.design.verdict import Verdict
from modeler.schema.registry import read_registry

from .mongo.design.figures import fan_out, measures

pytestmark = pytest.mark.django_db(databases=["default", "events"])

COMMENTS = "blog.Comment.post"
DECLARED = (Aggregate("blog.Tag", "labels"),)
NOT_ITERABLE = 7
NO_AGGREGATES = ("blog.Tag",)


@pytest.fixture
def schema():
    return read_registry()


def verdict(schema, relation: str, figures: Measures | None = None) -> str:
    made = project_design(schema, figures)
    return next(str(one.verdict) for one in made.decisions if one.relation == relation)


def run(capsys, *arguments: str) -> str:
    call_command("collection_design", *arguments)
    return capsys.readouterr().out


def test_a_decision_is_kept_with_its_numbers_and_taken_back(schema):
    then = fan_out(COMMENTS, 1, 2, 3, 4)
    assert verdict(schema, COMMENTS) == "embed array"
    design_decide(
        schema=schema, relation=COMMENTS, verdict="reference", note=" moderated ",
        measures=measures(then),
    )  # fmt: skip
    (kept,) = overrides_of()
    expected = Override(COMMENTS, Verdict.REFERENCE, "moderated", "", kept.when, then)
    assert kept == expected
    assert verdict(schema, COMMENTS) == "reference"
    later = project_design(schema, measures(fan_out(COMMENTS, 1, 2, 3, 9)))
    assert [one.code for one in later.findings] == ["MS401"]
    design_decide(schema=schema, relation=COMMENTS, verdict="subset")
    assert CollectionDesign.objects.get().verdict == "subset"
    design_undecide(relation=COMMENTS)
    assert verdict(schema, COMMENTS) == "embed array"
    with pytest.raises(UnknownName, match="There is no decision on"):
        design_undecide(relation=COMMENTS)


@pytest.mark.parametrize(
    ("relation", "said", "error", "message"),
    [
        ("blog.Coment.post", "reference", UnknownName, "Did you mean blog.Comment.post"),
        (COMMENTS, "embedded", ConfigurationError, "'embedded' is no verdict. Decide one of"),
        (COMMENTS, "ask", ConfigurationError, "'ask' is no verdict"),
    ],
)
def test_what_cannot_be_decided_is_said(schema, relation, said, error, message):
    with pytest.raises(error, match=message):
        design_decide(schema=schema, relation=relation, verdict=said)


def test_deciding_needs_its_permission(schema):
    user = get_user_model().objects.create(email="a@example.org")
    with pytest.raises(PermissionDenied):
        design_decide(schema=schema, relation=COMMENTS, verdict="reference", user=user)
    with pytest.raises(PermissionDenied):
        design_undecide(relation=COMMENTS, user=user)
    user.user_permissions.add(Permission.objects.get(codename="decide_collections"))
    user = get_user_model().objects.get(pk=user.pk)
    made = design_decide(schema=schema, relation=COMMENTS, verdict="reference", user=user)
    assert made.decided_by == user


def test_admin_shows_decisions_and_changes_none(schema, client):
    client.force_login(
        get_user_model().objects.create(email="a@example.org", is_staff=True, is_superuser=True)
    )
    made = design_decide(schema=schema, relation=COMMENTS, verdict="reference", note="why")
    page = client.get(reverse("admin:modeler_collectiondesign_changelist"))
    assert page.status_code == 200
    assert COMMENTS in page.content.decode()
    address = reverse("admin:modeler_collectiondesign_change", args=[made.pk])
    client.post(address, {"verdict": "subset"})
    made.refresh_from_db()
    assert made.verdict == "reference"


@override_settings(MODELER={"COLLECTIONS": f"{__name__}.DECLARED"})
def test_collections_are_declared_in_code(schema):
    made = project_design(schema, None)
    assert [one.collection for one in made.aggregates if one.table == "blog.Tag"] == ["labels"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"COLLECTIONS": [1]}, "is no text. Name an iterable"),
        ({"COLLECTIONS": f"{__name__}.GONE"}, "cannot be used: Module"),
        ({"COLLECTIONS": f"{__name__}.NOT_ITERABLE"}, "object is not iterable"),
        ({"COLLECTIONS": f"{__name__}.NO_AGGREGATES"}, "holds 'blog.Tag', which is no Aggregate"),
        ({"DESIGN_WEIGHTS": {"inlin": 1}}, "There is no weight 'inlin'.*Use inline"),
        ({"DESIGN_WEIGHTS": {"inline": "3"}}, "must be a number, not '3'"),
        ({"DESIGN_WEIGHTS": 3}, "must be a dict"),
        ({"DESIGN_WORKLOAD": {COMMENTS: {"read": 1}}}, "must be a dict of read_together"),
        ({"DESIGN_WORKLOAD": {COMMENTS: {"read_together": 4}}}, "must be 0, 1, 2 or 3, not 4"),
    ],
)
def test_settings_that_cannot_be_used_are_said(schema, given, message):
    with override_settings(MODELER=given), pytest.raises(ConfigurationError, match=message):
        project_design(schema, None)


def test_settings_weigh(schema):
    assert verdict(schema, COMMENTS) == "embed array"
    with override_settings(MODELER={"DESIGN_WEIGHTS": {"embed": 9}}):
        assert verdict(schema, COMMENTS) == "ask" or verdict(schema, COMMENTS) == "reference"
    with override_settings(MODELER={"DESIGN_WORKLOAD": {COMMENTS: {"written_alone": 3}}}):
        assert verdict(schema, COMMENTS) == "ask"


def test_the_command_measures_stores_and_shows_what_is_stored(capsys):
    shown = run(capsys, "blog.Comment", "--store")
    assert "Measured in 'default' (PostgreSQL" in shown
    assert StoredResult.objects.get().get_kind_display() == "measures of rows"
    stored = newest_measures()
    assert stored is not None and stored.by_table()["blog.Comment"].rows == 0
    assert run(capsys, "blog.Comment", "--stored") == shown


def test_the_command_without_a_database(capsys, django_assert_num_queries):
    with django_assert_num_queries(0):
        shown = run(capsys, "blog.Comment", "--no-database")
    assert "From the models alone: no database was asked" in shown
    assert "blog.Comment.post → blog.Post: embed array" in shown
    assert "  together:\n" in shown
    assert "blog.Tag" not in shown.split("Collections")[0]


def test_the_command_s_json_can_be_designed_again(capsys, tmp_path):
    file = tmp_path / "design.json"
    first = run(capsys, "blog.Comment", "--format", "json")
    file.write_text(first)
    assert run(capsys, "blog.Comment", "--format", "json", "--measures", str(file)) == first
    cards = {card["relation"]: card for card in json.loads(first)["cards"]}
    assert set(cards) == {COMMENTS, "blog.Comment.answer_to"}


def test_the_command_decides(capsys):
    shown = run(capsys, "blog.Comment", "--decide", f"{COMMENTS}=subset", "--note", "long ones")
    assert "because: long ones" in shown
    assert "the points say embed array" in shown
    assert "because: long ones" not in run(capsys, "blog.Comment", "--undecide", COMMENTS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--no-database", "--store"], "leave --no-database out"),
        (["--no-database", "--note", "x"], "goes with --decide"),
        (["--stored"], "Store some with: manage.py collection_design --store"),
        (["--database", "defalt"], "Did you mean default"),
        (["--measures", "/nowhere.json"], "/nowhere.json cannot be read"),
    ],
)
def test_wrong_input_ends_with_a_sentence(arguments, message):
    with pytest.raises(CommandError) as caught:
        call_command("collection_design", *arguments)
    assert message in str(caught.value)
    assert caught.value.returncode == 2
