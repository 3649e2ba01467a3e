"""RunSQL that changes what a model describes, without telling Django.

Compared are the commands of the SQL with the operations on the state in the same migration.
Source: Django manual, RunSQL (state_operations).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.data.schema_changes import SchemaChange, schema_changes
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.operations import OperationFacts
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.swapped_columns import swapped_columns
from modeler.reporting.finding import Finding, Level

OF_TABLES = frozenset({"DeleteModel", "RenameModel", "AlterModelTable"})


@HAZARDS.register
class SchemaDrift(Hazard):
    code = "MP608"
    slug = "schema-drift"
    title = "SQL changes the schema behind Django's back"
    level = Level.WARNING
    hint = "Say the same in state_operations of the RunSQL."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        state = [found for found in migration.operations if found.inside == "state"]
        changes = [
            (sent, change)
            for sent in migration.sent
            if _is_sql(migration, sent.statement.operation)
            for command in sent.commands
            for change in schema_changes(command, migration.tables)
        ]
        swapped = swapped_columns(migration)
        for sent, change in changes:
            if change.kind == "drop" and (change.table, change.column) in swapped:
                continue
            undone = any(other.undoes(change) or change.undoes(other) for _, other in changes)
            if undone or any(_says(found, change) for found in state):
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                change.subject,
                f"SQL {change.words}, and Django's state does not know: {change.consequence}.",
                level=change.level,
                evidence=(("statement", sent.statement.sql),),
            )


def _is_sql(migration: Planned, position: int) -> bool:
    return any(
        found.position == position and found.kind == "RunSQL" and found.inside != "state"
        for found in migration.operations
    )


def _says(found: OperationFacts, change: SchemaChange) -> bool:
    """Tell whether an operation on the state speaks of the same column or table."""
    if found.table != change.table and found.kind not in OF_TABLES:
        return False
    if not change.column:
        return found.kind in OF_TABLES and change.table in {found.table, change.to}
    columns = {field.column for field in (found.old, found.new) if field is not None}
    return bool(columns & {change.column, change.to}) or found.kind == "DeleteModel"
