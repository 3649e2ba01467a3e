"""What readers see: Mermaid and PlantUML draw awkward names letter for letter."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from modeler.diagrams.formats.mermaid import to_mermaid
from modeler.diagrams.formats.plain_text import one_line
from modeler.diagrams.formats.plantuml import to_plantuml
from modeler.diagrams.graph import Box, Graph, Row, graph_of
from modeler.schema.table import TableKind
from tests.modeler.diagrams.formats.nasty import WORDS
from tests.modeler.diagrams.formats.parsers import PARSERS
from tests.modeler.diagrams.samples import EVIL, SHOP
from tests.parts import require_part

pytestmark = pytest.mark.parsers


@pytest.mark.browser
def test_mermaid_in_chromium() -> None:
    chromium = shutil.which("chromium")
    require_part("chromium", chromium)
    script = PARSERS / "node_modules/mermaid/dist/mermaid.min.js"
    require_part("the parsers of diagram formats (make parsers)", script.exists())
    playwright = pytest.importorskip("playwright.sync_api")
    boxes = tuple(Box(word, word, "", "", TableKind.TABLE, (Row(word, "text"),)) for word in WORDS)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page()
        page.add_script_tag(path=str(script))
        labels = page.evaluate(
            """async (text) => {
                mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
                const {svg} = await mermaid.render("drawn", text);
                document.body.innerHTML = svg;
                const all = (what) => [...document.querySelectorAll(what)].map(e => e.textContent);
                return {names: all(".label.name"), comments: all(".attribute-comment")};
            }""",
            to_mermaid(Graph(boxes, ())),
        )
        browser.close()
    wanted = {seen(word) for word in WORDS}
    assert {seen(name) for name in labels["names"]} == wanted
    bare = {word for word in wanted if re.fullmatch(r"[a-zA-Z][a-zA-Z]*", word)} - {"pk", "FK"}
    in_full = {seen(note.partition("column ")[2]) for note in labels["comments"]}
    assert in_full - {""} == wanted - bare


def seen(text: str) -> str:
    """Return what a reader sees of a text in one line."""
    return " ".join(one_line(text).split())


def test_plantuml_svg(tmp_path: Path) -> None:
    plantuml = shutil.which("plantuml")
    require_part("plantuml", plantuml)
    done = subprocess.run(
        [str(plantuml), "-pipe", "-tsvg", "-charset", "UTF-8"],
        input=to_plantuml(SHOP).encode(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    lines: dict[str, list[str]] = {}
    for y, text in re.findall(
        r'<text [^>]*y="([\d.]+)"[^>]*>([^<]*)</text>', done.stdout.decode()
    ):
        lines.setdefault(y, []).append(html.unescape(text).replace("\u00a0", " "))
    drawn = {" ".join(" ".join(texts).split()) for texts in lines.values()}
    assert any(f"{seen(EVIL)} : timestamptz(3)" in line for line in drawn), drawn
    assert {box.title for box in graph_of(SHOP).boxes} <= {
        word for line in drawn for word in line.split()
    }
