"""Python code that asks the default database, whichever one is migrated.

Source: Django manual, Migrations, "Data migrations and multiple databases".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import Function, code_operations
from modeler.previews.hazards.querysets import MANAGERS
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

CHOOSES = frozenset({"using", "db_manager"})


@HAZARDS.register
class AlwaysDefaultDatabase(Hazard):
    code = "MP708"
    slug = "always-default-database"
    title = "Code of a migration asks the default database, whichever one is migrated"
    level = Level.WARNING
    hint = "Say .using(schema_editor.connection.alias) on each manager of the function."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if plan.graph.aliases < 2:
            return
        for operation, _, functions in code_operations(migration):
            if not any(map(_asks, functions)) or any(map(_chooses, functions)):
                continue
            yield self.found(
                migration,
                operation.position,
                operation.code,
                f"{operation.code} runs once for each of {plan.graph.aliases} databases, and each "
                "time works on the one that the routers choose, not on the one that is migrated.",
            )


def _asks(function: Function) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in MANAGERS for node in ast.walk(function)
    )


def _chooses(function: Function) -> bool:
    """It looks at the connection that is migrated, or names a database."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"connection", *CHOOSES})
        or (isinstance(node, ast.keyword) and node.arg in CHOOSES)
        for node in ast.walk(function)
    )
