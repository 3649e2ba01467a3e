"""What leaves the viewer in a real Chromium: themes, files, paper, names and errors."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.modeler.web.viewer_page import (
    MODULES,
    POST,
    ask,
    shown,
    until,
    view,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_follows_the_theme_and_files_are_light(opened, scheme):
    page = shown(opened, anchor=f"#table-{POST}", scheme=scheme)
    page.wait_for_selector(".er-body", state="attached")
    fill = page.evaluate("getComputedStyle(document.querySelector('.er-body')).fill")
    assert fill == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}[scheme]
    view(page)
    page.locator(".er-menu summary").click()
    with page.expect_download() as waiting:
        page.click("[data-do=svg]")
    text = Path(waiting.value.path()).read_text()
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "#121212" not in text
    assert ">Post<" in text
    assert "var(" not in text
    page.locator(".er-menu summary").click()
    with page.expect_download() as waiting:
        page.click("[data-do=png]")
    assert Path(waiting.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_prints_in_pages_of_vectors(opened):
    page = shown(opened, anchor="?columns=all")
    # Within a function: of an expression that yields one, Playwright calls what it yields.
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.locator(".er-menu summary").click()
    page.click("[data-do=print]")
    until(page, "document.getElementById('er-print-all-pages').textContent")
    said = page.locator("#er-print-all-pages").inner_text()
    page.click("[data-do=printAll]")
    until(page, "window.printed")
    sheets = page.locator(".er-sheet").count()
    assert said == (f"{sheets} pages" if sheets != 1 else "1 page")
    names = set(
        page.eval_on_selector_all(".er-sheet [data-key]", "all => all.map(e => e.dataset.key)")
    )
    assert names == set(ask(page, "[...m.diagram.stage.scene.byKey.keys()]"))
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == sheets
    assert page.locator(".er-sheet img, .er-sheet canvas").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".er-sheet").count() == 0


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_nothing_sticks_out_at_any_width(opened, width):
    page = shown(opened, size=(width, 800))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    canvas = page.locator("#er-canvas").bounding_box()
    assert canvas["width"] > 0.6 * min(width, 900) - 24
    assert canvas["height"] > 300


def test_every_control_has_a_name(opened):
    page = shown(opened)
    nameless = page.eval_on_selector_all(
        "button, a[href], input, select",
        "all => all.filter(e => e.offsetParent && !(e.getAttribute('aria-label')"
        " || e.textContent.trim() || e.labels?.length || e.title)).map(e => e.outerHTML)",
    )
    assert [each for each in nameless if "hidden" not in each] == []
    page.keyboard.press("?")
    assert page.locator("#er-legend").is_visible()
    assert page.locator("#er-legend dl[data-marks] dt").count() == 10


NASTY = '<img src=x onerror="document.title=1">'
DRAWN = """([boxes, marked]) => {
    const table = {
        key: "a.b", title: nasty, kind: "model", x: 0, y: 0, w: 300, h: 42,
        rows: [[nasty, nasty, "p"]], hidden: 0,
    };
    const group = boxes.drawTable(table, { hue: 1 }, "columns", 1, { head: 24, row: 18 });
    document.body.append(group, ...marked.marked(nasty, [0]));
    return [...group.querySelectorAll("text")].map((text) => text.textContent);
}"""


def test_names_with_markup_are_text(opened):
    page = opened("cockpit")
    modules = f"[import('{MODULES}boxes.js'), import('{MODULES}marked.js')]"
    texts = page.evaluate(f"(nasty) => Promise.all({modules}).then({DRAWN})", NASTY)
    assert texts[:3] == [NASTY, NASTY, NASTY]
    assert page.locator("img[src=x]").count() == 0


def test_an_error_of_the_server_is_said(opened):
    page = shown(opened)
    page.route("**/scene.json*", lambda route: route.fulfill(body="<h1>Log in</h1>"))
    ask(page, "void m.diagram.query.with({text: 'post'})")
    page.wait_for_selector(".modeler-notice.is-failed")
    page.unroute("**/scene.json*")
    ask(page, "void m.diagram.query.with({text: null})")
    page.wait_for_selector(".modeler-notice.is-failed", state="detached")
