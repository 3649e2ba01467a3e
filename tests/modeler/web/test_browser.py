"""The pages in a real Chromium, under a strict policy and in both themes."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse

from modeler.web.project import project_schema
from tests.parts import require_part

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium():
    require_part("chromium", CHROMIUM)
    # Playwright's loop runs in this thread, and Django then refuses the ORM here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(chromium, live_server, client):
    """Open a page of modeler as an administrator; complaints of the browser fail the test."""
    model = get_user_model()
    user = model.objects.create(
        **{model.USERNAME_FIELD: "boss@example.org", "is_staff": True, "is_superuser": True}
    )
    client.force_login(user)
    complaints: list[str] = []
    contexts = []

    def open_page(name: str, *, args: tuple = (), scheme: str = "light", anchor: str = ""):
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": 1280, "height": 800}
        )
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.extend(complaint(said)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + reverse(f"modeler:{name}", args=args) + anchor)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def complaint(said) -> list[str]:
    """Return an error of the console; that a site has no favicon is none of ours."""
    favicon = said.location["url"].endswith("/favicon.ico")
    return [said.text] if said.type == "error" and not favicon else []


def a_table() -> str:
    return next(t.key for t in project_schema().tables if t.kind == "model" and t.columns)


def view_box(page) -> list[float]:
    return [float(n) for n in page.get_attribute("svg.er-diagram", "viewBox").split()]


@pytest.mark.parametrize("name", ["cockpit", "diagram", "preview", "collections"])
def test_pages_work_under_a_strict_policy(opened, name):
    page = opened(name)
    assert page.locator(".modeler-page").is_visible()


def test_the_picture_zooms_moves_and_fits(opened):
    call_command("er_diagram", store=True)
    page = opened("diagram")
    fitted = view_box(page)
    page.click("[data-do=in]")
    closer = view_box(page)
    assert closer[2] < fitted[2]
    page.focus("#modeler-canvas")
    page.keyboard.press("ArrowRight")
    assert view_box(page)[0] > closer[0]
    page.keyboard.press("0")
    assert view_box(page) == pytest.approx(fitted)
    box = page.locator("#modeler-canvas").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 250)
    page.mouse.up()
    moved = view_box(page)
    assert moved[0] > fitted[0]
    assert moved[1] > fitted[1]
    page.mouse.wheel(0, -200)
    assert view_box(page)[2] < moved[2]


def test_a_link_to_a_table_flies_there(opened):
    call_command("er_diagram", store=True)
    key = a_table()
    page = opened("diagram", anchor=f"#table-{key}")
    found = page.locator(".found")
    assert found.get_attribute("id") == f"table-{key}"
    table, canvas = found.bounding_box(), page.locator("#modeler-canvas").bounding_box()
    middle = table["x"] + table["width"] / 2, table["y"] + table["height"] / 2
    assert canvas["x"] < middle[0] < canvas["x"] + canvas["width"]
    assert canvas["y"] < middle[1] < canvas["y"] + canvas["height"]


def test_the_list_is_searched_from_the_keyboard(opened):
    page = opened("diagram")
    page.keyboard.press("/")
    page.keyboard.type("logentry")
    shown = page.locator(".modeler-table:visible")
    assert {shown.nth(n).get_attribute("data-key") for n in range(shown.count())} >= {
        "admin.LogEntry"
    }
    assert shown.count() < len(project_schema().tables)
    page.keyboard.type("nothing is called so")
    assert page.locator("#modeler-filter-count").inner_text() == "Nothing matches."


def test_the_picture_follows_the_theme(opened):
    call_command("er_diagram", store=True)
    fill = "getComputedStyle(document.querySelector('.c-box')).fill"
    light, dark = (opened("diagram", scheme=scheme).evaluate(fill) for scheme in ("light", "dark"))
    assert light == "rgb(255, 255, 255)"
    assert dark == "rgb(18, 18, 18)"
