"""What the pages of a site say and where they lead."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from posixpath import dirname, normpath

import pytest

from modeler.diagrams.site.addresses import addresses_of
from modeler.diagrams.site.pages import pages_of
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from tests.modeler.diagrams.formats.nasty import WORDS, examples_of, schemas
from tests.modeler.diagrams.samples import EVIL, SHOP


class Page(HTMLParser):
    """Addresses, ids, text and elements of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.attributes: set[str] = set()
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in {"href", "src", "action"}:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def blog() -> dict[str, bytes]:
    return dict(pages_of(read_registry()))


def every_site() -> list[Schema]:
    return [SHOP, SHOP.select(["orders"]), Schema(), read_registry(), *examples_of(schemas(), 15)]


@pytest.mark.parametrize("number", range(19))
def test_every_link_leads_to_a_page_and_nothing_comes_from_elsewhere(number: int) -> None:
    files = dict(pages_of(every_site()[number]))
    pages = {name: Page(body) for name, body in files.items() if name.endswith(".html")}
    for name, page in pages.items():
        for address in page.addresses:
            path, _, anchor = address.partition("#")
            target = normpath(f"{dirname(name)}/{path}").lstrip("/") if path else name
            assert target in files, (name, address)
            assert not anchor or anchor in pages[target].ids
        # A strict Content-Security-Policy would refuse these.
        assert "style" not in page.attributes and "style" not in page.tags
        assert not any(each.startswith("on") for each in page.attributes)


def test_a_table_page_says_everything(blog: dict[str, bytes]) -> None:
    text = " ".join(" ".join(Page(blog["tables/blog.Post.html"]).words).split())
    for wanted in (
        "With a second paragraph.", "What people wrote", "Shown in lists", "varchar(120)",
        "post_published_in_order", "The end lies after the beginning.", "post_live_title",
        "post_drafts", "blog.Comment.post", "category", "numeric(5,2)", "blog.Account",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_the_picture_has_the_neighbours_as_links_and_no_lone_boxes(blog: dict[str, bytes]) -> None:
    svg = blog["tables/blog.Post.html"].decode().partition("<svg")[2].partition("</svg>")[0]
    boxes = set(re.findall(r'id="table-([^"]+)"', svg))
    linked = set(re.findall(r'<a href="\.\./tables/([^"]+)\.html"', svg))
    assert linked == boxes - {"blog.Post"}
    # By way of a proxy, a multi-table child, and a foreign key of its own.
    assert {"blog.Highlight", "blog.Article", "blog.Category", "blog.Comment"} <= boxes
    assert "blog.Tag" not in boxes  # joined through blog.PostTag, which is there
    assert "blog.PostTag" in boxes and "blog.Post_readers" not in boxes


def test_the_index_that_is_searched_has_every_table_and_column(blog: dict[str, bytes]) -> None:
    page = blog["index.html"].decode()
    found = json.loads(page.partition('id="index">')[2].partition("</script>")[0])
    registry = read_registry()
    assert [(key, [name for name, _ in columns]) for key, _, _, columns in found] == [
        (table.key, [column.name for column in table.columns]) for table in registry.tables
    ]
    assert {address for _, address, _, _ in found} <= set(blog)


def test_awkward_names_are_text() -> None:
    page = dict(pages_of(SHOP))["tables/catalog.Product.html"]
    assert EVIL in "".join(Page(page).words)
    assert b"<b>&amp;" not in page


def test_the_same_schema_gives_the_same_bytes(blog: dict[str, bytes]) -> None:
    assert dict(pages_of(read_registry())) == blog


def test_addresses_are_good_everywhere_and_differ_in_more_than_case() -> None:
    keys = [*WORDS, "a.B", "A.b", "con", "shop.Order", "../../etc/passwd", "x" * 300]
    found = addresses_of(keys)
    assert found["shop.Order"] == "tables/shop.Order.html"
    assert len({address.casefold() for address in found.values()}) == len(set(keys))
    for address in found.values():
        assert re.fullmatch(r"tables/[A-Za-z0-9_][A-Za-z0-9._-]{0,130}\.html", address)
        assert not re.match(r"tables/(con|nul)\b", address) or "-" in address
