"""Saved views: whose they are, what is refused, and what happens when two save."""

from __future__ import annotations

import pytest
from django.urls import reverse

from modeler import permissions
from modeler.models import SavedView
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db
VIEW = {
    "name": "Money",
    "selection": "app=blog",
    "positions": {"blog.Tag": [10, 20.04]},
    "notes": [{"x": 1, "y": 2, "w": 10, "h": 90, "text": "<b>why</b>", "color": "blue"}],
}


class Browser:
    def __init__(self, client, user) -> None:
        self.client, self.user = client, user

    def ask(self, method: str, address: str, body: object = None):
        self.client.force_login(self.user)
        return self.client.generic(
            method, address, "" if body is None else _json(body), "application/json"
        )

    def save(self, **changes: object):
        return self.ask("POST", reverse("modeler:views"), {**VIEW, **changes})

    def change(self, number: int, **changes: object):
        return self.ask("PATCH", reverse("modeler:view", args=[number]), changes)

    def listed(self) -> list[str]:
        return [v["name"] for v in self.ask("GET", reverse("modeler:views")).json()["views"]]


def _json(body: object) -> str:
    import json

    return json.dumps(body)


@pytest.fixture
def ann(client):
    return Browser(client, person("ann", holding=permissions.READ))


@pytest.fixture
def bob(client):
    return Browser(client, person("bob", holding=(permissions.READ, permissions.SHARE)))


def test_a_view_is_kept_and_given_back_whole(ann):
    made = ann.save()
    assert made.status_code == 201
    got = ann.ask("GET", reverse("modeler:view", args=[made.json()["id"]])).json()
    assert got == made.json()
    assert {
        name: got[name] for name in ("name", "selection", "positions", "notes", "version")
    } == {
        "name": "Money",
        "selection": "app=blog",
        "positions": {"blog.Tag": [10, 20]},
        "notes": [
            {"x": 1.0, "y": 2.0, "w": 40.0, "h": 90.0, "text": "<b>why</b>", "color": "blue"}
        ],
        "version": 1,
    }


def test_others_see_it_once_it_is_shared(ann, bob):
    number = bob.save().json()["id"]
    assert (ann.listed(), bob.listed()) == ([], ["Money"])
    assert ann.ask("GET", reverse("modeler:view", args=[number])).status_code == 404
    assert bob.change(number, version=1, shared=True).json()["version"] == 2
    assert ann.listed() == ["Money"]
    assert ann.change(number, version=2, name="Mine").status_code == 403
    assert ann.ask("DELETE", reverse("modeler:view", args=[number])).status_code == 403


def test_sharing_needs_its_permission(ann):
    assert ann.save(shared=True).status_code == 403
    number = ann.save().json()["id"]
    assert ann.change(number, version=1, shared=True).status_code == 403
    assert not SavedView.objects.filter(shared=True).exists()


def test_of_two_who_save_the_second_is_told_and_nothing_is_lost(ann, bob):
    number = bob.save(shared=True).json()["id"]
    assert bob.change(number, version=1, positions={"blog.Tag": [1, 1]}).status_code == 200
    late = bob.change(number, version=1, positions={"blog.Tag": [2, 2]})
    assert late.status_code == 409
    assert late.json()["error"].startswith("bob saved this view at ")
    assert SavedView.objects.get(pk=number).positions == {"blog.Tag": [1.0, 1.0]}
    SavedView.objects.all().delete()
    assert bob.change(number, version=2, name="x").status_code == 404


def test_an_app_has_one_default(bob):
    assert bob.save(shared=True, default_for="blog").status_code == 201
    second = bob.save(name="Other", shared=True, default_for="blog")
    assert (second.status_code, second.json()["error"]) == (
        409, "Another view is the default for 'blog' already; take that from it first.",
    )  # fmt: skip
    assert bob.save(name="Third", default_for="auth").status_code == 400
    # A view that is private again is nobody's default.
    number = SavedView.objects.get(name="Money").pk
    assert bob.change(number, version=1, shared=False).json()["defaultFor"] == ""


def test_names_are_taken_once_a_person(ann, bob):
    assert (ann.save().status_code, bob.save().status_code) == (201, 201)
    assert ann.save().json()["error"] == "There is a view 'Money' already; choose a name."


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "x" * 121}, {"name": 3}, {"selection": "x" * 8001},
        {"positions": [1]}, {"positions": {"a": [1, 2, 3]}}, {"notes": {}}, {"notes": [{}]},
        {"notes": [{"x": 1, "y": 1, "w": 1, "h": 1, "text": "x" * 2001}]},
        {"notes": [{"x": 1, "y": 1, "w": 1, "h": 1, "color": "red;}"}]}, {"shared": "yes"},
        {"owner": 1}, {"version": 7},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_a_sentence(ann, changes):
    refused = ann.save(**changes)
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert not SavedView.objects.exists()


def test_a_change_must_say_what_it_was_made_to(ann):
    number = ann.save().json()["id"]
    for version in (None, "1", True):
        assert ann.change(number, version=version, name="x").status_code == 400


@pytest.mark.parametrize(
    ("asked", "query", "spelled", "whole"),
    [
        ("view={0}", "view={0}", "view={0}&app=blog", False),
        ("app=blog", "view={0}", "view={0}&app=blog", False),
        ("view={0}&columns=keys", "view={0}&columns=keys", "view={0}&columns=keys", True),
        ("view={0}&app=auth", "view={0}&app=auth", "view={0}&app=auth", False),
        ("view=0&app=blog", "view=0&app=blog", "view=0&app=blog", False),
        ("", "", "", True),
    ],
)  # fmt: skip
def test_an_address_says_the_view_and_what_else_is_shown(bob, asked, query, spelled, whole):
    number = bob.save(shared=True, default_for="blog").json()["id"]
    got = bob.ask("GET", f"{reverse('modeler:scene')}?{asked.format(number)}").json()
    assert (got["query"], got["spelled"]) == (query.format(number), spelled.format(number))
    # What is written out means the same, and says itself again.
    again = bob.ask("GET", f"{reverse('modeler:scene')}?{got['spelled']}").json()
    assert (again["query"], again["spelled"]) == (got["query"], got["spelled"])
    keys = {table["key"] for table in got["tables"]}
    assert keys == {table["key"] for table in again["tables"]}
    assert whole == any(key.startswith("modeler.") for key in keys)
