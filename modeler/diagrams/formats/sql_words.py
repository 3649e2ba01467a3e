"""Names, texts and remarks of a PostgreSQL script.

Source: PostgreSQL manual, 4.1 "Lexical Structure".
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.diagrams.formats.plain_text import JOINERS, one_line
from modeler.schema.expression import Expression, Opaque, walk
from modeler.schema.location import Location
from modeler.schema.sql_text import quoted_name, sql_text


def identifier(name: str) -> str:
    """Return a name; what an editor would not show is written as an escape (``U&"…"``)."""
    return quoted_name(name) if _is_shown(name) else f'U&"{_escaped(name, chr(34))}"'


def identifiers(names: Iterable[str]) -> str:
    """Return names with commas between."""
    return ", ".join(identifier(name) for name in names)


def constant(text: str) -> str:
    """Return a string constant that means the same whatever ``standard_conforming_strings``."""
    if _is_shown(text) and "\\" not in text:
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    if all(_is_shown(line) for line in text.split("\n")):
        escaped = text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
        return f"E'{escaped}'"
    return f"U&'{_escaped(text, chr(39))}'"


def place(location: Location) -> str:
    """Return a table's name, with its schema where it is not the one that bare names reach."""
    name = identifier(location.table)
    return f"{identifier(location.schema)}.{name}" if location.schema else name


def remark(text: str) -> str:
    """Return a comment of one line."""
    return f"-- {one_line(text)}"


def unwritable(expression: Expression | None) -> str:
    """Return why an expression has no SQL, or ``""``.

    SQL that modeler did not read further is SQL all the same; only Python is not.
    """
    for part in walk(expression):
        if isinstance(part, Opaque) and part.language != "sql":
            return f"{part.text} is Python" + (f" ({part.reason})" if part.reason else "")
        if isinstance(part, Opaque) and not part.text.strip():
            return part.reason or "it is not known"
    return ""


def expression_sql(expression: Expression) -> str:
    """Return an expression that is not ``unwritable``."""
    return sql_text(expression)


def _is_shown(text: str) -> bool:
    return all(c.isprintable() or c in JOINERS for c in text)


def _escaped(text: str, quote: str) -> str:
    """Double the quotes and write what is not shown, and the backslash, by code point."""
    return "".join(
        quote * 2 if c == quote
        else "\\\\" if c == "\\"
        else c if c.isprintable() or c in JOINERS
        else f"\\{ord(c):04X}" if ord(c) < 0x10000
        else f"\\+{ord(c):06X}"
        for c in text
    )  # fmt: skip
