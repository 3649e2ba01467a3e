"""ADD CONSTRAINT … USING INDEX: the index must be there, unique and valid."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddConstraint
from modeler.previews.sql.commands import CreateIndex
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class IndexOfConstraintUnsure(Hazard):
    code = "MP307"
    slug = "index-of-constraint-unsure"
    title = "A constraint takes over an index that may not be usable"
    level = Level.INFO
    hint = "Ask the live database whether the index is valid before you migrate."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, _, action, table in alterations(migration):
            if not isinstance(action, AddConstraint) or not action.constraint.using_index:
                continue
            index = action.constraint.using_index
            effects = sent.statement.effects
            fails = (effects.fails if effects else "") or sent.statement.error
            # What fails on the shadow already is told by MP198.
            if not fails and not _built_here(plan, index):
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{table}.{index}",
                    f"The constraint {action.constraint.name or index} takes over the index "
                    f"{index}, which was built before; it fails if that build did.",
                    evidence=(
                        ("is it valid", "SELECT indisvalid FROM pg_index WHERE indexrelid = "
                         f"to_regclass('{index}');"),
                    ),
                )  # fmt: skip


def _built_here(plan: Plan, index: str) -> bool:
    """A build within the plan stops it when it fails."""
    return any(
        isinstance(command, CreateIndex) and command.name == index and not command.if_not_exists
        for migration in plan.migrations
        for _, command in migration.commands()
    )
