"""The viewer in a real Chromium, on the blog: what architects do with the picture."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import modeler
from modeler.web.project import project_schema
from tests.modeler.web.viewer_page import (
    POST,
    READY,
    ask,
    chosen,
    drawn,
    place,
    shown,
    until,
    view,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


LATER = {"paper.js", "picture.js", "print.js"}  # fetched when somebody prints or saves


def test_every_module_is_fetched_beforehand():
    folder = Path(modeler.__file__).parent
    listed = (folder / "templates" / "modeler" / "_modules.html").read_text()
    modules = {path.name for path in (folder / "static" / "modeler" / "diagram").glob("*.js")}
    assert set(re.findall(r"\{\{ modules \}\}(\w+\.js)", listed)) == modules - LATER


def test_wheel_drag_keys_and_buttons_move_the_view(opened):
    page = shown(opened)
    page.keyboard.press("Escape")
    page.focus("#er-canvas")
    page.keyboard.press("0")
    fitted = view(page)
    page.click("[data-do=in]")
    assert view(page)["scale"] == pytest.approx(fitted["scale"] * 1.25)
    box = page.locator("#er-canvas").bounding_box()
    start = box["x"] + 300, box["y"] + 200
    page.mouse.move(*start)
    before = view(page)
    page.mouse.wheel(0, -120)
    closer = view(page)
    assert closer["scale"] > before["scale"]
    page.mouse.down()
    page.mouse.move(start[0] - 60, start[1] - 40)
    page.mouse.up()
    moved = view(page)
    assert (moved["x"] - closer["x"]) * closer["scale"] == pytest.approx(60, abs=1)
    assert (moved["y"] - closer["y"]) * closer["scale"] == pytest.approx(40, abs=1)
    page.focus("#er-canvas")
    page.keyboard.press("1")
    assert view(page)["scale"] == pytest.approx(1)
    page.keyboard.press("0")
    assert view(page) == pytest.approx(fitted, rel=1e-3)


INSIDE = """import('/static/modeler/diagram/main.js').then(({ diagram: d }) => {
    const [all, seen] = [d.stage.scene.bounds, d.viewport.rectangle()];
    return all.x >= seen.x - 1 && all.y >= seen.y - 1
        && all.x + all.w <= seen.x + seen.w + 1 && all.y + all.h <= seen.y + seen.h + 1;
})"""


def test_what_fits_goes_on_fitting_when_the_canvas_changes(opened):
    page = shown(opened, "?app=blog")
    page.click("[data-do=fit]")
    view(page)  # at rest
    assert page.evaluate(INSIDE)
    page.set_viewport_size({"width": 900, "height": 600})
    until(page, INSIDE)
    page.click("[data-do=in]")
    scale = view(page)["scale"]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(200)
    assert view(page)["scale"] == scale


def test_what_lies_under_the_pointer_stays_there_when_zooming(opened):
    page = shown(opened)
    kept = ask(
        page,
        "(() => { const v = m.diagram.viewport, before = v.toPicture(200, 150);"
        " v.zoomAt(1.7, 200, 150); const after = v.toPicture(200, 150);"
        " return [before, after]; })()",
    )
    assert kept[0] == pytest.approx(kept[1])


def test_a_search_flies_to_the_table_and_opens_its_panel(opened):
    page = shown(opened)
    page.keyboard.press("/")
    page.keyboard.type("psot")  # two letters swapped
    page.wait_for_selector("#er-hits [role=option]")
    assert page.locator("#er-hits [aria-selected=true]").inner_text().startswith("Post")
    page.keyboard.press("Control+a")
    page.keyboard.type("post")
    page.keyboard.press("Enter")
    page.wait_for_selector("#er-panel h2")
    assert page.locator("#er-panel h2").inner_text() == "Post"
    assert chosen(page) == [POST]
    view(page)
    x, y = place(page, POST)
    box = page.locator("#er-canvas").bounding_box()
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]
    page.keyboard.press("Escape")
    assert page.locator("#er-panel").is_hidden()
    assert page.evaluate("document.activeElement.id") == "er-canvas"


def test_a_table_that_is_not_in_the_picture_is_added(opened):
    page = shown(opened, anchor="?focus=blog.Post&hops=0")
    assert drawn(page) == {POST}
    page.keyboard.press("Control+k")
    page.keyboard.type("auth permission")
    page.keyboard.press("Control+a")
    page.keyboard.type("auth_permission")
    page.wait_for_selector(".er-hit-add")
    page.keyboard.press("Enter")
    until(page, "location.search.includes('grow=auth.Permission')")
    page.wait_for_selector(READY)
    assert "auth.Permission" in ask(page, "[...m.diagram.stage.scene.byKey.keys()]")


def test_a_click_opens_the_panel_and_its_links_change_the_picture(opened):
    page = shown(opened, anchor=f"#table-{POST}")
    page.wait_for_selector("#er-panel h2")
    page.locator("#er-panel [data-focus]").click()
    until(page, "location.search.includes('focus=')")
    page.wait_for_selector(READY)
    number = ask(page, "m.diagram.stage.scene.tables.length")
    assert 1 < number < len(project_schema().tables)
    assert page.locator("#er-shown").inner_text().startswith(f"{number} of ")
    assert page.locator(".er-chip").first.inner_text().startswith(f"Around {POST}")
    page.go_back()
    until(page, "!location.search.includes('focus=')")
    page.wait_for_selector(READY)
    assert ask(page, "m.diagram.stage.scene.tables.length") > number
    assert page.locator(".er-chip").count() == 0


def test_the_drawer_narrows_the_picture_and_a_chip_widens_it(opened):
    page = shown(opened)
    whole = ask(page, "m.diagram.stage.scene.tables.length")
    page.check("input[name=columns][value=all]")
    until(page, "location.search.includes('columns=all')")
    page.fill("#er-text", "post")
    until(page, "location.search.includes('text=post')")
    page.wait_for_selector(READY)
    assert ask(page, "m.diagram.stage.scene.tables.length") < whole
    page.locator(".er-chip", has_text="post").click()
    until(page, "!location.search.includes('text=')")
    page.wait_for_selector(READY)
    assert page.input_value("#er-text") == ""
    assert ask(page, "m.diagram.stage.scene.tables.length") == whole
    assert "columns=all" in page.url


def test_a_way_between_two_tables_is_listed_with_what_to_copy(opened):
    page = shown(opened, anchor="?from=blog.Post&to=blog.Account")
    way = page.locator(".er-ways > li").first
    assert way.locator(".er-way-tables").inner_text().startswith("blog.Post → ")
    assert "JOIN" in way.locator("pre").last.inner_text()
    way.locator("button", has_text="Only this way").click()
    until(page, "location.search.includes('way=0')")


def test_a_sent_link_restores_the_view(opened):
    page = shown(opened)
    ask(page, "void m.diagram.viewport.show(400, 300, 0.8)")
    until(page, "location.hash.startsWith('#at=')")
    page.wait_for_timeout(400)
    address = page.evaluate("location.hash")
    other = shown(opened, anchor=address)
    assert view(other) == pytest.approx(view(page), rel=1e-3, abs=1)


def test_arrow_keys_walk_along_relations_and_say_so(opened):
    page = shown(opened, anchor=f"#table-{POST}")
    page.wait_for_selector("#er-panel h2")
    page.focus("#er-canvas")
    page.keyboard.press("ArrowRight")
    (there,) = chosen(page)
    targets = {
        relation.target
        for table in project_schema().tables
        if table.key == POST
        for relation in table.relations
    }
    assert there in targets - {POST}
    said = page.locator("#er-live").inner_text()
    assert re.match(
        rf"{re.escape(there)}, \d+ columns?, \d+ relations?; moved along blog\.Post\.", said
    )
    page.keyboard.press("ArrowLeft")
    assert chosen(page) != [there]
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'er-panel'")


def test_pointing_at_a_table_lights_its_partners_and_dims_the_rest(opened):
    page = shown(opened, anchor="#at=0,0,1")
    ask(page, f"m.diagram.stage.flyTo(m.diagram.stage.scene.byKey.get('{POST}'))")
    view(page)
    page.wait_for_selector(f"[data-key='{POST}']", state="attached")
    page.mouse.move(*place(page, POST))
    page.wait_for_selector(".er-base.is-dimmed", state="attached")
    lit = set(
        page.eval_on_selector_all(".er-overlay [data-key]", "all => all.map(e => e.dataset.key)")
    )
    partners = set(
        ask(
            page,
            "((s) => s.relations[s.byKey.get('blog.Post').number]"
            ".flatMap((e) => [s.tables[e.from].key, s.tables[e.to].key]))(m.diagram.stage.scene)",
        )
    )
    assert POST in lit
    assert lit <= partners
    box = page.locator("#er-canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 20)
    page.wait_for_selector(".er-base:not(.is-dimmed)", state="attached")


def test_only_what_is_in_view_is_in_the_document(opened):
    page = shown(opened, anchor="?columns=all")
    ask(page, "void m.diagram.viewport.show(0, 0, 4)")
    page.wait_for_timeout(500)
    x, y, w, h = ask(page, "(({x, y, w, h}) => [x, y, w, h])(m.diagram.stage.painter.window)")
    places = {
        key: place
        for key, *place in ask(
            page, "m.diagram.stage.scene.tables.map((t) => [t.key, t.x, t.y, t.w, t.h])"
        )
    }
    for key in drawn(page):
        tx, ty, tw, th = places[key]
        assert tx <= x + w and x <= tx + tw and ty <= y + h and y <= ty + th
    assert len(drawn(page)) < len(places)


def test_names_keys_and_columns_come_with_the_zoom(opened):
    page = shown(opened, anchor="?columns=all")
    point = ask(page, f"(({{x, y}}) => [x, y])(m.diagram.stage.scene.byKey.get('{POST}'))")
    seen = {}
    for scale in (0.3, 0.5, 1.0):
        ask(page, f"void m.diagram.viewport.show({point[0]}, {point[1]}, {scale})")
        page.wait_for_timeout(500)
        level = page.get_attribute("#er-canvas", "data-level")
        rows = page.locator(f"[data-key='{POST}'] .er-row tspan, [data-key='{POST}'] text.er-row")
        seen[level] = rows.count()
    columns = next(len(t.columns) for t in project_schema().tables if t.key == POST)
    assert list(seen) == ["names", "keys", "columns"]
    assert seen["names"] == 0
    assert 0 < seen["keys"] < columns
    assert seen["columns"] == columns + 1  # and the text that holds them


@pytest.mark.parametrize(
    ("ends", "kind", "lines", "hollow"),
    [
        (["0..n", "1"], "foreign key", 4, 1),  # foot; two bars; circle
        (["1..n", "0..1"], "foreign key", 3, 1),
        (["0..1", "1"], "parent link", 1, 2),  # circle and triangle
        (["", ""], "proxy", 0, 1),
        (["1", "0..n"], "generic reverse", 1, 2),  # diamond and circle
        (["", ""], "foreign key", 0, 0),
    ],
)
def test_marks_of_both_ends(opened, ends, kind, lines, hollow):
    page = opened("cockpit")
    edge = json.dumps({"points": [0, 0, 50, 0, 50, 40, 90, 40], "ends": ends, "kind": kind})
    marks = ask(page, f"m.marksOf({edge})", module="marks.js")
    found = marks["lines"].count("M"), marks["hollow"].count("M")
    expected = (lines - 1 if "0..n" in ends and kind == "foreign key" else lines), hollow
    assert found == expected


@pytest.mark.parametrize(
    ("typed", "best", "others"),
    [
        ("order", "order", ["OrderItem", "reorder", "Border"]),
        ("ord", "OrderItem", ["reorder", "Border"]),
        ("item", "OrderItem", ["semitone"]),
        ("oi", "OrderItem", ["Toil"]),
        ("custmer", "customer_id", ["order_id"]),
        ("cusotmer", "customer_id", ["order_id"]),
        ("customxr", "customer_id", ["custom"]),
        ("customeer", "customer_id", ["order_id"]),
    ],
)
def test_the_best_answer_comes_first(opened, typed, best, others):
    page = opened("cockpit")
    ranks = ask(
        page,
        f"{json.dumps([best, *others])}.map(m.entryOf).map((entry) => {{"
        f" const given = [{typed!r}, m.lettersOf({typed!r}), entry];"
        " return Math.min(m.rank(...given), m.typoRank(...given)); })",
        module="score.js",
    )
    assert ranks[0] < min(ranks[1:])


def test_an_app_is_folded_and_unfolded_and_a_table_shows_its_own_columns(opened):
    page = shown(opened, "?app=blog&app=auth#table-auth.Group")
    page.click("[data-fold=auth]")
    page.wait_for_function("location.search.includes('fold=auth')")
    page.wait_for_selector(READY)
    scene = ask(page, "m.diagram.stage.scene.tables.map((t) => [t.key, t.kind])")
    assert ["auth", "app"] in scene
    assert not [key for key, _ in scene if key.startswith("auth.")]
    ask(page, "m.diagram.viewport.fit(m.diagram.stage.scene.bounds)")
    page.mouse.click(*place(page, "auth"))
    page.wait_for_function("!location.search.includes('fold=')")
    page.wait_for_selector(READY)
    page.goto(page.url.split("?")[0] + "?app=blog&columns=names#table-blog.Tag")
    page.wait_for_selector(READY)
    page.click("[data-open='blog.Tag']")
    page.wait_for_function("location.search.includes('open=blog.Tag')")
    page.wait_for_selector(READY)
    rows = ask(
        page, "Object.fromEntries(m.diagram.stage.scene.tables.map((t) => [t.key, t.rows.length]))"
    )
    assert rows["blog.Tag"] == 3
    assert set(rows.values()) == {0, 3}
    page.click("[data-closed='blog.Tag']")
    page.wait_for_function("location.search.includes('closed=blog.Tag')")
    assert "open=" not in page.url
