"""How previews name a relation: one string."""

from __future__ import annotations

import re

from modeler.postgres.production.figures import Figures, TableFigures
from modeler.schema.sql_text import quoted_name

PARTS = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


def relation_name(schema: str, name: str) -> str:
    """Return ``name``, quoted where it must be; ``schema`` goes before it unless it is ``""``.

    Callers leave the schema out where it is the search path's current one.
    """
    quoted = quoted_name(name)
    return f"{quoted_name(schema)}.{quoted}" if schema else quoted


def parts_of(relation: str) -> tuple[str, str]:
    """Take what ``relation_name`` made apart again: schema and name, without quotes.

    >>> parts_of('app."Weird Table"')
    ('app', 'Weird Table')
    """
    found = [one.replace('""', '"') or two for one, two in PARTS.findall(relation)]
    return (found[-2] if len(found) > 1 else "", found[-1])


def figures_name(figures: Figures, table: TableFigures) -> str:
    """Return how previews name a live table; what it would be on the shadow."""
    schema = "" if table.schema == figures.current_schema else table.schema
    return relation_name(schema, table.name)


def bare_name(relation: str) -> str:
    """Return the name alone, without schema and quotes, as the server's messages have it."""
    return parts_of(relation)[1]


def sibling(relation: str, name: str) -> str:
    """Return a relation of the same schema; ``name`` bare."""
    return relation_name(parts_of(relation)[0], name)
