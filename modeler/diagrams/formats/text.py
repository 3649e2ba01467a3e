"""Names as text of XML."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape


def text_of(text: str) -> str:
    """Return a name as text of XML: escaped, without what would turn or break the line.

    Letters of any script stay, with the joiners inside of them; the characters that reverse the
    order of what follows, and control characters, become blanks.
    """
    plain = "".join(
        " "
        if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _TURNING or ord(c) in _NONE
        else c
        for c in text
    )
    return escape(plain, {'"': "&quot;"})


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NONE = frozenset({0xFFFE, 0xFFFF})  # no characters of XML 1.0
