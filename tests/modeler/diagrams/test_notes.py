from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modeler.diagrams.drawing import drawing_of
from modeler.diagrams.export import Format, exported
from modeler.diagrams.formats.svg_notes import SIDE, note_group, wrapped, written
from modeler.diagrams.metrics import text_width
from modeler.diagrams.selection.selection import Selection
from tests.modeler.diagrams.samples import EVIL, SHOP

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Mn")), max_size=80)


@example(" ", 40.0, 217.0)  # so narrow that the margins alone are wider
@given(WORDS, st.floats(40, 400), st.floats(40, 400))
def test_no_line_is_wider_than_its_note_and_no_letter_is_lost(text, width, height):
    size, lines = written(text, width, height)
    for line in lines[:-1]:
        assert text_width(line, size) <= width - 2 * SIDE * size or len(line) <= 1
    whole = "".join(wrapped(text, size, width - 2 * SIDE * size))
    assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("two words", ["two words"]),
        ("a long line of many words that is broken", ["a long line of", "many words that",
                                                       "is broken"]),
        ("first\nsecond", ["first", "second"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfsch", "ifffahrtsgesellsc", "haft"]),
    ],
)  # fmt: skip
def test_lines(text, lines):
    assert list(wrapped(text, 13, 100)) == lines


def test_a_view_is_drawn_with_its_notes_and_holds_them():
    note = {"x": -300, "y": -50, "w": 120, "h": 60, "text": EVIL, "color": "blue"}
    drawing = drawing_of(SHOP, Selection(), notes=[note])
    svg = str(exported(Format.SVG, SHOP, drawing))
    assert note_group(note) in svg
    assert 'viewBox="-308 -58 ' in svg
    assert "<b>" not in note_group(note)
    without = str(exported(Format.SVG, SHOP, drawing_of(SHOP, Selection())))
    assert 'class="note"' not in without
