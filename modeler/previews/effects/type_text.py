"""A type's text taken apart: the name that ``pg_type`` has, and the modifiers.

Source: PostgreSQL manual, chapter 8, table 8.1 (aliases).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Names of the grammar, as ``pg_type.typname``; all others stand there as they are written.
CATALOG_NAMES = {
    "bigint": "int8", "bit": "bit", "bit varying": "varbit", "boolean": "bool",
    "char": "bpchar", "char varying": "varchar", "character": "bpchar",
    "character varying": "varchar", "dec": "numeric", "decimal": "numeric",
    "double precision": "float8", "float": "float8", "int": "int4", "integer": "int4",
    "national char": "bpchar", "national character": "bpchar",
    "national character varying": "varchar", "nchar": "bpchar", "nchar varying": "varchar",
    "real": "float4", "smallint": "int2", "time with time zone": "timetz",
    "time without time zone": "time", "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp", "serial": "int4", "serial4": "int4",
    "bigserial": "int8", "serial8": "int8", "smallserial": "int2", "serial2": "int2",
}  # fmt: skip
SERIALS = frozenset("serial serial2 serial4 serial8 smallserial bigserial".split())
FORM = re.compile(
    r"""(?P<name>(?:"(?:[^"]|"")+"|[^\s("\[.]+)(?:\.(?:"(?:[^"]|"")+"|[^\s("\[.]+))*
         (?:\s+(?:varying|precision|character|char))*)
        (?:\s+(?P<fields>year\b.*?|month\b|day\b.*?|hour\b.*?|minute\b.*?|second\b))?
        \s*(?:\((?P<modifiers>[^)]*)\))?
        (?P<zone>\s+with(?:out)?\s+time\s+zone)?
        \s*(?P<array>(?:\[\s*\d*\s*\]\s*|array\b.*)*)$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TypeText:
    """``schema`` is ``""`` where none was written; ``is_serial``: an integer with a sequence."""

    name: str
    schema: str = ""
    modifiers: tuple[int | str, ...] = ()
    array: bool = False
    is_serial: bool = False


def read_type_text(text: str) -> TypeText | None:
    """Return the parts; None where the text is no type's.

    >>> read_type_text("timestamp(3) with time zone[]").name
    'timestamptz'
    """
    match = FORM.match(text.strip())
    if not match:
        return None
    parts = [_folded(part) for part in re.findall(r'"(?:[^"]|"")+"|[^."]+', match["name"])]
    name, schema = parts[-1], parts[-2] if len(parts) > 1 else ""
    modifiers: list[int | str] = [
        int(part) if re.fullmatch(r"-?\d+", part.strip()) else part.strip()
        for part in (match["modifiers"] or "").split(",")
        if part.strip()
    ]
    if match["fields"]:
        modifiers.insert(0, " ".join(match["fields"].lower().split()))
    is_serial = False
    if not schema and not match["name"].startswith('"'):
        zone = " ".join((match["zone"] or "").lower().split())
        is_serial = name in SERIALS
        if name in {"bit", "char", "character", "nchar"} and not modifiers:
            modifiers = [1]
        if name == "float" and modifiers and isinstance(modifiers[0], int):
            name, modifiers = ("float4" if modifiers[0] < 25 else "float8"), []
        if name in {"numeric", "decimal", "dec"} and len(modifiers) == 1:
            modifiers.append(0)
        name = CATALOG_NAMES.get(f"{name} {zone}".strip(), CATALOG_NAMES.get(name, name))
    return TypeText(
        name, "" if schema == "pg_catalog" else schema, tuple(modifiers), bool(match["array"]),
        is_serial,
    )  # fmt: skip


def _folded(part: str) -> str:
    if part.startswith('"'):
        return part[1:-1].replace('""', '"')
    return " ".join(part.lower().split())
