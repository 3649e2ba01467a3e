"""Names, types and keys as SQL spells them; needs no driver."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from modeler.schema.location import Location
from modeler.schema.named_types import is_named_type
from modeler.schema.table import Table

Key = tuple[str, ...]  # a primary key's values as texts
TEXTUAL = frozenset({"text", "character varying", "character", "bpchar", "citext"})
# Collations of every server that compare bytes at last; of others only the server knows.
DETERMINISTIC = frozenset(
    {"", "default", "C", "POSIX", "C.UTF-8", "C.utf8", "pg_c_utf8", "ucs_basic"}
)
LENGTH = re.compile(r'("(?:[^"]|"")*")|\s*\([^)]*\)')  # not within a name in quotes


def array_literal(texts: Iterable[str]) -> str:
    """Return an array of texts in PostgreSQL's own spelling; drivers quote one by one, slowly.

    Source: PostgreSQL manual, 8.15.6 "Array Input and Output Syntax".
    """
    texts = list(texts)
    if not texts:
        return "{}"
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}'


def is_loose(kind: str, collation: str = "") -> bool:
    """Tell whether values may be equal in PostgreSQL though their texts differ.

    A collation that a column names may be nondeterministic; the database's own never is.

    Source: PostgreSQL manual, 23.2.2.4 "Nondeterministic Collations", F.9 "citext".
    """
    base = base_type(kind)
    return base == "citext" or (base in TEXTUAL and collation not in DETERMINISTIC)


def as_bytes(value: str) -> str:
    """Return an expression of a text that is compared byte by byte, under any collation."""
    return f'{value}::text COLLATE "C"'


def matching(columns: Sequence[str], types: Sequence[str], alias: str = "t") -> str:
    """Return a condition with a parameter a column: each a list of texts, one a key."""
    arrays = [f"%s::text[]::{cast_type(kind)}[]" for kind in types]
    values = [
        comparable(f"{alias}.{quoted(name)}", kind)
        for name, kind in zip(columns, types, strict=True)
    ]
    if len(columns) == 1:
        return f"{values[0]} = ANY({arrays[0]})"
    return f"({', '.join(values)}) IN (SELECT * FROM unnest({', '.join(arrays)}))"


def as_text(column: str, kind: str, alias: str = "t") -> str:
    """Return an expression of a column's value as text, in the spelling of a type."""
    base = base_type(kind)
    value = f"{alias}.{quoted(column)}"
    if base == "numeric":
        return f"trim_scale({value}::numeric)::text"
    if base in ("text", "character varying"):
        return f"{value}::text"
    return f"{value}::{cast_type(kind)}::text"


def asked(columns: Sequence[str], types: Sequence[str], alias: str = "t") -> str:
    """Return a join for ``matching`` that keeps the texts that were asked for, as ``asked.k0``."""
    arrays = ", ".join("%s::text[]" for _ in types)
    names = ", ".join(f"k{number}" for number in range(len(types)))
    on = " AND ".join(
        f"{comparable(f'{alias}.{quoted(name)}', kind)} = asked.k{number}::{cast_type(kind)}"
        for number, (name, kind) in enumerate(zip(columns, types, strict=True))
    )
    return f"JOIN unnest({arrays}) AS asked({names}) ON {on}"


def comparable(value: str, kind: str) -> str:
    """Return a value as operators take it: of a domain over some types, they know no operator.

    Those are the types that share their operators: enum types, arrays and ranges. An index is used
    all the same. Source: PostgreSQL manual, 36.2.5 "Polymorphic Types".

    Args:
        value: expression of a column.
        kind: the type below its domain.
    """
    base = base_type(kind)
    if is_named_type(base) or base.endswith(("]", "range")):
        return f"{value}::{cast_type(kind)}"
    return value


def quoted(name: str) -> str:
    """Return a name as SQL takes it, a per cent sign doubled for the driver."""
    doubled = name.replace('"', '""').replace("%", "%%")
    return f'"{doubled}"'


def qualified(location: Location | None) -> str:
    """Return a table's name as SQL takes it."""
    assert location is not None
    if location.schema:
        return f"{quoted(location.schema)}.{quoted(location.table)}"
    return quoted(location.table)


def rows_of(table: Table) -> str:
    """Return what a query selects from to find the rows of a table, and of no other.

    Keys and triggers hold for the rows of a table alone, not for those of tables that INHERIT.
    """
    place = qualified(table.location)
    return f"ONLY {place}" if table.inherited else place


# Of these a cast without a length is one to a single character, or bit.
UNBOUNDED = {"character": "bpchar", "bit": "bit varying"}


def cast_type(database_type: str) -> str:
    """Return what a value is cast to so that it stays whole: ``character(3)`` is ``bpchar``."""
    base = base_type(database_type)
    end = base.rfind('"') + 1  # a name in quotes may have brackets
    name, bracket, rest = base[end:].partition("[")
    return base[:end] + UNBOUNDED.get(name, name) + bracket + rest


def base_type(database_type: str) -> str:
    """Return a type's name without length and digits: ``numeric(12,2)`` is ``numeric``."""
    return LENGTH.sub(lambda found: found[1] or "", database_type).strip()
