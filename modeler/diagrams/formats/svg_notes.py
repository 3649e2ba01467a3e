"""Notes of an SVG: what people wrote on the picture, as large as its box allows.

Sizes and lines are those of the page (``static/modeler/editing/note_text.js``), so that a file
shows the note as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from modeler.diagrams.formats.text import text_of
from modeler.diagrams.layout.placement import Layout
from modeler.diagrams.metrics import text_width

Note = Mapping[str, Any]
# The colours of notes on the page; a file shows the light ones.
FILLS = {
    "yellow": "#ffe28a", "blue": "#b8dcff", "green": "#c3eab8", "red": "#ffc9c2",
    "grey": "#e2e2e2",
}  # fmt: skip
INK = "#222222"
SIDE, LEADING = 0.6, 1.3  # of the font size: beside the text, from line to line
LEAST, MOST, STEP = 11.0, 60.0, 0.9  # font sizes, in points


def note_group(note: Note) -> str:
    """Return a note's group; text that does not fit is cut with an ellipsis.

    Args:
        note: ``x``, ``y``, ``w``, ``h`` in points, ``text``, ``color``; see ``modeler.canvas``.
    """
    x, y, width, height = (float(note[name]) for name in "xywh")
    fill = FILLS.get(str(note.get("color")), FILLS["yellow"])
    size, lines = written(str(note.get("text", "")), width, height)
    first = y + SIDE * size + 0.95 * size
    texts = "".join(
        f'<text x="{x + SIDE * size:.1f}" y="{first + number * size * LEADING:.1f}" '
        f'font-size="{size:.1f}" fill="{INK}">{text_of(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return (
        f'<g class="note"><rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="3" fill="{fill}"/>{texts}</g>'
    )


def written(text: str, width: float, height: float) -> tuple[float, list[str]]:
    """Return the font size and the lines of a text in a box of that size."""
    size = min(MOST, max(13.0, height / 6.5))
    lines = list(wrapped(text, size, width - 2 * SIDE * size))
    while len(lines) * size * LEADING > height - 2 * SIDE * size and size * STEP >= LEAST:
        size *= STEP
        lines = list(wrapped(text, size, width - 2 * SIDE * size))
    room = max(1, int((height - 2 * SIDE * size) / (size * LEADING) + 0.01))
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1][:-1]}…"]
    return size, lines


def wrapped(text: str, size: float, width: float) -> Iterator[str]:
    """Yield the lines of a text that are no wider than asked; a longer word is broken."""
    for paragraph in text.split("\n"):
        line = ""
        for word in _words(paragraph):
            if text_width((line + word).rstrip(), size) <= width:
                line += word
                continue
            if line:
                yield line.rstrip()
            line = ""
            for letter in word:
                if line and text_width(line + letter, size) > width:
                    yield line
                    line = ""
                line += letter
        yield line.rstrip()


def _words(paragraph: str) -> Iterator[str]:
    """Yield words with the blank that follows them."""
    word = ""
    for letter in paragraph:
        word += letter
        if letter.isspace():
            yield word
            word = ""
    yield word


def around_notes(layout: Layout, notes: tuple[Note, ...]) -> Layout:
    """Return the layout with a picture that holds the notes as well."""
    if not notes:
        return layout
    left = min(layout.x, *(float(note["x"]) for note in notes))
    top = min(layout.y, *(float(note["y"]) for note in notes))
    right = max(layout.x + layout.width, *(float(n["x"]) + float(n["w"]) for n in notes))
    bottom = max(layout.y + layout.height, *(float(n["y"]) + float(n["h"]) for n in notes))
    return replace(layout, x=left, y=top, width=right - left, height=bottom - top)
