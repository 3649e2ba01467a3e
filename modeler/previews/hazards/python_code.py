"""A migration's Python code, read without running it: functions, what they call, imported names.

What was captured by running the code on the shadow counts more; this is for what a run on few rows
or in one process cannot show.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from modeler.previews.hazards.operations import OperationFacts
from modeler.previews.hazards.plan import Planned

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class PythonCode:
    """The module of a migration.

    Attributes:
        functions: of the module itself, by name.
        imports: local names with the dotted path that each stands for.
        constants: names that the module assigns, with the expression; None where several times.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, ast.expr | None] = field(default_factory=dict)

    def reached(self, name: str) -> tuple[Function, ...]:
        """Return a function and those of the module that it uses, in the order of meeting."""
        found: dict[str, Function] = {}
        waiting = [name]
        while waiting:
            name = waiting.pop(0)
            function = self.functions.get(name)
            if function is None or name in found:
                continue
            found[name] = function
            waiting += [
                node.id
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and node.id in self.functions
            ]
        return tuple(found.values())

    def names_in(self, function: Function) -> dict[str, str]:
        """Return what names in a function stand for: imports, and variables that repeat one."""
        names = {
            name: path
            for name, path in self.imports.items()
            if name not in parameters_of(function)
        }
        names |= imports_in(ast.walk(function))
        for target, value in assignments_in(function):
            path = dotted(value, names)
            if path and path != target:
                names[target] = path
        return names


@lru_cache(maxsize=256)
def code_of(source: str) -> PythonCode:
    """Read a module; of what cannot be read nothing is known."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return PythonCode()
    constants: dict[str, ast.expr | None] = {}
    for target, value in assignments_in(tree, deep=False):
        constants[target] = None if target in constants else value
    return PythonCode(
        {
            node.name: node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        },
        imports_in(_outside_functions(tree)),
        constants,
    )


def code_operations(
    migration: Planned,
) -> Iterator[tuple[OperationFacts, PythonCode, tuple[Function, ...]]]:
    """Return each operation that runs a function of the migration's file, with what it reaches."""
    code = code_of(migration.source)
    for operation in migration.operations:
        if operation.code and operation.inside != "state":
            functions = code.reached(operation.code)
            if functions:
                yield operation, code, functions


def parameters_of(function: Function) -> tuple[str, ...]:
    """Return the names of a function's parameters, in order."""
    arguments = function.args
    return tuple(
        part.arg for part in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    )


def imports_in(nodes: Iterator[ast.AST]) -> dict[str, str]:
    """Return the names that imports among some nodes bind."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for part in node.names:
                bound = part.asname or part.name.partition(".")[0]
                names[bound] = part.name if part.asname else bound
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for part in node.names:
                joint = "" if module.endswith(".") else "."
                names[part.asname or part.name] = f"{module}{joint}{part.name}"
    return names


def dotted(node: ast.AST, names: Mapping[str, str]) -> str:
    """Return the path of a name or attribute of something imported, else ``""``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *reversed(parts)])


def assignments_in(tree: ast.AST, *, deep: bool = True) -> Iterator[tuple[str, ast.expr]]:
    """Return single names with what is assigned to them."""
    for node in ast.walk(tree) if deep else getattr(tree, "body", ()):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            if isinstance(node.target, ast.Name):
                yield node.target.id, node.value
        elif isinstance(node, ast.NamedExpr):
            yield node.target.id, node.value


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
        ):
            waiting += list(ast.iter_child_nodes(node))
