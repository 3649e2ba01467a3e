from __future__ import annotations

import pytest

from modeler.diagrams.metrics import ALLOWANCE, text_width


@pytest.mark.parametrize(
    ("text", "bold", "thousandths"),
    [
        ("", False, 0),
        ("i", False, 222),
        ("W", False, 944),
        ("id", False, 222 + 556),
        ("id", True, 278 + 611),
        ("é", False, 556),
        ("e\u0301", False, 556),  # a combining accent takes no room
        ("\u202e", False, 0),
        ("表", False, 1000),
        ("\U0001f600", False, 1000),
        ("Ж", False, 722),
        ("ж", False, 556),
    ],
)
def test_width_of_text(text, bold, thousandths):
    assert text_width(text, 10, bold=bold) == pytest.approx(thousandths * ALLOWANCE / 100)
