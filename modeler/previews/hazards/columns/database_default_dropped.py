"""DROP DEFAULT of a default that code which runs now relies on.

Source: Django documentation, Field.db_default.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import DropColumn, SetDefault
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class DatabaseDefaultDropped(Hazard):
    code = "MP236"
    slug = "database-default-dropped"
    title = "A default in the database changes under code that relies on it"
    level = Level.ERROR
    hint = "Deploy code that gives the value itself before the default in the database changes."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        last = {}
        for sent, relation, action in migration.every_part():
            if isinstance(action, SetDefault):
                last[relation, action.column] = (sent, action)
            elif isinstance(action, DropColumn):
                last.pop((relation, action.column), None)
        for (relation, column), (sent, action) in last.items():
            used = migration.known_column(relation, column)
            if used is None or not used.db_default:
                continue
            subject = f"{relation}.{column}"
            if action.expression is not None:
                message = (
                    f"Rows of code that still runs get another value in {subject} than before."
                )
                level = Level.INFO
            elif used.null:
                message = f"Rows of code that still runs get NULL in {subject} from now on."
                level = Level.WARNING
            else:
                message = (
                    f"Code that still runs cannot insert into {relation}: it leaves {column} to "
                    "the database, which has no default for it any more."
                )
                level = Level.ERROR
            yield self.found(
                migration, sent.statement.operation, subject, message, level=level, waits=()
            )
