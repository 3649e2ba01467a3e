"""Partitioning as lines in PostgreSQL's words."""

from __future__ import annotations

from modeler.diagrams.descriptions.parts import expression_text
from modeler.schema.expression import ColumnRef
from modeler.schema.sql_text import quoted_table, sql_text
from modeler.schema.table import Partition, Partitioning


def partitioning_text(partitioning: Partitioning) -> str:
    """Return ``PARTITION BY RANGE (made_at)``."""
    key = ", ".join(
        sql_text(part) if isinstance(part, ColumnRef) and not part.path else expression_text(part)
        for part in partitioning.key
    )
    return f"PARTITION BY {partitioning.strategy.upper()} ({key})"


def partition_text(partition: Partition) -> str:
    """Return ``PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')``."""
    return f"PARTITION OF {quoted_table(partition.parent)} {partition.bound}".rstrip()
