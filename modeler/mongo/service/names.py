"""Names of a module: identifiers for whatever a schema calls its tables and columns."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

# With the longest names, lines that cannot be broken still fit.
LONGEST_CLASS, LONGEST_FUNCTION = 30, 50
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# Letters that look like numbers are no names either (pycodestyle, E741 and E742).
AMBIGUOUS = ("I", "O", "l")
RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *AMBIGUOUS})


class Names:
    """Gives out names of one scope, none twice.

    Args:
        taken: names that stand there already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*RESERVED, *taken}

    def take(self, *wanted: str) -> str:
        """Return the first of these names that is free, else the last with a number."""
        for name in wanted:
            if name not in self.taken:
                break
        else:
            number = 2
            while f"{wanted[-1]}{number}" in self.taken:
                number += 1
            name = f"{wanted[-1]}{number}"
        self.taken.add(name)
        return name


def class_name(text: str) -> str:
    """Return text as the name of a class: ``order_item`` is ``OrderItem``."""
    words = _words(text)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    name = name if name and not name[0].isdigit() else f"Document{name}"
    return name[:LONGEST_CLASS]


def function_name(text: str) -> str:
    """Return text as a part of a function's name: ``Order items`` is ``order_items``."""
    return "_".join(word.lower() for word in _words(text))[:LONGEST_FUNCTION] or "documents"


def is_plain(name: str) -> bool:
    """Tell whether a class can have an attribute of that very name.

    Two underscores in front would be mangled, and other letters are normalised by Python.
    """
    return (
        PLAIN.match(name) is not None and not keyword.iskeyword(name) and not name.startswith("__")
    )


def _words(text: str) -> list[str]:
    """Return the ASCII words of a text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[A-Za-z0-9]+", plain)
