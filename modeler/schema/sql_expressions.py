"""SQL text as trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.schema.expression import Expression, Opaque


def read_sql(
    sql: str, *, parameters: tuple[Any, ...] = (), types: Mapping[str, str] | None = None
) -> Expression:
    return Opaque(sql, f"{len(parameters)} parameters" if parameters else "")
