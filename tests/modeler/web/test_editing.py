"""Editing the picture in a real Chromium: moving, undo, notes, saved views, two who save."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
BLOG = "app=blog"
TAG, POST_TAG, STAR = "blog.Tag", "blog.PostTag", "blog.Star"


def moved(before, after) -> set[str]:
    return {key for key in before if before[key] != after[key]}


def test_a_dragged_table_moves_alone_and_its_lines_follow(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG)
    before, lines = picture.places(), picture.lines()
    centre = picture.ask("d.viewport.centre()")
    picture.drag(TAG, 160, 120)
    after = picture.places()
    assert moved(before, after) == {TAG}
    assert after[TAG][0] - before[TAG][0] == pytest.approx(160 / 0.8, abs=10)
    assert after[TAG][1] - before[TAG][1] == pytest.approx(120 / 0.8, abs=10)
    picture.settled()
    assert picture.places() == after
    assert picture.ask("d.viewport.centre()") == pytest.approx(centre)
    # Every line at the table ends at its side now; lines elsewhere stay as they were.
    ends = picture.ask(
        f"d.stage.scene.relations[d.stage.scene.byKey.get('{TAG}').number].map((e) => [e.key,"
        " [[e.from, e.points.slice(0, 2)], [e.to, e.points.slice(-2)]].every(([n, [x, y]]) => {"
        " const t = d.stage.scene.tables[n];"
        " return Math.min(Math.abs(x - t.x), Math.abs(x - t.x - t.w)) < 0.2"
        " && y >= t.y && y <= t.y + t.h; })])"
    )
    assert len(ends) >= 3
    assert all(docked for _, docked in ends)
    still = {key for key, points in picture.lines().items() if points == lines[key]}
    assert not still & {key for key, _ in ends}
    assert len(still) > len(lines) / 2


def test_what_is_drawn_stands_where_the_scene_says(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG)
    picture.drag(TAG, -90, 70)
    picture.settled()
    picture.until(lambda: not picture.ask("d.stage.painter.busy"))
    x, y = picture.places()[TAG]
    body = picture.page.locator(f'.er-table[data-key="{TAG}"] .er-body')
    assert (float(body.get_attribute("x")), float(body.get_attribute("y"))) == (
        pytest.approx(x, abs=0.1), pytest.approx(y, abs=0.1),
    )  # fmt: skip
    assert picture.page.locator(f'.er-table[data-key="{TAG}"]').count() == 1
    assert picture.page.locator(".is-ghost, .er-drag > *").count() == 0


def test_escape_puts_back_what_is_in_the_hand(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG)
    before = picture.places()
    x, y = picture.head(TAG)
    picture.page.mouse.move(x, y)
    picture.page.mouse.down()
    picture.page.mouse.move(x + 80, y + 80)
    picture.page.keyboard.press("Escape")
    picture.page.mouse.up()
    assert picture.places() == before
    assert picture.page.locator("[data-do=undo]").is_disabled()


def test_undo_and_redo_of_moves_and_tidy_bring_everything_back(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG)
    start, lines = picture.places(), picture.lines()
    picture.drag(TAG, 120, 90)
    picture.settled()
    first, first_lines = picture.places(), picture.lines()
    picture.drag(TAG, 60, 0)
    picture.settled()
    second = picture.places()
    assert len({start[TAG], first[TAG], second[TAG]}) == 3
    picture.undo()
    assert (picture.places(), picture.lines()) == (first, first_lines)
    picture.undo()
    assert (picture.places(), picture.lines()) == (start, lines)
    for expected in (first, second):
        picture.page.keyboard.press("Control+Shift+Z")
        picture.settled()
        assert picture.places() == expected
    picture.page.click("[data-do=tidy]")
    picture.until(lambda: picture.places() != second)
    assert picture.places() == start
    assert picture.page.locator("[data-do=tidy]").is_disabled()
    picture.undo()
    assert picture.places() == second
    # Another step ends what could be done again.
    picture.drag(TAG, 0, 60)
    picture.settled()
    assert picture.page.locator("[data-do=redo]").is_disabled()


def test_tables_that_come_later_move_nothing(visit, ann):
    picture = visit(ann).open(f"focus={TAG}&hops=1&hubs=0")
    picture.show(TAG, scale=0.7)
    picture.drag(TAG, 40, 150)
    picture.settled()
    before = picture.places()
    picture.ask("d.query.with({ hops: '2' })")
    picture.until(lambda: len(picture.places()) > len(before))
    picture.settled()
    after = picture.places()
    assert {key: after[key] for key in before} == before


def test_without_an_answer_a_move_stays_and_is_told(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG)
    before = picture.places()
    picture.page.context.set_offline(True)
    picture.drag(TAG, 120, 90)
    picture.until(picture.notice)
    assert picture.notice().startswith("The server does not answer. What you did is kept")
    assert moved(before, picture.places()) == {TAG}
    picture.page.context.set_offline(False)
    picture.drag(TAG, 40, 0)
    picture.until(lambda: not picture.notice())
    # The browser complains of the network by itself.
    visit.complaints[:] = [each for each in visit.complaints if "INTERNET_DISCONN" not in each]


def test_many_are_chosen_aligned_and_moved_together(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.show(TAG, POST_TAG, scale=0.5)
    page = picture.page
    page.mouse.click(*picture.head(TAG), button="left")
    page.keyboard.down("Shift")
    page.mouse.click(*picture.head(POST_TAG))
    page.keyboard.up("Shift")
    assert picture.chosen() == {TAG, POST_TAG}
    bar = page.locator("#er-choice")
    assert bar.locator("[data-count]").inner_text() == "2 chosen"
    bar.get_by_role("button", name="Align tops").click()
    picture.settled()
    places = picture.places()
    assert places[TAG][1] == places[POST_TAG][1]
    before = places
    picture.drag(TAG, 50, 40)
    picture.settled()
    after = picture.places()
    assert moved(before, after) == {TAG, POST_TAG}
    shift = [[after[key][i] - before[key][i] for i in (0, 1)] for key in (TAG, POST_TAG)]
    assert shift[0] == pytest.approx(shift[1])
    picture.undo()
    picture.undo()
    assert picture.places()[TAG][1] != picture.places()[POST_TAG][1]
    page.focus("#er-canvas")
    page.keyboard.press("Control+a")
    assert picture.chosen() == set(picture.places())
    page.keyboard.press("Escape")  # closes the panel
    page.keyboard.press("Escape")
    assert picture.chosen() == set()


def test_a_rubber_band_chooses_what_it_meets(visit, ann):
    picture = visit(ann).open(f"focus={TAG}&hops=1&hubs=0")
    page = picture.page
    picture.ask("d.viewport.fit(d.stage.scene.bounds)")
    box = page.locator("#er-canvas").bounding_box()
    corners = [
        (box["x"] + 3, box["y"] + box["height"] - 3),
        (box["x"] + box["width"] - 3, box["y"] + 50),
    ]
    page.keyboard.down("Shift")
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    assert picture.chosen() == set(picture.places())


def test_tables_are_moved_without_a_mouse(visit, ann):
    picture = visit(ann).open(BLOG)
    page = picture.page
    picture.show(TAG)
    page.focus("#er-canvas")
    page.keyboard.press("Enter")
    (key,) = picture.chosen()
    before = picture.places()
    for press in ("Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowDown", "Alt+Shift+ArrowUp"):
        page.keyboard.press(press)
    after = picture.places()
    assert moved(before, after) == {key}
    assert (after[key][0] - before[key][0], after[key][1] - before[key][1]) == pytest.approx(
        (40, 16)
    )
    assert picture.said() == f"{key} moved to {after[key][0]:.0f}, {after[key][1]:.0f}"
    picture.settled()
    picture.undo()
    assert picture.places()[key][1] == pytest.approx(before[key][1] + 20)


def test_many_are_chosen_and_aligned_without_a_mouse(visit, ann):
    picture = visit(ann).open(BLOG)
    page = picture.page
    picture.show(POST_TAG)
    page.focus("#er-canvas")
    page.keyboard.press("Enter")
    (first,) = picture.chosen()
    page.keyboard.press("m")
    assert picture.said() == f"{first} stays chosen on the way; 1 marked"
    page.keyboard.press("ArrowDown")
    (second,) = picture.chosen() - {first}
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    assert picture.chosen() > {first, second}
    keys = picture.chosen()
    assert len(keys) == 3
    page.keyboard.press("Alt+ArrowRight")
    assert picture.said().startswith("3 tables moved, ")
    picture.settled()
    left = page.get_by_role("button", name="Align left")
    left.focus()
    page.keyboard.press("Enter")
    picture.settled()
    assert len({picture.places()[key][0] for key in keys}) == 1
    assert len({picture.places()[key] for key in keys}) == 3
    page.focus("#er-canvas")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert len(picture.chosen()) <= 1


def test_notes_are_written_moved_coloured_and_undone(visit, ann):
    picture = visit(ann).open(BLOG)
    page = picture.page
    page.focus("#er-canvas")
    page.keyboard.press("n")
    page.keyboard.type("<b>Ask</b> & see\nSecond line")
    page.keyboard.press("Escape")
    note = page.locator(".er-note")
    lines = note.locator("tspan").all_text_contents()
    assert "".join(lines).replace(" ", "") == "<b>Ask</b>&seeSecondline"
    assert note.locator("b").count() == 0
    page.keyboard.press("c")
    assert note.get_attribute("class") == "er-note is-blue"
    x = float(note.locator("rect").get_attribute("x"))
    page.keyboard.press("Alt+ArrowRight")
    assert float(note.locator("rect").get_attribute("x")) == x + 20
    width = float(note.locator("rect").get_attribute("width"))
    page.keyboard.press("Alt+Shift+ArrowRight")
    assert float(note.locator("rect").get_attribute("width")) == width + 20
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Other words")
    page.keyboard.press("Control+Enter")
    assert note.locator("tspan").all_text_contents() == ["Other words"]
    page.keyboard.press("Delete")
    assert note.count() == 0
    for _ in range(2):
        picture.undo()
    assert "".join(note.locator("tspan").all_text_contents()).endswith("Second line")
    for _ in range(4):
        picture.undo()
    assert note.count() == 0
    assert page.locator("[data-do=undo]").is_disabled()


def test_a_note_in_the_hand(visit, ann):
    picture = visit(ann).open(BLOG)
    page = picture.page
    page.click("[data-do=note]")
    page.keyboard.type("Here")
    page.keyboard.press("Escape")
    body = page.locator(".er-note-body")
    box = body.bounding_box()
    tables = picture.places()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 70, middle[1] + 50, steps=2)
    page.mouse.up()
    after = body.bounding_box()
    assert after["x"] - box["x"] == pytest.approx(70, abs=5)
    assert after["y"] - box["y"] == pytest.approx(50, abs=5)
    corner = after["x"] + after["width"], after["y"] + after["height"]
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0] + 40, corner[1] + 30, steps=2)
    page.mouse.up()
    larger = body.bounding_box()
    assert larger["width"] - after["width"] == pytest.approx(40, abs=5)
    assert larger["height"] - after["height"] == pytest.approx(30, abs=5)
    assert picture.places() == tables
    page.get_by_role("button", name="Red", exact=True).click()
    assert page.locator(".er-note.is-red").count() == 1
    page.locator(".er-note-bar").get_by_role("button", name="Delete").click()
    assert body.count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_telephone_a_long_press_takes_a_table(visit, ann, scheme):
    picture = visit(ann, width=390, height=780, has_touch=True, color_scheme=scheme).open(BLOG)
    page = picture.page
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    picture.show(TAG, scale=0.7)
    before = picture.places()
    x, y = picture.head(TAG)
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]},
        )

    # A finger that goes on pans.
    centre = picture.ask("d.viewport.centre()")
    finger("touchStart", (x, y))
    finger("touchMove", (x + 20, y + 20))
    finger("touchMove", (x + 40, y + 40))
    finger("touchEnd")
    assert picture.places() == before
    assert picture.ask("d.viewport.centre()") != pytest.approx(centre)
    x, y = picture.head(TAG)
    finger("touchStart", (x, y))
    page.wait_for_timeout(700)
    assert picture.chosen() == {TAG}
    finger("touchMove", (x + 30, y + 30))
    finger("touchMove", (x + 70, y + 56))
    finger("touchEnd")
    assert moved(before, picture.places()) == {TAG}
    assert picture.places()[TAG][0] - before[TAG][0] == pytest.approx(100, abs=14)


CASES = [
    ("left", {"a": [0, 0], "b": [0, 50], "c": [0, 90]}),
    ("right", {"a": [200, 0], "b": [180, 50], "c": [150, 90]}),
    ("centre", {"a": [110, 0], "b": [100, 50], "c": [85, 90]}),
    ("top", {"a": [0, 0], "b": [30, 0], "c": [200, 0]}),
    ("bottom", {"a": [0, 100], "b": [30, 90], "c": [200, 90]}),
    ("middle", {"a": [0, 53], "b": [30, 48], "c": [200, 48]}),
]
BOXES = [
    {"key": "a", "x": 0, "y": 0, "w": 50, "h": 20},
    {"key": "b", "x": 30, "y": 50, "w": 70, "h": 30},
    {"key": "c", "x": 200, "y": 90, "w": 100, "h": 30},
]


def from_module(page, module: str, expression: str):
    return page.evaluate(f"import('/static/modeler/editing/{module}').then((m) => {expression})")


def test_aligning_and_spreading_boxes(visit, ann):
    page = visit(ann).open(BLOG).page
    for side, expected in CASES:
        call = f"m.aligned({json.dumps(BOXES)}, '{side}')"
        found = from_module(page, "align.js", f"[...{call}]")
        if side in {"right", "centre", "bottom", "middle"}:
            edge = {"right": (0, 1.0), "centre": (0, 0.5), "bottom": (1, 1.0), "middle": (1, 0.5)}
            axis, part = edge[side]
            sizes = {box["key"]: (box["w"], box["h"]) for box in BOXES}
            lines = {place[axis] + sizes[key][axis] * part for key, place in found}
            assert max(lines) - min(lines) <= 1
        else:
            assert dict(found) == expected
    spread = dict(
        from_module(page, "align.js", f"[...m.distributed({json.dumps(BOXES)}, 'across')]")
    )
    assert spread == {"a": [0, 0], "b": [90, 50], "c": [200, 90]}
    down = dict(from_module(page, "align.js", f"[...m.distributed({json.dumps(BOXES)}, 'down')]"))
    assert down == {"a": [0, 0], "b": [30, 44], "c": [200, 98]}


def test_a_notes_text_is_wrapped_within_its_box(visit, ann):
    page = visit(ann).open(BLOG).page
    measure = "(line) => [...line].length / 2"
    for text, width, expected in (
        ("one two three", 40, ["one two", "three"]),
        ("one\n\ntwo", 100, ["one", "", "two"]),
        ("abcdefghijkl", 25, ["abcde", "fghij", "kl"]),
        ("😀😀😀", 10, ["😀😀", "😀"]),
        ("", 50, [""]),
    ):
        call = f"m.wrapped({json.dumps(text)}, 10, {width}, {measure})"
        assert from_module(page, "note_text.js", call) == expected
