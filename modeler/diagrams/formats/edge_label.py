"""What stands beside an edge."""

from __future__ import annotations

from modeler.diagrams.graph import PROXY, Edge
from modeler.schema.relation import RelationKind


def field_of(edge: Edge) -> str:
    """Return the name of the field (or of the constraint) that an edge stands for."""
    return edge.key.removeprefix(f"{edge.source}.")


def label_of(edge: Edge, arrow: str = "→") -> str:
    """Return ``customer: customer_id → id``; the field alone where no columns are known."""
    if not edge.columns:
        return field_of(edge)
    return f"{field_of(edge)}: {', '.join(edge.columns)} {arrow} {', '.join(edge.target_columns)}"


def is_loose(edge: Edge) -> bool:
    """Tell whether the database does not hold it: such edges are dashed."""
    return not edge.enforced or edge.kind in {PROXY, RelationKind.GENERIC_REVERSE}


def outside_keys(graph_keys: set[str], edges: tuple[Edge, ...]) -> list[str]:
    """Return the keys that edges lead to and that no box has, in order."""
    return sorted({end for edge in edges for end in (edge.source, edge.target)} - graph_keys)
