"""An index as one line in PostgreSQL's words."""

from __future__ import annotations

from modeler.diagrams.descriptions.parts import (
    condition_text,
    include_text,
    joined,
    parts_text,
)
from modeler.schema.index import Index
from modeler.schema.sql_text import quoted_name


def index_text(index: Index) -> str:
    """Return ``gin (tags gin_trgm_ops)``, ``UNIQUE btree (lower(slug)) WHERE active``."""
    options = ", ".join(f"{quoted_name(name)} = {value}" for name, value in index.options)
    return joined(
        "UNIQUE" * index.unique,
        f"{index.method} ({parts_text(index.parts)})",
        include_text(index.include),
        "" if index.nulls_distinct else "NULLS NOT DISTINCT",
        f"WITH ({options})" if options else "",
        condition_text(index.condition),
        "" if index.valid else "INVALID",
    )
