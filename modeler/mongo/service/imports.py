"""The imports of a module, sorted as isort and ruff sort them."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from modeler.mongo.service.layout import WIDTH


@dataclass(slots=True)
class Imports:
    """Imports, merged.

    Attributes:
        modules: of ``import x``.
        names: of ``from x import y``, by module.
    """

    modules: set[str] = field(default_factory=set)
    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, node: ast.Import | ast.ImportFrom) -> None:
        """Add what a statement imports."""
        if isinstance(node, ast.ImportFrom):
            self.names[node.module or ""] |= {alias.name for alias in node.names}
        else:
            self.modules |= {alias.name for alias in node.names}

    def bound(self) -> set[str]:
        """Return the names that the imports give."""
        return self.modules | {name for names in self.names.values() for name in names}

    def text(self) -> str:
        """Return the statements: those of the future, of Python, of packages."""
        blocks: list[list[str]] = [[], [], []]
        for module in sorted(self.modules):
            blocks[_block(module)].append(f"import {module}")
        for module in sorted(self.names):
            blocks[_block(module)].append(_statement(module, self.names[module]))
        return "\n\n".join("\n".join(block) for block in blocks if block)


def _block(module: str) -> int:
    top = module.partition(".")[0]
    return 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2


def _statement(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names, key=_rank)
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])


def _rank(name: str) -> tuple[int, str, str]:
    """Constants first, then classes, then the rest."""
    constant = name.isupper() and len(name) > 1
    return (0 if constant else 1 if name[0].isupper() else 2), name.lower(), name


def mentioned(source: str) -> set[str]:
    """Return the names that code speaks of; texts and comments count for nothing."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
