"""Sets of characters that PCRE names, as members of a class of Python's ``re``.

Sources: pcrepattern(3), "Generic character types", "Posix character classes", "Unicode character
properties"; Python's ``unicodedata``. Letters newer than a server's own Unicode tables may count
otherwise there.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

# Spaces by Unicode: not what str.isspace says (U+001C … U+001F), and U+180E still is one.
SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANKS = r"\t \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
ASCII = {
    "d": "0-9", "w": "0-9A-Z_a-z", "s": r"\t-\r ", "h": BLANKS, "v": r"\n-\r\x85\u2028\u2029",
    "alpha": "A-Za-z", "lower": "a-z", "upper": "A-Z", "alnum": "0-9A-Za-z",
    "ascii": r"\x00-\x7f", "blank": r"\t ", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": "!-~", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t-\r ",
    "word": "0-9A-Z_a-z", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
# Of Unicode: first letters of the categories that belong to a class.
CATEGORIES = {
    "d": ("Nd",), "w": ("L", "N"), "alpha": ("L",), "lower": ("Ll",), "upper": ("Lu",),
    "alnum": ("L", "N"), "digit": ("Nd",), "word": ("L", "N"), "punct": ("P",),
}  # fmt: skip
ALSO = {"w": "_", "word": "_", "punct": r"$+<=>^`|~"}
HIDDEN = {0x61C, *range(0x2066, 0x206A)}


@cache
def members(name: str, *, unicode: bool) -> str | None:
    """Return the members of a class, None where it is not known.

    ``cntrl`` by Unicode is not: PCRE2 counts U+0080 to U+009F, the PCRE of server 6 does not.

    Args:
        name: ``d``, ``w``, ``s``, ``h``, ``v`` or a POSIX name.
        unicode: counted by Unicode, as ``(*UCP)`` demands.
    """
    if not unicode or name in ("ascii", "xdigit", "h", "v"):
        return ASCII.get(name)
    if name in ("s", "space"):
        return SPACES
    if name == "blank":
        return BLANKS
    if name in ("graph", "print"):
        kept = ("L", "M", "N", "P", "S", "Cf", *(("Zs",) if name == "print" else ()))
        hidden = HIDDEN if name == "print" else HIDDEN | {0x180E}
        return ranges(
            c
            for c in range(sys.maxunicode + 1)
            if unicodedata.category(chr(c)).startswith(kept) and c not in hidden
        )
    if name in CATEGORIES:
        return property_members(CATEGORIES[name]) + ALSO.get(name, "")
    return None


@cache
def property_members(categories: tuple[str, ...]) -> str:
    """Return the members of Unicode's general categories, given by their first letters."""
    found = unicodedata.category
    return ranges(
        code for code in range(sys.maxunicode + 1) if found(chr(code)).startswith(categories)
    )


def ranges(codes: Iterable[int]) -> str:
    """Return ascending code points as members of a class."""
    parts: list[str] = []
    first = last = -2
    for code in [*codes, -1]:
        if code == last + 1:
            last = code
            continue
        if first >= 0:
            parts.append(escaped(first) if first == last else f"{escaped(first)}-{escaped(last)}")
        first = last = code
    return "".join(parts)


def escaped(code: int) -> str:
    """Return a character for a class or outside of one, where it means itself."""
    if chr(code).isascii() and chr(code).isalnum():
        return chr(code)
    return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"


@cache
def _families() -> dict[int, tuple[int, ...]]:
    """Return the characters that differ in case alone, by each of them."""
    by_folded: dict[str, list[int]] = {}
    for code in range(0x1E944):
        if (folded := _folded(chr(code))) != chr(code) or chr(code).isupper():
            by_folded.setdefault(folded, [ord(folded)]).append(code)
    families = (tuple(sorted({*codes})) for codes in by_folded.values())
    return {code: family for family in families if len(family) > 1 for code in family}


def _folded(character: str) -> str:
    """Return Unicode's simple case folding; İ and ı are nobody's other case."""
    changes: tuple[Callable[[str], str], ...] = (str.casefold, str.lower)
    return next((new for change in changes if len(new := change(character)) == 1), character)


def other_cases(codes: Iterable[int]) -> list[int]:
    """Return code points with those that differ from them in case alone, ascending."""
    families = _families()
    return sorted({one for code in codes for one in families.get(code, (code,))})
