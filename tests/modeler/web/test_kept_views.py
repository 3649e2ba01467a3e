"""Saved views in a real Chromium: kept, shared, in conflict, guarded."""

from __future__ import annotations

import pytest
from django.urls import reverse

from modeler.models import SavedView

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
BLOG = "app=blog"
TAG, POST_TAG, STAR = "blog.Tag", "blog.PostTag", "blog.Star"


def test_what_is_saved_is_there_again_and_shared(visit, ann, bob):
    mine = visit(bob).open(BLOG)
    mine.show(TAG)
    mine.drag(TAG, 130, 110)
    mine.settled()
    mine.page.focus("#er-canvas")
    mine.page.keyboard.press("n")
    mine.page.keyboard.type("Here")
    mine.page.keyboard.press("Escape")
    assert mine.page.locator("#er-views-button [data-unsaved]").is_visible()
    number = mine.save_as("Money")
    assert mine.page.locator("#er-views-button").inner_text() == "Money"
    places = mine.places()
    mine.page.reload()
    mine.ready()
    mine.until(lambda: mine.page.locator(".er-note").count() == 1)
    assert mine.places() == places
    assert mine.page.locator("#er-views-button").inner_text() == "Money"
    kept = SavedView.objects.get(pk=number)
    assert (kept.selection, kept.shared, kept.version) == (BLOG, False, 1)
    assert {key: tuple(place) for key, place in kept.positions.items()} == places
    mine.page.click("#er-views-button")
    mine.page.get_by_label("Shared: everybody").check()
    mine.until(lambda: SavedView.objects.get(pk=number).shared)
    mine.until(lambda: mine.page.locator("[data-start]").is_enabled())
    mine.page.locator("[data-start]").select_option("blog")
    mine.until(lambda: SavedView.objects.get(pk=number).default_for == "blog")
    # By its link, and as the picture that the app starts with.
    for query in (f"view={number}", BLOG):
        theirs = visit(ann).open(query)
        theirs.until(lambda page=theirs.page: page.locator(".er-note").count() == 1)
        assert theirs.places() == places
        theirs.page.click("#er-views-button")
        theirs.until(lambda page=theirs.page: page.locator(".er-view-list li").count() == 1)
        assert theirs.page.locator("[data-current] [data-save]").is_disabled()
        assert theirs.page.locator("[data-current] [data-delete]").is_disabled()
        assert not theirs.page.locator("[data-sharing]").is_visible()


def test_a_view_keeps_its_selection_and_can_show_more(visit, bob):
    picture = visit(bob).open(f"focus={TAG}&hops=1&hubs=0")
    few = set(picture.places())
    number = picture.save_as("Around tags")
    picture.open(f"view={number}")
    assert set(picture.places()) == few
    assert picture.page.locator("#er-chips button").all_inner_texts()[0].startswith("Around")
    assert picture.page.locator("#er-chips button").count() == 1
    picture.page.locator("#er-chips button").click()
    picture.until(lambda: len(picture.places()) > len(few))
    picture.settled()
    assert f"view={number}" in picture.page.url
    assert picture.page.locator("#er-views-button [data-unsaved]").is_visible()
    more = set(picture.places())
    picture.page.reload()
    picture.ready()
    assert set(picture.places()) == more
    picture.page.click("#er-views-button")
    picture.page.click("#er-views [data-automatic]")
    picture.until(lambda: "view=0" in picture.page.url)
    picture.settled()
    assert picture.page.locator("#er-views-button").inner_text() == "Views"


def in_conflict(visit, bob):
    """Return a picture that its user cannot save, since somebody else saved it meanwhile."""
    picture = visit(bob).open(BLOG)
    picture.show(TAG)
    picture.drag(TAG, 130, 110)
    picture.settled()
    number = picture.save_as("Money")
    SavedView.objects.filter(pk=number).update(
        version=5, updated_by=bob, positions={TAG: [5000, 5000]}
    )
    picture.page.focus("#er-canvas")
    picture.drag(TAG, 40, 0)
    picture.settled()
    picture.page.keyboard.press("Control+s")
    picture.until(lambda: picture.page.locator("#er-conflict").is_visible())
    said = picture.page.locator("#er-conflict [data-text]").inner_text()
    assert said.startswith("bob@example.org saved this view at ")
    return picture, number


def conflicts(visit) -> None:
    """A conflict is an answer of its own kind; the browser notes it as a failure."""
    visit.complaints[:] = [each for each in visit.complaints if "409" not in each]


def test_of_two_who_save_the_second_may_save_over(visit, bob):
    picture, number = in_conflict(visit, bob)
    places = picture.places()
    picture.page.click("#er-conflict [value=over]")
    picture.until(lambda: SavedView.objects.get(pk=number).version == 6)
    assert tuple(SavedView.objects.get(pk=number).positions[TAG]) == places[TAG]
    picture.until(lambda: not picture.page.locator("[data-unsaved]").first.is_visible())
    conflicts(visit)


def test_of_two_who_save_the_second_may_load_theirs(visit, bob):
    picture, number = in_conflict(visit, bob)
    picture.page.click("#er-conflict [value=theirs]")
    picture.until(lambda: picture.places()[TAG] == (5000, 5000))
    assert SavedView.objects.get(pk=number).version == 5
    conflicts(visit)


def test_of_two_who_save_the_second_may_save_a_new_one(visit, bob):
    picture, number = in_conflict(visit, bob)
    places = picture.places()
    picture.page.click("#er-conflict [value=new]")
    picture.page.fill("#er-ask-text-input", "Mine")
    picture.page.keyboard.press("Enter")
    picture.until(lambda: SavedView.objects.filter(name="Mine").exists())
    assert tuple(SavedView.objects.get(name="Mine").positions[TAG]) == places[TAG]
    assert SavedView.objects.get(pk=number).version == 5
    picture.until(lambda: picture.page.locator("#er-views-button").inner_text() == "Mine")
    conflicts(visit)


def test_a_conflict_left_alone_loses_nothing(visit, bob):
    picture, _ = in_conflict(visit, bob)
    places = picture.places()
    picture.page.keyboard.press("Escape")
    assert picture.places() == places
    assert picture.page.locator("#er-views-button [data-unsaved]").is_visible()
    conflicts(visit)


def test_what_is_refused_is_said_and_kept(visit, ann):
    picture = visit(ann).open(BLOG)
    picture.save_as("Money")
    picture.page.click("#er-views-button")
    picture.page.fill("#er-view-name", "Money")
    picture.page.keyboard.press("Enter")
    picture.until(picture.notice)
    assert picture.notice().startswith("There is a view 'Money' already; choose a name.")
    conflicts(visit)


def test_a_view_is_renamed_and_deleted(visit, ann):
    picture = visit(ann).open(BLOG)
    number = picture.save_as("Money")
    page = picture.page
    page.click("#er-views-button")
    page.click("#er-views [data-rename]")
    page.fill("#er-ask-text-input", "Gold")
    page.keyboard.press("Enter")
    picture.until(lambda: page.locator("#er-views-button").inner_text() == "Gold")
    assert SavedView.objects.get(pk=number).name == "Gold"
    page.click("#er-views [data-delete]")
    assert page.locator("#er-ask").is_visible()
    page.click("#er-ask [value='']")
    assert SavedView.objects.filter(pk=number).exists()
    page.click("#er-views [data-delete]")
    page.click("#er-ask [value=yes]")
    picture.until(lambda: not SavedView.objects.filter(pk=number).exists())
    picture.until(lambda: page.locator("#er-views-button").inner_text() == "Views")
    assert "view=" not in page.url


def test_unsaved_work_is_guarded(visit, ann):
    picture = visit(ann).open(BLOG)
    number = picture.save_as("Money")
    picture.show(TAG)
    picture.drag(TAG, 130, 110)
    picture.settled()
    places = picture.places()
    page = picture.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate(f"void (location.href = '{reverse('modeler:cockpit')}')")
    picture.until(lambda: asked)
    assert asked == ["beforeunload"]
    # A step back in the browser asks nobody; what was left can be brought back.
    page.click("#er-drawer [data-reset]")
    picture.until(lambda: "not saved" in picture.notice())
    page.get_by_role("button", name="Bring it back").click()
    picture.until(lambda: f"view={number}" in page.url and picture.places() == places)
    assert page.locator("#er-views-button [data-unsaved]").is_visible()


def test_a_view_of_tables_that_are_gone_says_so(visit, ann):
    view = SavedView.objects.create(
        name="Old", owner=ann, selection=BLOG, positions={"blog.Gone": [1, 2], TAG: [10, 20]}
    )
    picture = visit(ann).open(f"view={view.pk}")
    assert "names tables that are not there now: blog.Gone" in picture.page.inner_text(
        "#er-notices"
    )
    picture.show(TAG)
    picture.drag(TAG, 30, 30)
    picture.settled()
    picture.page.keyboard.press("Control+s")
    picture.until(lambda: SavedView.objects.get(pk=view.pk).version == 2)
    assert SavedView.objects.get(pk=view.pk).positions["blog.Gone"] == [1, 2]
