"""The diagram page in a real Chromium, as its user meets it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.modeler.web.conftest import complaint

MAIN = "/static/modeler/diagram/main.js"
PATIENCE = 15.0  # seconds


class PicturePage:
    """A page with the picture, opened by one person."""

    def __init__(self, page: Any, root: str) -> None:
        self.page, self.root = page, root

    def open(self, query: str = "") -> PicturePage:
        self.page.goto(f"{self.root}{reverse('modeler:diagram')}{query and f'?{query}'}")
        return self.ready()

    def ready(self) -> PicturePage:
        self.page.wait_for_selector("#er-canvas[data-level]:not([aria-busy])")
        # Editing comes with the first pointer or focus on the canvas.
        self.page.focus("#er-canvas")
        self.page.wait_for_selector("#er-canvas.is-editable:not([aria-busy])")
        return self

    def ask(self, expression: str) -> Any:
        """Evaluate JavaScript with the page's parts as ``d``."""
        return self.page.evaluate(f"import('{MAIN}').then(({{ diagram: d }}) => {expression})")

    def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for a condition; Playwright's own way needs an eval that the policy forbids."""
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, "it has not come true"
            self.page.wait_for_timeout(30)
        return found

    def places(self) -> dict[str, tuple[float, float]]:
        """Return where every table stands: left and top."""
        found = self.ask("d.stage.scene.tables.map(({ key, x, y }) => [key, [x, y]])")
        return {key: tuple(place) for key, place in found}

    def lines(self) -> dict[str, list[float]]:
        return dict(self.ask("d.stage.scene.edges.map(({ key, points }) => [key, points])"))

    def chosen(self) -> set[str]:
        return set(self.ask("[...d.selection.keys]"))

    def head(self, key: str) -> tuple[float, float]:
        """Return where on the page the heading of a table is."""
        x, y = self.ask(
            "(({ x, y, w }) => d.viewport.toScreen(x + w / 2, y + 9))"
            f"(d.stage.scene.byKey.get({json.dumps(key)}))"
        )
        box = self.page.locator("#er-canvas").bounding_box()
        return box["x"] + x + 1, box["y"] + y + 1

    def show(self, *keys: str, scale: float = 0.8) -> None:
        """Bring the middle of tables to the middle of the canvas."""
        self.ask(
            f"(() => {{ const all = {json.dumps(keys)}.map((k) => d.stage.scene.byKey.get(k));"
            " const mean = (get) => all.reduce((sum, t) => sum + get(t), 0) / all.length;"
            " d.viewport.show(mean((t) => t.x + t.w / 2), mean((t) => t.y + t.h / 2),"
            f" {scale}); }})()"
        )

    def drag(self, key: str, across: float, down: float) -> None:
        x, y = self.head(key)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + across / 2, y + down / 2)
        mouse.move(x + across, y + down)
        mouse.up()

    def settled(self) -> None:
        """Wait until the server has answered what a move has asked."""
        self.page.wait_for_timeout(60)
        self.until(lambda: not self.page.locator("#er-canvas[aria-busy]").count())

    def undo(self) -> None:
        self.page.focus("#er-canvas")
        self.page.keyboard.press("Control+z")
        self.settled()

    def save_as(self, name: str) -> int:
        """Save under a name by the dialog; return the view's number."""
        self.page.click("#er-views-button")
        self.page.fill("#er-view-name", name)
        self.page.keyboard.press("Enter")
        self.until(lambda: self.page.locator("#er-views [data-current] h3").inner_text() == name)
        self.page.keyboard.press("Escape")
        return int(self.page.url.partition("view=")[2].partition("&")[0].partition("#")[0])

    def notice(self) -> str:
        return " ".join(self.page.locator("[data-notice] span").all_text_contents()).strip()

    def said(self) -> str:
        return self.page.locator("#er-live").inner_text()


@contextmanager
def visits(chromium: Any, root: str) -> Iterator[Callable[..., PicturePage]]:
    """Yield what opens a page for a user; complaints of the browser fail the test."""
    complaints: list[str] = []
    contexts = []

    def visit(user: Any, *, width: int = 1280, height: int = 800, **options: Any) -> PicturePage:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": root}])
        page = context.new_page()
        page.on("console", lambda said: complaints.extend(complaint(said)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return PicturePage(page, root)

    visit.complaints = complaints  # type: ignore[attr-defined]
    yield visit
    for context in contexts:
        context.close()
    assert not complaints, complaints
