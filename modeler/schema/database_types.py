"""Django's ``db_type`` in the spelling of PostgreSQL's ``format_type``.

Source: PostgreSQL manual, chapter 8, table 8.1 (aliases), and ``format_type()`` itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

ALIASES = {
    "varchar": "character varying",
    "char varying": "character varying",
    "char": "character",
    "bpchar": "character",
    "nchar": "character",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "serial2": "smallint",
    "serial4": "integer",
    "serial8": "bigint",
    "smallserial": "smallint",
    "bigserial": "bigint",
    "bool": "boolean",
    "decimal": "numeric",
    "dec": "numeric",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
}
ZONED = ("timestamp", "time")
SERIALS = frozenset({"serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"})
SHAPE = re.compile(
    r"""(?P<base>"[^"]+"(?:\."[^"]+")?|[a-z_][\w. ]*?)\s*
        (?:\((?P<size>[^)]*)\))?
        (?P<zone>\s+with(?:out)?\s+time\s+zone)?
        (?P<array>(?:\s*\[\s*\d*\s*\])*)$""",
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def server_spelling(db_type: str) -> str:
    """Return a type name as PostgreSQL prints it: ``varchar(64)`` is ``character varying(64)``.

    Sizes of arrays are dropped, as the server does; a type that is not known stays as it is,
    without superfluous blanks.
    """
    match = SHAPE.fullmatch(db_type.strip())
    if match is None:
        return db_type
    base = match["base"]
    if base.startswith('"'):
        plain = base.strip('"')
        base = plain if re.fullmatch(r"[a-z_][a-z0-9_]*", plain) else base
    else:
        base = " ".join(base.lower().split())
    size = match["size"]
    inner = "" if size is None else f"({','.join(part.strip() for part in size.split(','))})"
    zone = " ".join((match["zone"] or "").lower().split())
    arrays = "[]" if match["array"] else ""
    return f"{_spell(base, inner, zone)}{arrays}"


def _spell(base: str, inner: str, zone: str) -> str:
    if base in ZONED and zone:
        return f"{base}{inner} {zone}"
    if base == "float" and inner:
        return "real" if int(inner[1:-1]) <= 24 else "double precision"
    spelled = ALIASES.get(base, base)
    if base in {"char", "nchar", "character"} and not inner:
        return "character(1)"
    if base in {"numeric", "decimal", "dec"} and inner and "," not in inner:
        return f"numeric({inner[1:-1]},0)"
    if inner and spelled.startswith(("timestamp", "time")):
        first, _, rest = spelled.partition(" ")
        return f"{first}{inner} {rest}"
    return f"{spelled}{inner}"
