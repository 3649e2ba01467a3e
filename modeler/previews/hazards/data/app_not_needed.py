"""get_model of an app that the migration does not depend on."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import Function, code_operations
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class AppNotNeeded(Hazard):
    code = "MP609"
    slug = "app-not-needed"
    title = "Code asks for a model of an app that the migration does not depend on"
    level = Level.WARNING
    hint = "Add the app's migration that the code relies on to dependencies."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        if migration.apps is None:
            return
        reliable = migration.apps | {migration.preview.app}
        for operation, code, functions in code_operations(migration):
            missing: dict[str, str] = {}
            for function in functions:
                names = code.names_in(function)
                for owner, label, model in _asked(function):
                    if label not in reliable and owner not in names:
                        missing.setdefault(label, model)
            for label, model in missing.items():
                yield self.found(
                    migration,
                    operation.position,
                    f"{operation.code}.{label}",
                    f"{operation.code} asks for {label}.{model}, but the migration depends on no "
                    f"migration of {label}: in another order it is not there yet.",
                )


def _asked(function: Function) -> Iterator[tuple[str, str, str]]:
    """Return the variable, app and model of each get_model whose arguments are written out."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr != "get_model" or not isinstance(node.func.value, ast.Name):
            continue
        given = {key.arg: key.value for key in node.keywords}
        parts = [*node.args, *filter(None, (given.get("app_label"), given.get("model_name")))]
        texts = [
            part.value
            for part in parts
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        if len(texts) == 1 and len(parts) == 1 and "." in texts[0]:
            texts = texts[0].split(".", 1)
        if len(texts) >= 2:
            yield node.func.value.id, texts[0], texts[1]
