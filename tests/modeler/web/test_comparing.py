"""Comparing in a real Chromium: marks, the list, the walk through migrations, snapshots."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from modeler import permissions
from modeler.models import SchemaSnapshot
from modeler.schema.column import Column
from modeler.schema.registry import read_registry
from modeler.snapshots import snapshot_store
from tests.modeler.web.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
STEP = "compare=migrations:blog.0001..migrations:blog.0002&app=blog"
BACK = "compare=migrations:blog.0002..migrations:blog.0001&app=blog"
COLOURS = {"added": (46, 133, 64), "removed": (197, 53, 45), "altered": (176, 111, 0)}
COLOURS["renamed"] = COLOURS["altered"]


@pytest.fixture
def keeper():
    return person("kim@example.org", holding=(permissions.READ, permissions.STORE))


TAG, OLD_BADGE = "blog.Tag", "blog.Medal"


@pytest.fixture
def since() -> str:
    """Return the comparison with a model in which a tag said other things, and a badge was
    called a medal."""
    schema = read_registry()
    tables = []
    for table in schema.tables:
        if table.key == TAG:
            columns = [
                replace(column, database_type="varchar(7)") if column.name == "label" else column
                for column in table.columns
            ]
            moods = Column("moods", "text", field="moods")
            table = replace(table, columns=(*columns, moods))
        elif table.key == "blog.Badge":
            table = replace(table, key=OLD_BADGE, name="Medal")
        tables.append(table)
    snapshot_store(source="registry", schema=replace(schema, tables=tuple(tables)), name="old")
    return "compare=snapshot:old..registry&app=blog&columns=all"


def listed(picture) -> list[tuple[str, str]]:
    """Return the list's tables with the kinds of their signs."""
    return [
        (button.get_attribute("data-table"), kind_of(button))
        for button in picture.page.locator(".er-changes [data-table]").all()
    ]


def kind_of(element) -> str:
    classes = element.locator(".er-sign").first.get_attribute("class")
    return re.search(r"is-(\w+)", classes).group(1)


def marked(picture) -> dict[str, str]:
    found = picture.ask(
        "d.stage.scene.tables.filter((t) => t.change).map((t) => [t.key, t.change])"
    )
    return dict(found)


def read_all(picture) -> None:
    """Zoom so that columns are drawn, and wait until they are."""
    picture.ask("d.viewport.fit(d.stage.scene.bounds)")
    picture.ask("d.viewport.zoomAt(0.9 / d.viewport.scale)")
    picture.until(lambda: not picture.ask("d.stage.painter.busy"))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    def luminance(colour):
        parts = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in (each / 255 for each in colour[:3])
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", [STEP, BACK, "since"])
def test_changes_are_told_by_colour_and_sign(visit, ann, scheme, query, since):
    picture = visit(ann, color_scheme=scheme).open(since if query == "since" else query)
    page = picture.page
    tables = marked(picture)
    assert tables
    assert dict(listed(picture)) == tables
    read_all(picture)
    for kind in set(tables.values()):
        key = next(key for key, each in tables.items() if each == kind)
        picture.show(key, scale=1)
        picture.until(lambda: not picture.ask("d.stage.frame || d.stage.painter.busy"))
        group = page.locator(f'.er-table[data-key="{key}"]')
        assert f"is-{kind}" in group.get_attribute("class")
        sign = group.locator(f".er-sign.is-{kind} .er-sign-plate").last
        line = group.locator(f".er-sign.is-{kind} .er-sign-line").last
        colours = [
            tuple(map(int, re.findall(r"\d+", each.evaluate(f"e => getComputedStyle(e).{what}"))))
            for each, what in ((sign, "fill"), (line, "stroke"))
        ]
        assert colours[0] == COLOURS[kind]
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        # The sign itself, and its plate on the page: graphics need 3 to 1.
        assert contrast(*colours) >= 3
        assert contrast(colours[0], tuple(map(int, re.findall(r"\d+", ground)))) >= 3
    # What did not change steps back, and keeps its text readable in the list beside it.
    quiet = page.locator(".er-table:not(.is-changed)").first
    if quiet.count():
        assert float(quiet.evaluate("e => getComputedStyle(e).opacity")) < 1


def test_rows_say_what_they_were_and_are(visit, ann, since):
    picture = visit(ann).open(since)
    assert marked(picture)[TAG] == "altered"
    picture.show(TAG, scale=1)
    table = picture.page.locator(f'.er-table[data-key="{TAG}"]')
    gone = table.locator(".er-row .is-removed")
    picture.until(gone.count)
    assert gone.text_content() == "moods"
    assert "line-through" in gone.evaluate("e => getComputedStyle(e).textDecorationLine")
    altered = table.locator(".er-row .is-altered").text_content()
    changes = picture.ask(f"d.stage.scene.byKey.get('{TAG}').changes")
    assert {name: kind for name, (kind, _) in changes.items()} == {
        "moods": "removed", altered: "altered",
    }  # fmt: skip
    assert "varchar(7) → " in changes[altered][1]
    # The row itself, under the pointer, says it in words.
    x, y = picture.ask(
        f"((t) => d.viewport.toScreen(t.x + 40, t.y + d.stage.scene.head + d.stage.scene.row *"
        f" (t.rows.findIndex(([name]) => name === '{altered}') + 0.5)))"
        f"(d.stage.scene.byKey.get('{TAG}'))"
    )
    box = picture.page.locator("#er-canvas").bounding_box()
    picture.page.mouse.move(box["x"] + x + 1, box["y"] + y + 1)
    tip = picture.page.locator(".er-change-tip")
    picture.until(tip.is_visible)
    assert tip.inner_text().splitlines() == [f"{altered}: Changed", changes[altered][1]]


def test_what_was_renamed_says_its_old_name(visit, ann, since):
    picture = visit(ann).open(since)
    assert marked(picture)["blog.Badge"] == "renamed"
    assert OLD_BADGE not in picture.places()
    picture.show("blog.Badge", scale=1)
    table = picture.page.locator('.er-table[data-key="blog.Badge"]')
    picture.until(table.locator(".er-was").count)
    assert table.locator(".er-was").text_content() == "blog.Medal"
    assert table.locator(".er-sign.is-renamed").count() == 1


def test_the_list_leads_to_the_tables(visit, ann):
    picture = visit(ann).open("compare=migrations:blog.zero..registry&app=blog")
    page = picture.page
    keys = [key for key, _ in listed(picture) if key in picture.places()]
    assert len(keys) > 5
    page.locator(f'.er-changes [data-table="{keys[3]}"]').click()
    picture.until(lambda: picture.chosen() == {keys[3]})
    page.focus("#er-canvas")
    page.keyboard.press("]")
    assert picture.chosen() == {keys[4]}
    assert picture.said().startswith(f"5 of {len(keys)}: {keys[4]}, table added")
    page.keyboard.press("[")
    page.keyboard.press("[")
    assert picture.chosen() == {keys[2]}
    current = page.locator(".er-changes [aria-current]")
    assert current.get_attribute("data-table") == keys[2]
    picture.until(lambda: not picture.ask("d.viewport.flight"))
    table = picture.ask(
        "(([x, y]) => d.stage.under(...d.viewport.toScreen(x, y))?.table?.key)"
        "(d.viewport.centre())"
    )
    assert table == keys[2]


def test_the_list_is_filtered_by_kind(visit, ann):
    picture = visit(ann).open(STEP)
    page = picture.page
    counts = {
        button.get_attribute("data-kind"): int(button.locator("b").inner_text())
        for button in page.locator("[data-filter] button").all()
    }
    total = sum(counts.values())
    assert page.locator("[data-summary]").inner_text() == f"{total} changes"
    assert {"added"} <= set(counts)
    page.locator("[data-filter] [data-kind=added]").click()
    left = total - counts["added"]
    expected = f"{left} of {total} changes"
    assert page.locator("[data-summary]").inner_text() == expected
    assert page.locator("[data-filter] [data-kind=added]").get_attribute("aria-pressed") == "false"
    assert page.locator("[data-filter] [data-kind=added]").evaluate(
        "e => e === document.activeElement"
    )
    assert page.locator(".er-change-line .er-sign.is-added").count() == 0


def test_what_is_compared_is_chosen_swapped_narrowed_and_ended(visit, ann):
    picture = visit(ann).open("app=blog")
    page = picture.page
    every = set(picture.places())
    page.click("#er-compare-button")
    picture.until(lambda: page.locator("#er-old option").count() > 2)
    assert page.locator("#er-drawer").is_hidden()
    page.locator("#er-old").select_option("migrations")
    page.locator("#er-new").select_option("registry")
    picture.until(lambda: "compare=migrations..registry" in page.url)
    picture.ready()
    assert page.locator("[data-sides]").inner_text().startswith("all migrations → the code now")
    page.locator("[data-what] summary").click()
    page.click("[data-swap]")
    picture.until(lambda: "compare=registry..migrations" in page.url)
    picture.open(STEP)
    picture.until(lambda: page.locator("[data-result]").is_visible())
    shown = set(picture.places())
    page.get_by_label("Only what changed, and one hop").check()
    picture.until(lambda: set(picture.places()) < shown)
    assert set(marked(picture)) <= set(picture.places())
    assert "changed=1" in page.url
    page.get_by_role("button", name="Stop comparing").click()
    picture.until(lambda: "compare" not in page.url)
    picture.until(lambda: set(picture.places()) == every)
    assert page.locator("[data-result]").is_hidden()
    assert page.locator(".is-compared").count() == 0


def test_a_usual_question_that_lacks_its_source_gives_the_command(visit, ann):
    picture = visit(ann).open("app=blog")
    page = picture.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#er-compare-button")
    copy = page.locator('[data-command="manage.py schema_snapshot --source expected:default"]')
    picture.until(copy.count)
    copy.click()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "manage.py schema_snapshot --source expected:default"
    )
    page.get_by_role("button", name="What no migration holds yet").click()
    picture.until(lambda: "compare=migrations..registry" in page.url)


def test_migrations_are_walked_and_tables_keep_their_places(visit, ann):
    picture = visit(ann).open()
    page = picture.page
    whole = set(picture.places())
    page.click("#er-compare-button")
    page.locator("[data-migrations] summary").click()
    picture.until(lambda: page.locator("#er-walk-app option[value=blog]").count())
    page.locator("#er-walk-app").select_option("blog")
    step = page.locator("[data-step]")
    picture.until(lambda: step.inner_text() == "0002_what_is_computed (2 of 2)")
    picture.ready()
    picture.until(lambda: marked(picture))
    last, centre = picture.places(), picture.ask("d.viewport.centre()")
    changes = marked(picture)
    page.locator("#er-compare input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    picture.until(lambda: step.inner_text() == "0001_what_people_write (1 of 2)")
    picture.until(lambda: len(marked(picture)) > len(changes))
    assert set(marked(picture).values()) == {"added"}
    first = picture.places()
    assert len(first) > 5
    assert {key: first[key] for key in first if key in last} == {
        key: last[key] for key in first if key in last
    }
    assert picture.ask("d.viewport.centre()") == pytest.approx(centre)
    assert "compare=migrations%3Ablog.zero..migrations%3Ablog.0001_what_people_write" in page.url
    play = page.locator("[data-walk=play]")
    play.click()
    assert play.inner_text() == "Pause"
    picture.until(lambda: step.inner_text() == "0002_what_is_computed (2 of 2)")
    picture.until(lambda: play.inner_text() == "Play")
    picture.until(lambda: marked(picture) == changes)
    assert picture.places() == last
    # One step back in the browser leaves the walk; so does its end.
    page.get_by_role("button", name="Stop comparing").click()
    picture.until(lambda: set(picture.places()) == whole)
    page.go_back()
    picture.until(lambda: "compare" in page.url)


def test_a_snapshot_is_taken_and_offered(visit, keeper, ann):
    picture = visit(keeper).open("app=blog")
    page = picture.page
    page.click("#er-compare-button")
    field = page.locator("#er-snapshot-name")
    picture.until(field.is_visible)
    field.fill("1.4")
    page.get_by_role("button", name="Take a snapshot").click()
    picture.until(picture.notice)
    assert re.fullmatch(r"Kept as 1\.4 \(.*\)\. It can be compared now\.", picture.notice())
    kept = SchemaSnapshot.objects.get()
    assert (kept.name, kept.source, kept.taken_by) == ("1.4", "registry", keeper)
    page.get_by_role("button", name=re.compile("What changed since “1.4")).click()
    picture.until(lambda: page.locator("[data-summary]").inner_text() == "Nothing changed")
    # Without the permission there is no such button, and the server refuses.
    other = visit(ann).open("app=blog")
    other.page.click("#er-compare-button")
    other.until(lambda: other.page.locator("#er-old option").count() > 2)
    assert other.page.locator("#er-snapshot-name").is_hidden()


def test_a_comparison_that_cannot_be_had_is_said(visit, ann):
    picture = visit(ann)
    picture.page.goto(f"{picture.root}{reverse('modeler:diagram')}?compare=snapshot:9..registry")
    picture.until(lambda: "9" in picture.page.inner_text("#er-notices"))
    assert "snapshot" in picture.page.inner_text("#er-notices")
    visit.complaints[:] = [each for each in visit.complaints if "404" not in each]


def test_a_change_is_told_under_the_pointer(visit, ann, since):
    picture = visit(ann).open(since)
    key = TAG
    picture.show(key, scale=1)
    picture.page.mouse.move(*picture.head(key))
    tip = picture.page.locator(".er-change-tip")
    picture.until(tip.is_visible)
    assert tip.inner_text().splitlines()[0].endswith(": Changed")
    sentences = picture.page.locator(
        f'.er-changes li:has(> [data-table="{key}"]) .er-change-line'
    ).all_inner_texts()
    assert tip.inner_text().splitlines()[1] == sentences[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_comparing_fits_on_a_telephone(visit, ann, scheme):
    picture = visit(ann, width=390, height=780, has_touch=True, color_scheme=scheme).open(STEP)
    page = picture.page
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("#er-compare").is_hidden()
    page.click("#er-compare-button")
    box = page.locator("#er-compare").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    key = listed(picture)[0][0]
    page.locator(f'.er-changes [data-table="{key}"]').click()
    assert page.locator("#er-compare").is_hidden()
    assert picture.chosen() == {key}
