"""How previews name a relation: one string."""

from __future__ import annotations

from modeler.schema.sql_text import quoted_name


def relation_name(schema: str, name: str) -> str:
    """Return ``name``, quoted where it must be; ``schema`` goes before it unless it is ``""``.

    Callers leave the schema out where it is the search path's current one.
    """
    quoted = quoted_name(name)
    return f"{quoted_name(schema)}.{quoted}" if schema else quoted
