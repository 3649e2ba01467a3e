"""Strings and bare words of a Mermaid entity relationship diagram.

Source: mermaid.js.org, "Entity Relationship Diagrams" and "Entity codes to escape characters".
Mermaid draws strings as Markdown in HTML; every letter that means something to it, to Markdown
or to HTML is written as its entity code, ``#60;``.
"""

from __future__ import annotations

import re

from modeler.diagrams.formats.plain_text import one_line

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\([0-9]+\))?(\[\])*\Z")
# Mermaid reads these as marks of keys, in any case.
KEY_MARKS = frozenset({"pk", "fk", "uk"})
HARMLESS = re.compile(
    r"[A-Za-z0-9 .,()/-]|:(?= )|\[(?=\])|(?<=\[)\]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])"
)


def quoted(text: str) -> str:
    """Return a string that is shown letter for letter."""
    plain = one_line(text)
    return '"' + "".join(_shown(plain, at) for at in range(len(plain))) + '"'


def _shown(text: str, at: int) -> str:
    letter = text[at]
    if HARMLESS.match(text, at) or ord(letter) > 0x7F:
        return letter
    return f"#{ord(letter)};"


def word(text: str) -> str:
    """Return a type's or an attribute's name, bent to a bare word where it is more."""
    # Markdown would take the underscores at both ends for emphasis.
    emphasis = text.startswith("_") and text.endswith("_")
    if WORD.match(text) and text.lower() not in KEY_MARKS and not emphasis:
        return text
    bent = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    if bent.lower() in KEY_MARKS:
        bent += "_"
    return bent if bent[:1].isalpha() else f"x_{bent}"
