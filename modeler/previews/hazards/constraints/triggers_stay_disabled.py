"""DISABLE TRIGGER, which silences foreign keys too where it says ALL."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.locked import alterations
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import ToggleTrigger
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class TriggersStayDisabled(Hazard):
    code = "MP318"
    slug = "triggers-stay-disabled"
    title = "Triggers of a table are switched off"
    level = Level.ERROR
    hint = "Switch them on again in the same migration, and check the rows written meanwhile."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        toggles = [
            (sent, action, table)
            for sent, _, action, table in alterations(migration)
            if isinstance(action, ToggleTrigger)
        ]
        for position, (sent, action, table) in enumerate(toggles):
            if action.enabled:
                continue
            again = any(
                later.enabled and found == table and later.trigger in {action.trigger, "all"}
                for _, later, found in toggles[position + 1 :]
            )
            all_of_them = action.trigger == "all"
            if again and not all_of_them:
                continue
            what = "Foreign keys and triggers" if all_of_them else f"The trigger {action.trigger}"
            yield self.found(
                migration,
                sent.statement.operation,
                f"{table}.{action.trigger}",
                f"{what} of {table} are off for a while: what is written then is not checked."
                if again
                else f"{what} of {table} stay{'' if all_of_them else 's'} switched off.",
                level=Level.WARNING if again else Level.ERROR,
            )
