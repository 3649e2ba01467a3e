"""Code of a migration that speaks to the world outside of the database."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import code_operations, dotted
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

WORLDS = {
    "the network": (
        "requests", "httpx", "urllib.request", "urllib3", "aiohttp", "http.client", "socket",
        "ftplib", "boto3", "botocore", "paramiko", "redis", "pymongo", "elasticsearch", "stripe",
    ),
    "mail": ("django.core.mail", "smtplib"),
    "the cache": ("django.core.cache",),
    "other programs": ("subprocess", "os.system"),
}  # fmt: skip
QUEUED = frozenset({"delay", "apply_async", "delay_on_commit"})


@HAZARDS.register
class ReachesOutside(Hazard):
    code = "MP610"
    slug = "reaches-outside"
    title = "A migration speaks to the world outside of the database"
    level = Level.WARNING
    hint = "Do it after the deploy, in a command of its own that may be run again."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for operation, code, functions in code_operations(migration):
            told: dict[str, str] = {}
            for function in functions:
                for world, call in _calls(function, code.names_in(function)):
                    told.setdefault(world, call)
            for world, call in told.items():
                yield self.found(
                    migration,
                    operation.position,
                    f"{operation.code}.{call}",
                    f"{operation.code} reaches {world} by {call}: a rollback does not undo it, "
                    "and locks are held while it waits.",
                )


def _calls(tree: ast.AST, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        path = dotted(node.func, names)
        for world, modules in WORLDS.items():
            if any(path == module or path.startswith(f"{module}.") for module in modules):
                yield world, path
        if path and path.rpartition(".")[2] in QUEUED:
            yield "a task queue", path
