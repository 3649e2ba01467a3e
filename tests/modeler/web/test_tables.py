"""Pages in words: a table, the index, the twin and the panel; what they say and escape."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils.html import escape

from modeler import permissions
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from modeler.web import figures, panel, table, tables, twin
from modeler.web.project import project_schema
from tests.modeler.diagrams.samples import EVIL, foreign_key
from tests.modeler.diagrams.samples import table as sample
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def fresh_figures():
    figures.forget_figures()
    yield
    figures.forget_figures()


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


def page_of(client, name: str, *args: str, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(f"modeler:{name}", args=args) + query)
    assert response.status_code == status
    return response.content.decode()


def test_a_page_and_a_panel_for_every_table(reader):
    for each in project_schema().tables:
        text = page_of(reader, "table", each.key)
        assert f"<h1>{each.key}</h1>" in text
        assert f'data-table="{each.key}"' in page_of(reader, "panel", each.key)


def test_what_a_page_says(reader):
    text = page_of(reader, "table", "blog.Post")
    for said in (
        "A text that somebody wrote.",
        "<code>default:blog_post</code>",
        "rows never counted",
        "Shown in lists Keep it short &amp; clear.",
        "draft, review (In review), live (Live &amp; &lt;b&gt;loud&lt;/b&gt;)",
        "<code>UNIQUE (owner_id, title) WHERE status = &#x27;live&#x27;</code>",
        "The end lies after the beginning.",
        "btree (owner_id) INCLUDE (title) WHERE status = &#x27;draft&#x27;",
        f'<a href="{reverse("modeler:table", args=["blog.Category"])}">blog.Category</a>',
        "each Content has exactly one user; each user has any number of Contents",
        "tests.blog.models.deletions.keep_last decides when the category is deleted",
        "Post.objects.get(pk=1)",
        "from tests.blog.models.posts import Post",
    ):
        assert said in text, said


def test_the_neighbours_in_the_picture_are_links(reader):
    text = page_of(reader, "table", "blog.Comment")
    start = text.index('class="modeler-picture"')
    svg = text[start : text.index("</svg>", start)]
    assert f'<a href="{reverse("modeler:table", args=["blog.Post"])}"><g class="table' in svg
    assert f'<a href="{reverse("modeler:table", args=["blog.Comment"])}"' not in svg


def test_rows_and_sizes_come_from_the_server(reader):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_tag (code, label) VALUES ('a', 'A'), ('b', 'B')")
        cursor.execute("ANALYZE blog_tag, blog_badge")
    text = page_of(reader, "table", "blog.Tag")
    assert "about 2 rows" in text
    assert "Rows for one row" in text


def test_figures_are_read_once_a_minute(reader):
    page_of(reader, "table", "blog.Tag")
    with CaptureQueriesContext(connection) as first:
        page_of(reader, "table", "blog.Post")
    assert not [query for query in first.captured_queries if "pg_class" in query["sql"]]
    assert len(first) <= 6  # session, user and permissions


def test_a_database_that_does_not_answer_costs_the_figures_alone(reader, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection <refused>")

    monkeypatch.setattr(figures, "read_statistics", refuse)
    text = page_of(reader, "table", "blog.Tag")
    assert "Rows and sizes could not be read. connection &lt;refused&gt;" in text
    assert "<code>UNIQUE (code)</code>" in text
    assert "connection &lt;refused&gt;" in page_of(reader, "panel", "blog.Tag")


def test_rows_in_admin_are_for_those_who_may_see_them(client, reader):
    address = reverse("admin:blog_tag_changelist")
    for name in ("table", "panel"):
        assert address not in page_of(client, name, "blog.Tag")
    client.force_login(person("both", holding=(permissions.READ, "blog.view_tag")))
    for name in ("table", "panel"):
        text = page_of(client, name, "blog.Tag")
        assert f'<a href="{address}">Rows in admin</a>' in text
        assert f'<a href="{reverse("admin:blog_tag_changelist", current_app="desk")}">' in text


@pytest.mark.parametrize("name", ["table", "panel"])
def test_an_unknown_table_leads_to_the_nearest(reader, name):
    text = page_of(reader, name, "blog.Pots", status=404)
    assert f'<a href="{reverse("modeler:table", args=["blog.Post"])}">blog.Post</a>' in text
    assert "&lt;b&gt;" in page_of(reader, name, "<b>", status=404)


def test_the_index_lists_every_table_and_finds_words(reader):
    text = page_of(reader, "tables")
    for each in project_schema().tables:
        if each.kind is not TableKind.SWAPPED:
            assert f'<a href="{reverse("modeler:table", args=[each.key])}">' in text, each.key
    found = page_of(reader, "tables", query="?q=shown+in+lists")
    assert re.findall(r'<a href="[^"]*/tables/([^/"]+)/">', found) == ["blog.Post"]
    assert "Nothing has all these words." in page_of(reader, "tables", query="?q=zzzz")
    assert "“&lt;b&gt;”" in page_of(reader, "tables", query="?q=<b>")


def test_the_index_of_columns(reader):
    text = page_of(reader, "tables", query="?list=columns")
    names = {c.name for each in project_schema().tables for c in each.columns}
    if "letter=" not in text:
        assert all(f"<code>{name}</code>" in text for name in names)


def fake(monkeypatch, schema: Schema) -> None:
    for module in (panel, table, tables, twin):
        monkeypatch.setattr(module, "project_schema", lambda: schema)
    for module in (panel, twin):
        monkeypatch.setattr(module, "project_hubs", frozenset)


def many(number: int) -> Schema:
    return Schema(
        tuple(
            sample(f"app{n % 20:02}.Table{n:04}", *(Column(f"c{n}_{i}", "text") for i in range(3)))
            for n in range(number)
        )
    )


def test_many_tables_are_listed_an_app_at_a_time(reader, monkeypatch):
    fake(monkeypatch, many(7000))
    text = page_of(reader, "tables")
    assert "Table0000" not in text
    assert '<a href="?app=app07">' in text
    text = page_of(reader, "tables", query="?app=app07")
    assert text.count('<th scope="row">') == 300
    assert '<a href="?app=app07&amp;page=2">2</a>' in text
    assert page_of(reader, "tables", query="?app=app07&page=2").count('<th scope="row">') == 50
    assert page_of(reader, "tables", query="?app=app07&page=junk").count('<th scope="row">') == 300
    assert '?list=columns&amp;letter=I"' in page_of(reader, "tables", query="?list=columns")
    assert "add a word" in page_of(reader, "tables", query="?q=table")
    assert "only their names are listed" in page_of(reader, "twin")


NASTY = ["a/b:c.d", 'he"ad<b>', "två tabeller", "line\nend", "50% ?q=#x", "..x", "' onload='"]


class Tags(HTMLParser):
    """Collects the elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]


@pytest.mark.parametrize("name", [*NASTY, EVIL])
def test_names_of_databases_are_addressed_and_escaped(reader, monkeypatch, name):
    place = Location("default", name, name)
    key = str(place)
    evil = Table(
        key, place, TableKind.TABLE, name, label=EVIL, comment=EVIL, documentation=EVIL,
        columns=(Column(name, "text", comment=EVIL, help_text=EVIL),), primary_key=(name,),
        relations=(replace(foreign_key(key, name, key), columns=(name,), target=key,
                           target_location=place, target_columns=(name,)),),
    )  # fmt: skip
    other = replace(sample("x.Other"), relations=(foreign_key("x.Other", "evil", key),))
    fake(monkeypatch, Schema((evil, other)))
    address = reverse("modeler:table", args=[key])
    assert resolve(unquote(address)).kwargs == {"key": key}
    for page, query in (("table", ""), ("panel", "?focus=x.Other&hops=0")):
        tags = Tags()
        tags.feed(page_of(reader, page, key, query=query))
        assert not tags.names & {"b"}
        assert not [each for each in tags.attributes if each.startswith("on")]
    for page, query in (("tables", ""), ("tables", "?q=text"), ("tables", "?list=columns"),
                        ("twin", "?columns=all")):  # fmt: skip
        tags = Tags()
        text = page_of(reader, page, query=query)
        tags.feed(text)
        assert not tags.names & {"b"}
        if page == "tables" and query != "?q=text":
            assert f'"{escape(address)}' in text


def test_the_twin_says_both_ends_and_what_is_missing(reader):
    text = page_of(reader, "twin", query="?focus=blog.Comment&hops=1&columns=all")
    for said in (
        "each comment has exactly one Content; each Content has any number of comments",
        "deleting the Content deletes its comments; enforced by the database",
        "Neighbours not shown",
        "grow=blog.Post.category",
    ):
        assert said in text, said
    assert "There is no table" in page_of(reader, "twin", query="?focus=blog.Pots")
    way = page_of(reader, "twin", query="?from=blog.Badge&to=blog.Tag")
    assert "<code>tag</code>" in way
    assert "JOIN blog_tag ON" in way


def test_the_twin_can_be_read_aloud(reader):
    """Headings go down one by one, ids are unique, tables have captions and scopes."""
    for query in ("?focus=blog.Post", "?from=blog.Badge&to=blog.Account", ""):
        text = page_of(reader, "twin", query=query)
        main = text[text.index('id="content-start"') :]
        levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
        assert levels[0] == 1
        assert all(low <= high + 1 for high, low in pairwise(levels))
        tags = Tags()
        tags.feed(text)
        assert len(tags.ids) == len(set(tags.ids))
        for found in re.findall(r"<table.*?</table>", main, re.DOTALL):
            assert "<caption" in found
            assert "<th>" not in found


def test_the_panel_grows_only_what_is_not_shown(reader):
    alone = page_of(reader, "panel", "blog.Comment", query="?focus=blog.Comment&hops=0")
    assert 'data-grow="blog.Comment.post"' in alone
    with_post = page_of(reader, "panel", "blog.Comment", query="?focus=blog.Comment&hops=1")
    assert 'data-grow="blog.Comment.post"' not in with_post
    for text in (alone, with_post):
        for said in (
            'data-fly="blog.Post"', 'data-focus="blog.Comment"', 'data-path-from="blog.Comment"',
            "<h3>Deleting a row</h3>",
        ):  # fmt: skip
            assert said in text, said
        assert "<html" not in text


def test_the_templates_have_no_inline_script_or_style(reader):
    text = page_of(reader, "table", "blog.Post")
    assert not re.search(r"<script(?![^>]* src=)[^>]*>\s*\S", text[text.index("modeler-sheet") :])
    assert " style=" not in text[text.index("modeler-sheet") :]
    assert render_to_string("modeler/_copy.html", {"id": "x", "what": "<b>"}).count("<b>") == 0
