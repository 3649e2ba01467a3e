"""A way between two tables as a Django lookup."""

from __future__ import annotations

from modeler.diagrams.paths.search import Path


def lookup(path: Path) -> str:
    """Return the lookup from the first model: ``order__customer``; ``""`` where there is none.

    A relation whose reverse is hidden (``related_name="+"``) cannot be followed backwards.
    """
    return "__".join(names) if (names := _names(path)) else ""


def no_lookup(path: Path) -> str:
    """Say why a way has no lookup; ``""`` where it has one."""
    for step in path.steps:
        if not step.forward and not step.relation.query_name:
            return f"{step.relation.key} has no reverse name: no lookup leads back along it."
    return ""


def _names(path: Path) -> list[str]:
    if no_lookup(path):
        return []
    return [
        step.relation.field if step.forward else step.relation.query_name for step in path.steps
    ]
