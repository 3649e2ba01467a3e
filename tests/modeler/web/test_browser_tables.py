"""Pages in words in a real Chromium: copying, printing, reading without a mouse."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "args"), [("table", ("blog.Post",)), ("tables", ()), ("twin", ())]
)
def test_pages_in_words_work_under_a_strict_policy(opened, name, args, scheme):
    page = opened(name, args=args, scheme=scheme)
    assert page.locator(".modeler-sheet").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_nothing_sticks_out_on_a_telephone(opened):
    page = opened("table", args=("blog.Post",))
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # The table of columns is one row below the other, and still a table.
    first = page.locator(".modeler-columns tbody th").nth(0)
    about = page.locator(".modeler-columns tbody tr").nth(1).locator("td").nth(0)
    assert first.evaluate("each => getComputedStyle(each).display") == "block"
    assert about.bounding_box()["x"] < 60
    assert page.get_by_role("table", name="Columns of blog.Post").get_by_role("row").count() > 5


def test_a_button_copies_the_query(opened):
    page = opened("table", args=("blog.Tag",))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator('[data-copy="python-1"]')
    assert button.is_visible()
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('[data-copy=python-1] [role=status]').textContent == 'copied'"
    )
    assert page.evaluate("navigator.clipboard.readText()") == "Tag.objects.get(pk=1)"


def test_without_a_clipboard_the_query_is_selected(opened):
    page = opened("table", args=("blog.Tag",))
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => "
        "Promise.reject(new Error('no'))}})"
    )
    page.locator('[data-copy="sql-1"]').click()
    page.wait_for_function("getSelection().toString().startsWith('SELECT *')")


def test_paper_has_no_buttons(opened):
    page = opened("table", args=("blog.Post",))
    page.emulate_media(media="print")
    for away in (".modeler-copy", ".modeler-contents", ".modeler-rooms"):
        assert not page.locator(away).first.is_visible(), away
    assert page.locator("#columns").is_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_a_table_is_reached_from_the_index_by_keyboard_alone(opened):
    page = opened("tables")
    page.focus("#modeler-q")
    page.keyboard.type("shown in lists")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tables/?q=*")
    link = page.locator("#hits + ul a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('modeler:table', args=['blog.Post'])}")


def test_the_picture_in_words_has_landmarks_and_names(opened):
    page = opened("twin", anchor="?focus=blog.Post&columns=all")
    assert page.get_by_role("navigation", name="Apps").is_visible()
    # An app is a landmark, a table is a heading: hundreds of landmarks would be none.
    assert page.get_by_role("region", name="Blog").count() == 1
    assert page.get_by_role("heading", name="Post model", exact=True, level=3).is_visible()
    assert page.get_by_role("table", name="Columns of blog.Post", exact=True).is_visible()
    unnamed = page.evaluate(
        "[...document.querySelectorAll('main a, main button, main input, main section, main nav')]"
        ".filter(each => !(each.textContent.trim() || each.ariaLabel || each.labels?.length"
        " || each.getAttribute('aria-labelledby') || each.type == 'submit')).length"
    )
    assert unnamed == 0
    broken = page.evaluate(
        "[...document.querySelectorAll('[aria-labelledby]')]"
        ".filter(each => !document.getElementById(each.getAttribute('aria-labelledby'))).length"
    )
    assert broken == 0
