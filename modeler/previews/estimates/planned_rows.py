"""How many rows data statements change, by the planner with statistics of the live database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.errors import ServerError
from modeler.postgres.production.figures import Figures
from modeler.postgres.production.planner import planner
from modeler.postgres.shadow import Clone, Shadow


def planned_rows(
    shadow: Shadow, figures: Figures, template: Clone, statements: Mapping[int, str]
) -> tuple[dict[int, float], tuple[str, ...]]:
    """Plan statements on a database that has the statistics and none of the rows.

    Args:
        shadow: the server.
        figures: of the live database.
        template: a clone with the tables as they are right before the statements.
        statements: that change rows, by position.

    Returns:
        Rows by position, without those that cannot be planned; and where the plans may differ
        from the live server's, a sentence each.
    """
    try:
        with planner(shadow, figures, template=template) as plans:
            # Tables that are not here yet, or are no model's, are no news to the reader.
            notes = tuple(note for note in plans.notes if note not in plans.restored.notes)
            if not plans.sized:
                return {}, notes
            found = {}
            for position, sql in statements.items():
                try:
                    plan = plans.explain(sql.rstrip().rstrip(";"))
                except ServerError:
                    continue
                found[position] = rows_changed(plan)
            return found, notes
    except ServerError as error:
        return {}, (f"Rows that statements change are not known. {error}",)


def rows_changed(plan: Mapping[str, Any]) -> float:
    """Return how many rows the plan of an INSERT, UPDATE, DELETE or MERGE changes.

    The node that changes them is said to return none; what feeds it is what counts.
    """
    if plan.get("Node Type") != "ModifyTable":
        return float(plan.get("Plan Rows", 0))
    return float(
        sum(
            below.get("Plan Rows", 0)
            for below in plan.get("Plans", ())
            if below.get("Parent Relationship") in {"Outer", "Member"}
        )
    )
