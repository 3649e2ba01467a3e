"""The file of a migration, taken apart so that its pieces can be put into others as they stand."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from modeler.previews.remedies.change import NoRemedy


@dataclass(frozen=True, slots=True)
class Original:
    """A migration's source in pieces.

    Attributes:
        imports: its import statements.
        definitions: what else stands at the top, by the names that it binds.
        operations: the text of each operation.
        calls: each operation's tree.
        dependencies: the text of ``dependencies``, ``[]`` where there are none.
        run_before: likewise, ``""`` where there is none.
    """

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    definitions: tuple[tuple[frozenset[str], str], ...]
    operations: tuple[str, ...]
    calls: tuple[ast.expr, ...]
    dependencies: str = "[]"
    run_before: str = ""

    def needed_by(self, texts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the definitions and the import lines that texts of Python need."""
        names = {name for text in texts for name in _names(text)}
        chosen: list[str] = []
        for _ in self.definitions:
            for bound, text in self.definitions:
                if bound & names and text not in chosen:
                    chosen.append(text)
                    names |= _names(text)
        ordered = tuple(text for _, text in self.definitions if text in chosen)
        return ordered, tuple(filter(None, (_import(node, names) for node in self.imports)))


def read_original(source: str, count: int) -> Original:
    """Read a migration's source.

    Args:
        source: of a file, or as ``makemigrations`` would write it.
        count: how many operations the loaded migration has.

    Raises:
        NoRemedy: its operations are no plain list, so that none can be taken out.
    """
    if not source:
        raise NoRemedy("its file cannot be read")
    tree = ast.parse(source)
    imports, definitions = [], []
    attributes: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Import() | ast.ImportFrom():
                imports.append(node)
            case ast.ClassDef(name="Migration", body=body):
                for line in body:
                    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                        attributes[line.targets[0].id] = line.value
            case ast.Expr():
                continue  # the docstring
            case _:
                definitions.append((_bound(node), _text(source, node)))
    operations = attributes.get("operations")
    if not isinstance(operations, (ast.List, ast.Tuple)) or len(operations.elts) != count:
        raise NoRemedy("its operations are computed, so that none can be taken out")
    if any(isinstance(element, ast.Starred) for element in operations.elts):
        raise NoRemedy("its operations are computed, so that none can be taken out")

    def attribute(name: str, default: str) -> str:
        return _text(source, attributes[name], comments=False) if name in attributes else default

    return Original(
        tuple(imports),
        tuple(definitions),
        tuple(_text(source, element) for element in operations.elts),
        tuple(operations.elts),
        attribute("dependencies", "[]"),
        attribute("run_before", ""),
    )


def called_as(original: Original, position: int, name: str) -> str:
    """Return an operation's text as a call of another class with the same arguments."""
    call, text = original.calls[position], original.operations[position]
    called = ast.unparse(call.func) + "(" if isinstance(call, ast.Call) else ""
    if not called or called not in text:
        raise NoRemedy("its operations are computed, so that none can be taken out")
    return text.replace(called, f"{name}(", 1)


def _text(source: str, node: ast.AST, *, comments: bool = True) -> str:
    """Return a node's own text without its indentation, with the comments right above it."""
    lines = source.splitlines()
    decorators = getattr(node, "decorator_list", ())
    first = min([node.lineno, *(found.lineno for found in decorators)])  # type: ignore[attr-defined]
    indent = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    if decorators:
        text = "\n".join(lines[first - 1 : node.end_lineno])  # type: ignore[attr-defined]
    else:
        text = ast.get_source_segment(source, node) or ""
    above: list[str] = []
    while comments and first >= 2 and lines[first - 2].lstrip().startswith("#"):
        above.insert(0, lines[first - 2])
        first -= 1
    return _dedented("\n".join([*above, text]), indent)


def _dedented(segment: str, indent: str) -> str:
    return "\n".join(
        line.removeprefix(indent) if line.startswith(indent) else line.lstrip()
        for line in segment.split("\n")
    )


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _bound(node: ast.stmt) -> frozenset[str]:
    match node:
        case (
            ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name)
        ):
            return frozenset({name})
    return frozenset(
        found.id
        for found in ast.walk(node)
        if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store)
    )


def _import(node: ast.Import | ast.ImportFrom, names: set[str]) -> str:
    used = [
        alias
        for alias in node.names
        if (alias.asname or alias.name.partition(".")[0]) in names or alias.name == "*"
    ]
    if not used:
        return ""
    kept = ast.Import(used) if isinstance(node, ast.Import) else ast.ImportFrom(
        node.module, used, node.level
    )  # fmt: skip
    return ast.unparse(kept)
