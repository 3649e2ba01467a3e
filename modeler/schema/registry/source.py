"""Where a model's class stands in the code."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path

from modeler.schema.table import Source

CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)", re.MULTILINE)


def source_of(model: type) -> Source:
    """Return module, file and line; no file where the class was made at run time.

    One pass over each file instead of ``inspect``, which parses it again for every class.
    """
    module = model.__module__
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file:
        return Source(module)
    line = _lines(file, _changed(file)).get(model.__name__, 0)
    return Source(module, file, line) if line else Source(module)


def _changed(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=512)
def _lines(file: str, changed: int) -> dict[str, int]:
    """Return the line of every class in a file; ``changed`` makes a new version a new entry."""
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, int] = {}
    line, position = 1, 0
    for match in CLASS.finditer(text):
        line += text.count("\n", position, match.start(1))
        position = match.start(1)
        found.setdefault(match[1], line)
    return found
