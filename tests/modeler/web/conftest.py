"""A real Chromium for the pages, whose complaints fail a test."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from modeler import permissions
from tests.modeler.web.people import person
from tests.parts import require_part

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
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

    def open_page(
        name: str,
        *,
        args: tuple = (),
        scheme: str = "light",
        anchor: str = "",
        size: tuple[int, int] = (1280, 800),
        **options: object,
    ):
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, **options
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


@pytest.fixture
def visit(chromium, live_server):
    """Open the diagram as one person after another."""
    # Needs the complaint of this file.
    from tests.modeler.web.picture_page import visits

    with visits(chromium, live_server.url) as opened:
        yield opened


@pytest.fixture
def ann():
    return person("ann@example.org", holding=permissions.READ)


@pytest.fixture
def bob():
    return person("bob@example.org", holding=(permissions.READ, permissions.SHARE))
