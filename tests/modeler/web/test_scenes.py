"""The picture's data: what is answered, and that no input breaks it."""

from __future__ import annotations

import gzip
import json

import pytest
from django.urls import reverse

from modeler import permissions
from modeler.web.project import project_schema
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


def scene(client, query: str = "") -> dict:
    response = client.get(f"{reverse('modeler:scene')}?{query}")
    assert response.status_code == 200
    return response.json()


def test_a_scene_shows_what_was_asked_for(reader):
    got = scene(reader, "focus=blog.Tag&hops=1&hubs=0")
    assert {table["key"] for table in got["tables"]} == {
        "blog.Tag", "blog.Badge", "blog.Highlight", "blog.PostTag"
    }  # fmt: skip
    keys = [table["key"] for table in got["tables"]]
    ends = {(keys[e["from"]], keys[e["to"]], e["key"]) for e in got["edges"]}
    assert ("blog.PostTag", "blog.Tag", "blog.PostTag.suggested") in ends
    assert got["query"] == "focus=blog.Tag&hubs=0"
    assert got["total"] == sum(t.kind != "swapped" for t in project_schema().tables)
    assert got["map"] is False


def test_a_path_comes_with_its_lookup_and_join(reader):
    (first, *_) = scene(reader, "from=blog.Badge&to=blog.Post")["paths"]
    assert first["lookup"] == "tag__posts"
    assert first["sql"].splitlines()[0] == "SELECT blog_badge.id, blog_post.id"


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("focus=blog.Tagg", "There is no table 'blog.Tagg'. Did you mean blog.Tag or "
         "blog.Star or blog.PostTag?"),
        ("hops=99", "hops='99' is no number from 0 to 3; it is 1 here."),
        ("from=blog.Slot&to=blog.Tag", "No relations lead from blog.Slot to blog.Tag; allow more "
         "tables, or avoid fewer."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_picture(reader, query, notice):
    assert notice in scene(reader, query)["notices"]


def test_the_page_of_an_unknown_focus_is_not_found_and_names_the_nearest(reader):
    response = reader.get(f"{reverse('modeler:diagram')}?focus=blog.Tagg")
    assert response.status_code == 404
    assert "Did you mean blog.Tag or" in response.content.decode()


def test_a_scene_is_kept_by_its_tag_and_compressed(reader):
    address = reverse("modeler:scene")
    plain = reader.get(address)
    small = reader.get(address, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert small["Vary"].count("Accept-Encoding") == 1
    again = reader.get(address, headers={"if-none-match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_saved_positions_win(reader):
    got = reader.post(
        reverse("modeler:arrange"),
        {"query": "app=blog", "positions": {"blog.Tag": [5000, -20.5], "blog.Gone": [1, 2]}},
        content_type="application/json",
    ).json()
    place = {t["key"]: (t["x"], t["y"]) for t in got["tables"]}
    assert place["blog.Tag"] == (5000, -20.5)
    assert "blog.Gone" not in place


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", '{"positions": []}', '{"positions": {"a": [1]}}', "[" * 5000,
        '{"positions": {"a": [1, "x"]}}', '{"positions": {"a": [1, NaN]}}',
        '{"positions": {"a": [1e300, 2]}}', '{"positions": {"a": [true, 2]}}',
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_in_a_sentence(reader, body):
    response = reader.post(reverse("modeler:arrange"), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_palette_searches_every_table(reader):
    found = json.loads(reader.get(reverse("modeler:search")).content)["tables"]
    assert {entry[0] for entry in found} == {
        t.key for t in project_schema().tables if t.kind != "swapped"
    }
    post = next(entry for entry in found if entry[0] == "blog.Post")
    assert post[1:5] == [
        "Content", "blog_post", "Blog",
        "What people wrote A text that somebody wrote. With a second paragraph.",
    ]  # fmt: skip
    assert ["title", "title Shown in lists Keep it short & clear."] in post[5]
