"""Names of types, as written and as the server prints them.

Source: PostgreSQL manual, chapter 8, table 8.1 (names of several words, aliases), and
``format_type()`` itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from modeler.errors import FormatError
from modeler.previews.sql.cursor import Cursor
from modeler.schema.database_types import ALIASES, SERIALS, server_spelling
from modeler.schema.sql_text import quoted_name
from modeler.schema.sql_tokens import lenient_tokens
from modeler.schema.sql_types import INTERVAL_FIELDS, SECOND_WORDS

# Types of the grammar itself and others that the server prints without a schema.
QUOTED = re.compile(r'"([a-z0-9]+)"')
BUILT_IN = frozenset(ALIASES) | frozenset(ALIASES.values()) | SECOND_WORDS.keys()


def read_type(cursor: Cursor) -> str:
    """Read a type and return it as written, with words in lower case and no superfluous blanks.

    >>> read_type(cursor_over("NUMERIC (10, 2) [] NOT NULL"))
    'numeric(10,2)[]'
    """
    cursor.take("setof")
    quoted = cursor.token.kind == "quoted"
    parts = [_part(cursor)]
    while cursor.take_mark("."):
        parts.append(_part(cursor))
    name = ".".join(parts)
    if not quoted and len(parts) == 1:
        if name == "national":
            cursor.take_one_of("character", "char")
            name = "national character"
        for word in SECOND_WORDS.get(name, ("varying",) if name.startswith("nat") else ()):
            if cursor.take(word):
                name += f" {word}"
        if name == "interval":
            while cursor.is_name(*INTERVAL_FIELDS):
                name += f" {cursor.step().text}"
    if cursor.take_operator("%"):
        cursor.need("type")
        name += "%type"
    if cursor.is_mark("("):
        sizes = cursor.listed(lambda: _size(cursor))
        name += f"({','.join(sizes)})"
    for word in ("with", "without"):
        if cursor.take(word, "time", "zone"):
            name += f" {word} time zone"
    return name + _dimensions(cursor)


@lru_cache(maxsize=1024)
def canonical_type(written: str) -> str:
    """Return a type as ``format_type`` prints it, for comparing with a catalog's.

    ``varchar(20)`` is ``character varying(20)``; a serial is the integer that it makes. What is
    no type stays as it is.

    >>> canonical_type("pg_catalog.int4 [3]")
    'integer[]'
    """
    cursor = Cursor(written, lenient_tokens(written))
    try:
        name = read_type(cursor)
        cursor.finish()
    except FormatError:
        return written
    name = name.removeprefix("pg_catalog.")
    if name == "bit":
        return "bit(1)"
    if (quoted := QUOTED.match(name)) and quoted[1] in BUILT_IN - {"char", "bit"}:
        name = quoted[1] + name[quoted.end() :]
    if name.startswith('"') or "." in name.partition("(")[0] or "%" in name:
        return _with_plain_array(name)
    name = name.replace("national character", "character")
    return server_spelling(name)


def is_serial(written: str) -> bool:
    """Tell whether a type is a serial: an integer with a sequence of its own."""
    return written in SERIALS


def _part(cursor: Cursor) -> str:
    token = cursor.token
    if token.kind not in {"name", "quoted"}:
        raise cursor.unexpected("a type")
    text = cursor.step().text
    if token.kind == "name":
        return text
    # Quotes mean a type of that very name: "char" is not char.
    return f'"{text}"' if text in BUILT_IN and text in {"char", "bit"} else quoted_name(text)


def _size(cursor: Cursor) -> str:
    start = cursor.position
    while cursor.token.kind in {"number", "name", "quoted", "string", "operator", "placeholder"}:
        cursor.step()
    if cursor.position == start:
        raise cursor.unexpected("a size")
    return cursor.text(start)


def _dimensions(cursor: Cursor) -> str:
    dimensions = ""
    word = cursor.take("array")
    while cursor.take_mark("["):
        if cursor.token.kind == "number":
            cursor.step()
        cursor.expect("]")
        dimensions = "[]"
    return "[]" if word else dimensions


def _with_plain_array(name: str) -> str:
    return name[: name.index("[")] + "[]" if name.endswith("]") else name
