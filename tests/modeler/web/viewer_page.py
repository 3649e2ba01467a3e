"""What tests of the viewer ask of its page."""

from __future__ import annotations

import time

MODULES = "/static/modeler/diagram/"
READY = "#er-canvas[data-level]:not([aria-busy])"
POST = "blog.Post"


def shown(opened, anchor: str = "", **options):
    """Open the diagram and wait for its first picture."""
    page = opened("diagram", anchor=anchor, **options)
    page.wait_for_selector(READY)
    return page


def ask(page, expression: str, *, module: str = "main.js"):
    """Evaluate JavaScript with the exports of one of the page's own modules as ``m``."""
    return page.evaluate(f"import('{MODULES}{module}').then((m) => {expression})")


def until(page, condition: str) -> None:
    """Wait for a condition; Playwright's own way to wait needs an eval that the policy forbids."""
    deadline = time.monotonic() + 15
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"{condition} has not come true"
        page.wait_for_timeout(30)


def view(page) -> dict[str, float]:
    """Return the picture's point in the middle of the canvas, and the scale, at rest."""
    until(page, f"import('{MODULES}main.js').then((m) => !m.diagram.viewport.flight)")
    x, y, scale = ask(page, "[...m.diagram.viewport.centre(), m.diagram.viewport.scale]")
    return {"x": x, "y": y, "scale": scale}


def place(page, key: str) -> tuple[float, float]:
    """Return where on the page the middle of a table is."""
    x, y = ask(
        page,
        "(({x, y, w, h}) => m.diagram.viewport.toScreen(x + w / 2, y + h / 2))"
        f"(m.diagram.stage.scene.byKey.get('{key}'))",
    )
    box = page.locator("#er-canvas").bounding_box()
    return box["x"] + x, box["y"] + y


def drawn(page) -> set[str]:
    return set(page.eval_on_selector_all("[data-key]", "all => all.map(e => e.dataset.key)"))


def chosen(page) -> list[str]:
    return ask(page, "[...m.diagram.selection.keys]")
