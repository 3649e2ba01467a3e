"""The lock timeline in a real Chromium: pointer, keyboard, finger, small screens, paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.modeler.web.stored_previews import MIGRATION, PREVIEW, keep, many_statements
from tests.modeler.web.viewer_page import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
ARGS = tuple(MIGRATION.key.split("."))
TIP = ".modeler-tip"
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def timeline(opened):
    """Open the page of the migration."""
    keep()

    def show(**options):
        return opened("preview_migration", args=ARGS, **options)

    return show


def bar(page, relation: str, mode: str):
    """Return the link of a bar."""
    row = page.locator(".tl-row").filter(has=page.locator(f'th[title="{relation}"]'))
    return row.locator(f".tl-{mode} a").first


def words(page) -> list[str]:
    return page.locator(f"{TIP} p").all_inner_texts()


POST = [
    "blog_post: access exclusive: nobody can read or write",
    "Reads and writes of blog_post wait during an index build and a foreign-key validation of "
    "blog_tag.",
    "a column is added (title)",
    "statements 1–3",
]


def test_hovering_a_bar_tells_the_cause(timeline):
    page = timeline()
    assert not page.locator(TIP).is_visible()
    bar(page, "blog_post", "AX").hover()
    assert page.locator(TIP).is_visible()
    assert words(page) == POST
    # So does any other part of the same bar, and all of it is lit.
    page.locator('.tl-bar.tl-during[data-lock="1"]').last.hover()
    assert words(page) == POST
    assert (
        page.locator(".tl-bar.is-lit").count()
        == page.locator('.tl-bar[data-lock="1"]').count()
        > 1
    )
    page.locator("h2#statements").hover()
    assert not page.locator(TIP).is_visible()


def test_the_tip_lies_inside_of_the_window(timeline):
    page = timeline(size=(360, 640))
    last = bar(page, "blog_tag", "SRX")
    last.scroll_into_view_if_needed()
    last.hover()
    box = page.locator(TIP).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert box["y"] >= 0 and box["y"] + box["height"] <= 640


def test_by_keyboard_alone(timeline):
    page = timeline()
    first = bar(page, "blog_post", "AX")
    first.focus()
    assert words(page) == POST
    assert first.get_attribute("aria-describedby") == "tl-tip"
    page.keyboard.press("ArrowDown")  # to the next row that is shown
    assert words(page)[0].startswith("blog_tag: share row exclusive")
    assert first.get_attribute("aria-describedby") is None
    page.keyboard.press("ArrowDown")
    assert words(page)[0].startswith("blog_tag")
    page.keyboard.press("ArrowUp")
    assert words(page) == POST
    page.keyboard.press("Escape")
    assert not page.locator(TIP).is_visible()
    # All bars together are one stop of the Tab key.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.tl')") is None


def test_a_press_keeps_the_words_until_the_next_one(timeline):
    page = timeline()
    bar(page, "blog_post", "AX").click()
    page.locator("h2#timeline").hover()
    assert words(page) == POST
    page.locator(f"{TIP} a").click()
    until(page, "location.hash == '#statement-1'")
    # Its bar is out of sight now.
    until(page, "document.querySelector('.modeler-tip').hidden")
    bar(page, "blog_post", "AX").click()
    page.locator("h2#timeline").click()
    assert not page.locator(TIP).is_visible()


def test_touching_a_bar_tells_the_cause(timeline):
    page = timeline(has_touch=True, size=(390, 800))
    bar(page, "blog_post", "AX").tap()
    assert words(page) == POST
    page.locator("h1").tap()
    assert not page.locator(TIP).is_visible()


def test_weak_locks_and_indexes_are_shown_on_demand(timeline):
    page = timeline()
    shown = page.locator(".tl-row:visible th")
    assert shown.all_inner_texts() == ["blog_post", "blog_tag"]
    page.get_by_label("1 table that is only read").check()
    assert shown.all_inner_texts() == ["blog_post", "blog_tag", "blog_user"]
    page.get_by_label("1 index, sequence or view").check()
    assert shown.all_inner_texts() == [
        "blog_post", "blog_post_pkey index", "blog_tag", "blog_user",
    ]  # fmt: skip


def test_without_script_a_bar_leads_to_its_words(timeline):
    page = timeline(java_script_enabled=False)
    bar(page, "blog_post", "AX").click()
    assert page.url.endswith("#lock-1")
    assert page.locator("#lock-1").is_visible()
    assert "a column is added (title)" in page.locator("#lock-1").inner_text()
    page.get_by_label("1 table that is only read").check()
    assert page.locator(".tl-row:visible th").count() == 3


def test_a_mode_is_told_by_more_than_its_colour(timeline):
    page = timeline()
    looks = page.eval_on_selector_all(
        ".tl-row .tl-begins",
        "all => all.map(e => [e.innerText.trim().slice(0, 3).trim(), "
        "getComputedStyle(e).backgroundImage])",
    )
    # The letters differ, and so do the patterns of those that make people wait.
    by_letters = {letters: pattern for letters, pattern in looks if letters in {"AX", "SRX"}}
    assert len(by_letters) == 2
    assert len(set(by_letters.values()) - {"none"}) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(360, 740), (1280, 900)])
def test_nothing_sticks_out(opened, scheme, size):
    old = keep(replace(PREVIEW, findings=()))
    new = keep()
    many = keep(many_statements())
    name = "a_name_without_any_blank_" * 4
    long = keep(replace(PREVIEW, migrations=(replace(MIGRATION, name=name),)))
    for page_name, args, anchor in (
        ("preview", (), f"?stored={new.pk}&with={old.pk}"),
        ("preview", (), f"?stored={long.pk}"),
        ("preview_migration", ARGS, f"?stored={new.pk}"),
        ("preview_migration", ("blog", name), f"?stored={long.pk}"),
        ("preview_migration", ("shop", "0009_many"), f"?stored={many.pk}"),
        ("preview_migration", ("shop", "0009_many"), f"?stored={many.pk}&all=1"),
        ("rules", (), ""),
        ("rule", ("MP401",), ""),
    ):
        page = opened(page_name, args=args, anchor=anchor, scheme=scheme, size=size)
        assert page.evaluate(WIDER) <= 0, (page_name, anchor)
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_from_their_bars(opened, scheme):
    """Contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3), for each mode's plain colour."""
    keep(many_statements(8, 8))
    page = opened("preview_migration", args=("shop", "0009_many"), scheme=scheme)
    ratios = page.evaluate(
        """(() => {
          const light = (rgb) => rgb.map((v) => v / 255)
            .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const legend = document.querySelector(".modeler-legend");
          return ["AX", "X", "SRX", "S", "SUX", "RX", "RS", "AS"].map((mode) => {
            const swatch = document.createElement("span");
            swatch.className = `tl-swatch tl-${mode}`;
            legend.append(swatch);
            const colour = getComputedStyle(swatch).backgroundColor;
            const rgb = colour.match(/\\d+/g).slice(0, 3).map(Number);
            return 1.05 / (light(rgb) + 0.05);
          });
        })()"""
    )  # fmt: skip
    assert min(ratios) >= 4.5, ratios


def test_paper_has_the_timeline_and_no_choices(timeline):
    page = timeline()
    page.emulate_media(media="print")
    assert page.locator(".tl").is_visible()
    assert not page.locator(".modeler-choices").is_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_remedies_are_copied(timeline):
    page = timeline()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('[data-copy="finding-sql-1"]').click()
    said = "document.querySelector('[data-copy=finding-sql-1] [role=status]').textContent"
    until(page, f"{said} == 'copied'")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "CREATE INDEX CONCURRENTLY blog_title ON blog_post (title);"
    )


def test_landmarks_names_and_references(timeline):
    page = timeline()
    assert page.get_by_role("region", name="Locks over time").count() >= 1
    assert page.get_by_role("table", name="Lock modes of tables over statements").is_visible()
    assert page.get_by_role("table", name="Locks in words").is_visible()
    broken = page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby], a[href^=\"#\"]')].filter((each) => "
        "!document.getElementById(each.getAttribute('aria-labelledby') ?? "
        "each.hash.slice(1))).map((each) => each.outerHTML.slice(0, 90))"
    )
    assert broken == []
    doubled = page.evaluate(
        "[...document.querySelectorAll('[id]')].map((each) => each.id)"
        ".filter((id, at, all) => all.indexOf(id) !== at)"
    )
    assert doubled == []
