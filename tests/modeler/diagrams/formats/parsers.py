"""The formats' own parsers: Node packages in tests/parsers, PlantUML's jar."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.parts import require_part

PARSERS = Path(__file__).parents[3] / "parsers"
JAR = Path("/usr/share/plantuml/plantuml.jar")
SECONDS = 120


def read(format_: str, texts: list[str]) -> list[Any]:
    """Return what the parser made of each text, all in one call of Node.

    Raises:
        AssertionError: the parser refused one.
    """
    node = shutil.which("node")
    require_part("node", node)
    require_part(
        "the parsers of diagram formats (make parsers)", (PARSERS / "node_modules").is_dir()
    )
    done = subprocess.run(
        [str(node), str(PARSERS / "read.mjs")],
        input=json.dumps([{"format": format_, "text": text} for text in texts]),
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for text, result in zip(texts, found, strict=True):
        assert "error" not in result, f"{result['error']}\n{text}"
    return list(found)


def read_plantuml(text: str) -> list[list[list[str]]]:
    """Return the lines of ReadPlantUml.java for each document in the text."""
    java = shutil.which("java")
    require_part("java with its compiler (default-jdk-headless)", java and shutil.which("javac"))
    require_part("plantuml", JAR.exists())
    done = subprocess.run(
        [str(java), "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-cp", str(JAR),
         str(PARSERS / "ReadPlantUml.java")],
        input=text.encode(), capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    documents: list[list[list[str]]] = []
    for line in done.stdout.decode().split("\n")[:-1]:
        kind, *fields = line.split("\t")
        assert kind != "error", line
        if kind == "diagram":
            documents.append([])
        else:
            documents[-1].append([kind, *fields])
    return documents


def mermaid_text(text: str) -> str:
    """Return what Mermaid draws of a string: it keeps entity codes in a form of its own."""
    coded = re.sub("ﬂ°(°?)", lambda mark: "&#" if mark[1] else "&", text).replace("¶ß", ";")
    return html.unescape(coded)
