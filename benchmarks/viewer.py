"""The diagram page in headless Chromium: first picture, work a frame, long tasks, elements.

Run: ``python -m benchmarks.viewer [--sizes 1000 3000] [--chromium FILE]``. A throw-away project of
as many models is served by Django itself; the page is loaded, zoomed and moved by wheel and mouse.
Exits 1 when a bar is missed.

A frame's work is the processor time of all tasks of the page's main thread from one animation
frame to the next one, read from the browser's trace; a long task is one of more than 50 ms
of processor time. On an idle machine that is the time on the clock; on a busy one the clock
measures the others. The times to the first picture are on the clock.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "modeler" / "static" / "modeler"
OURS = "/static/modeler/"
SIZES = (1000, 3000)
COLD, WARM = {1000: 1.5}, {1000: 0.5}  # seconds to the first picture
FRAME = {1000: 8.0, 3000: 16.0}  # milliseconds, 95th percentile
LONG, ELEMENTS, WEIGHT = 50.0, 5000, 80_000  # milliseconds, elements, bytes
MODULE = "/static/modeler/diagram/main.js"
FINDER = "/static/modeler/diagram/finder.js"
WITHIN = 16.0  # milliseconds: a frame
COOKIE = "sessionid"
EMPTY = """(() => {
    const { stage, viewport } = m.diagram;
    for (let y = viewport.height * 0.45; y < viewport.height - 180; y += 5) {
        for (let x = viewport.width * 0.3; x < viewport.width - 20; x += 5) {
            if (!stage.under(x, y)?.table) return [x, y];
        }
    }
    return null;
})()"""
PREPARE = """
import django
django.setup()
from django.contrib.auth import get_user_model, login
from django.core.management import call_command
from django.db.models.signals import post_migrate
from importlib import import_module
from django.conf import settings
from django.test import RequestFactory
post_migrate.receivers = []  # content types and permissions of a thousand models: not needed
call_command("migrate", verbosity=0)
user = get_user_model().objects.create_superuser("boss", "boss@example.org", "secret")
request = RequestFactory().get("/")
request.session = import_module(settings.SESSION_ENGINE).SessionStore()
login(request, user, backend="django.contrib.auth.backends.ModelBackend")
request.session.save()
print(request.session.session_key)
"""

# What a keystroke in the palette costs: the worst of some words, each the best of nine runs.
KEYSTROKE = """
    const tables = Array.from({ length: 3000 }, (_, i) => [
        `app${i % 120}.CustomerOrder${i}`, `customer order ${i}`, `app_order_${i}`, "App",
        `What customers have ordered, number ${i}`,
        Array.from({ length: 13 }, (_, c) => [
            `column_${(i * 13 + c) % 9000}`, c % 4 ? "" : `help of ${c}`,
        ]),
    ]);
    const finder = await Finder.read({ tables });
    const typed = ["c", "cu", "custo", "ordr12", "column_71", "hepl", "what", "order12.column_3"];
    const took = typed.map((each) => {
        const times = Array.from({ length: 9 }, () => {
            const started = performance.now();
            finder.find(each);
            return performance.now() - started;
        });
        return Math.min(...times);
    });
    return Math.max(...took);
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its bar; ``most`` is None where there is none."""

    name: str
    value: float
    unit: str
    most: float | None

    @property
    def held(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        most = "-" if self.most is None else f"{self.most:g}"
        said = "" if self.held else "  MISSED"
        return f"{self.name:<34}{self.value:>10.1f}{most:>8} {self.unit}{said}"


@contextmanager
def served(size: int) -> Iterator[tuple[str, str]]:
    """Serve a fresh project; yields its address and the session of an administrator."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.generated_project",
            "GENERATED_MODELS": str(size),
            "GENERATED_DATABASE": str(Path(folder) / "db.sqlite3"),
        }
        prepared = subprocess.run(
            [sys.executable, "-c", PREPARE],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        port = free_port()
        server = subprocess.Popen(
            [
                sys.executable, "-m", "django", "runserver", f"127.0.0.1:{port}",
                "--noreload", "--insecure", "--skip-checks",
            ],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/static/modeler/diagram.css", server)
            yield address, prepared.stdout.split()[-1]
        finally:
            server.terminate()
            server.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; a static file makes it read no model."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"The server does not answer at {address}.")


class Measured:
    """The page, and what its trace says."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.events: list[dict[str, Any]] = []
        self.done = False
        self.session.on("Tracing.dataCollected", lambda data: self.events.extend(data["value"]))
        self.session.on("Tracing.tracingComplete", lambda _: setattr(self, "done", True))
        self.elements = 0

    def trace(self, act: Callable[[], None]) -> tuple[list[float], float]:
        """Return the work of every frame, and of the longest task, in milliseconds."""
        self.events, self.done = [], False
        self.session.send(
            "Tracing.start",
            {
                "categories": "devtools.timeline,disabled-by-default-devtools.timeline",
                "transferMode": "ReportEvents",
            },
        )
        act()
        self.session.send("Tracing.end")
        while not self.done:
            self.page.wait_for_timeout(20)
        self.elements = max(
            self.elements, self.page.evaluate("document.querySelectorAll('*').length")
        )
        return work(self.events)

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(f"import('{MODULE}').then((m) => {expression})")


def work(events: list[dict[str, Any]]) -> tuple[list[float], float]:
    """Read from a trace the work of every frame, and of the longest task, in milliseconds."""
    counted = Counter((e["pid"], e["tid"]) for e in events if e["name"] == "FireAnimationFrame")
    if not counted:
        raise SystemExit("The trace shows no frame of the page.")
    ((main, _),) = counted.most_common(1)
    own = [e for e in events if (e["pid"], e["tid"]) == main]
    frames = sorted(e["ts"] for e in own if e["name"] == "FireAnimationFrame")
    per_frame = [0.0] * len(frames)
    longest = 0.0
    for event in own:
        if event["name"] != "RunTask" or "tdur" not in event:
            continue
        milliseconds = event["tdur"] / 1000
        longest = max(longest, milliseconds)
        # A task belongs to the frame that it ends in: the one that it makes is among them.
        at = bisect_right(frames, event["ts"] + event["dur"]) - 1
        if at >= 0:
            per_frame[at] += milliseconds
    return per_frame, longest


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def first_picture(page: Any, address: str) -> float:
    """Load the page; return the seconds from the click on the link to the first picture."""
    page.goto(address)
    page.wait_for_selector("#er-canvas[data-level]:not([aria-busy])", timeout=60_000)
    while not page.evaluate("performance.getEntriesByName('er-first-picture').length"):
        page.wait_for_timeout(10)
    mark: float = page.evaluate("performance.getEntriesByName('er-first-picture')[0].startTime")
    return mark / 1000


def moves(measured: Measured) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what is done with the picture: all zooms by wheel, and a drag at every level."""
    page = measured.page
    box = page.locator("#er-canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def wheel(step: float) -> None:
        page.mouse.move(x, y)
        for _ in range(90):
            page.mouse.wheel(0, step)
            page.wait_for_timeout(12)
        page.wait_for_timeout(500)

    def drag() -> None:
        # Where a table stands, a drag would move the table.
        left, top = measured.ask(EMPTY)
        left, top = left + box["x"], top + box["y"]
        page.mouse.move(left, top)
        page.mouse.down()
        for step in range(70):
            page.mouse.move(left - 5 * step, top - 3 * step)
            page.wait_for_timeout(12)
        page.mouse.up()
        page.wait_for_timeout(500)

    yield "zoom in", lambda: wheel(-40)
    yield "zoom out", lambda: wheel(40)
    for level, scale in (("map", 0.0), ("names", 0.25), ("keys", 0.5), ("columns", 0.8)):
        if scale:
            measured.ask(
                "(({x, y, w, h}) => { m.diagram.viewport.show(x + w / 2, y + h / 2, "
                f"{scale}); }})(m.diagram.viewport.bounds)"
            )
        page.wait_for_timeout(800)
        yield f"pan at {level}", drag


def weight(page: Any, document: bytes) -> int:
    """Return the bytes of the page, and of our style sheets and modules that it fetched.

    Each is compressed by itself, as a server sends it.
    """
    fetched = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    names = {re.sub(r".*/static/modeler/", "", each) for each in fetched if OURS in each}
    contents = (document, *((STATIC / name).read_bytes() for name in sorted(names)))
    return sum(len(gzip.compress(content, 9)) for content in contents)


def measure(browser: Any, size: int) -> list[Bar]:
    """Return the figures of a project of so many models."""
    bars = []
    with served(size) as (address, session):
        diagram = f"{address}/admin/modeler/diagram/?columns=all"
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/admin/")  # Django itself starts; of modeler nothing is read yet
        bars.append(Bar("first picture, cold", first_picture(page, diagram), "s", COLD.get(size)))
        warm = statistics.median(first_picture(page, diagram) for _ in range(3))
        bars.append(Bar("first picture, warm", warm, "s", WARM.get(size)))
        document = page.request.get(diagram).body()
        bars.append(Bar("weight, compressed", weight(page, document) / 1000, "kB", WEIGHT / 1000))
        measured = Measured(page)
        _, longest = measured.trace(lambda: (first_picture(page, diagram), None)[1])
        bars.append(Bar("load, longest task", longest, "ms", LONG))
        for name, act in moves(measured):
            frames, longest = measured.trace(act)
            bars.append(Bar(f"{name}, frames", len(frames), "", None))
            bars.append(Bar(f"{name}, p95", percentile(frames, 0.95), "ms", FRAME.get(size)))
            bars.append(Bar(f"{name}, longest task", longest, "ms", LONG))
        bars.append(Bar("most elements", measured.elements, "", ELEMENTS))
        finder = f"import('{FINDER}').then(async ({{ Finder }}) => {{ {KEYSTROKE} }})"
        bars.append(Bar("keystroke, 3,000 tables", page.evaluate(finder), "ms", WITHIN))
        weighs = weight(page, document) / 1000
        bars.append(Bar("weight, once editing is wanted", weighs, "kB", None))
        context.close()
    return bars


def main() -> None:
    """Print the figures; exit with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    held = True
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=options.chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for size in options.sizes:
            print(f"{size} tables; others' load of this machine {os.getloadavg()[0]:.1f}")
            for bar in measure(browser, size):
                print(f"  {bar}", flush=True)
                held = held and bar.held
        browser.close()
    sys.exit(not held)


if __name__ == "__main__":
    main()
