"""The part of a module that is the same for every schema, as text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modeler.mongo.service.imports import Imports

FOLDER = Path(__file__).parent / "runtime"
PACKAGE = "modeler.mongo.service.runtime"
# Each needs those before it alone.
FILES = (
    "errors",
    "client",
    "collection",
    "refusals",
    "paging",
    "changes",
    "lists",
    "repository",
    "variants",
)


@dataclass(frozen=True, slots=True)
class RuntimeSource:
    """Code without its imports.

    Attributes:
        text: of all files.
        imports: what it needs.
        names: that it defines.
    """

    text: str
    imports: Imports
    names: frozenset[str]


@cache
def runtime_source() -> RuntimeSource:
    """Return the code of all files, one after the other."""
    imports = Imports()
    pieces: list[str] = []
    names: set[str] = set()
    for file in FILES:
        source = (FOLDER / f"{file}.py").read_text("utf-8")
        lines = source.splitlines()
        tree = ast.parse(source)
        start = 0
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                if not (getattr(node, "module", "") or "").startswith(PACKAGE):
                    imports.add(node)
                start = node.end_lineno or 0
            elif isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        pieces.append("\n".join(lines[start:]).strip("\n"))
    return RuntimeSource("\n\n\n".join(pieces), imports, frozenset(names))
