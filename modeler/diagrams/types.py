"""Short spellings of PostgreSQL's types, for pictures where width is dear.

Source: PostgreSQL manual, table 8.1 "Data Types", column "Aliases".
"""

from __future__ import annotations

import re

ALIASES = {
    "character varying": "varchar",
    "character": "char",
    "bit varying": "varbit",
    "double precision": "float8",
    "real": "float4",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time with time zone": "timetz",
    "time without time zone": "time",
    "boolean": "bool",
}
# "timestamp(3) with time zone": the precision stands inside the name.
TYPE = re.compile(
    r"(?P<name>[^()\[\]]+?)(?P<modifier>\([^)]*\))?(?P<rest> with(?:out)? time zone)?"
    r"(?P<array>(?:\[\])*)$"
)


def short_type(database_type: str) -> str:
    """Return PostgreSQL's own alias where there is one; ``varchar(64)[]``, ``timestamptz``.

    Types without an alias, and those of other vendors, come back as they are.
    """
    match = TYPE.match(database_type)
    if match is None:
        return database_type
    name = match["name"] + (match["rest"] or "")
    if name not in ALIASES:
        return database_type
    return ALIASES[name] + (match["modifier"] or "") + match["array"]
