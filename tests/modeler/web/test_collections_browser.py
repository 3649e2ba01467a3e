"""Pages of collections in a real Chromium: what is of an older specification looks like it."""

from __future__ import annotations

import pytest

from modeler.mongo.fingerprint import fingerprints
from modeler.web.project import project_specs
from tests.modeler.web.test_collections import COMMANDS, GOOD, store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
MARK = "each => getComputedStyle(each, '::before').content"


@pytest.fixture
def declared(settings):
    path = "tests.modeler.web.declared_collections.COLLECTIONS"
    settings.MODELER = {**getattr(settings, "MODELER", {}), "COLLECTIONS": path}
    project_specs.cache_clear()
    yield
    project_specs.cache_clear()


def marks(page) -> list[str]:
    """The sign before each thing that is known of the collection, in the page's order."""
    return [
        one.evaluate(MARK).strip('" ')
        for one in page.locator(":is(td, dd) > :is(.modeler-good, .modeler-outdated)").all()
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 900)], ids=["wide", "narrow"])
@pytest.mark.parametrize(("name", "args"), [("collections", ()), ("collection", ("posts",))])
def test_what_is_of_an_older_specification_has_no_tick(declared, opened, name, args, size, scheme):
    today = fingerprints(project_specs().specs)
    for kind, payload in GOOD.items():
        older = kind in ("proof", "drift", "preflight", "samples")
        store(kind, payload, {"posts": "0123456789abcdef"} if older else today, COMMANDS[kind])
    page = opened(name, args=args, size=size, scheme=scheme)
    assert marks(page) == ["↻", "↻", "✓"]
    asked = page.locator(".modeler-look-again pre")
    assert asked.is_visible()
    assert COMMANDS["proof"] in asked.inner_text()
    assert COMMANDS["verification"] not in asked.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
