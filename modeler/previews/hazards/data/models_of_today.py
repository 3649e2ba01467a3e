"""Models that are imported instead of asked for. Source: Django manual, Data Migrations."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import code_operations, dotted
from modeler.previews.hazards.querysets import MANAGERS
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

# Ways to today's models that go by no import of the model itself.
ROADS = {
    "django.contrib.auth.get_user_model": "the user model",
    "django.apps.apps.get_model": "a model of django.apps.apps",
}


@HAZARDS.register
class ModelsOfToday(Hazard):
    code = "MP602"
    slug = "models-of-today"
    title = "A migration uses the models as they are today"
    level = Level.WARNING
    hint = "Ask for the model with apps.get_model of the function's first parameter."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        models = {key.rpartition(".")[2] for key in plan.models.values()}
        for operation, code, functions in code_operations(migration):
            used: dict[str, str] = {}
            for function in functions:
                for name in _models_used(function, code.names_in(function), models):
                    used.setdefault(name, function.name)
            for name, where in used.items():
                yield self.found(
                    migration,
                    operation.position,
                    f"{where}.{name}",
                    f"{where} uses {name} as the code has it today, not as it is at this "
                    "migration: it fails once the model has a field that comes later.",
                )


def _models_used(tree: ast.AST, names: Mapping[str, str], models: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        path = ""
        if isinstance(node, ast.Call):
            path = dotted(node.func, names)
            if path in ROADS:
                yield ROADS[path]
        elif isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            path = dotted(node.value, names)
        *module, name = path.split(".")
        if "models" in module and name.lower() in models:
            yield name
