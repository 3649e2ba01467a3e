"""The file of a migration, taken apart so that its pieces can be put into others as they stand."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from modeler.previews.remedies.safe_changes import NoRemedy


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
        return _text(source, attributes[name]) if name in attributes else default

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
    if not isinstance(call, ast.Call):
        raise NoRemedy("its operations are computed, so that none can be taken out")
    return name + text[text.index("(") :]


def _text(source: str, node: ast.AST) -> str:
    lines = source.splitlines(keepends=True)
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])  # type: ignore[attr-defined]
    if node.col_offset == 0 and hasattr(node, "body"):  # type: ignore[attr-defined]
        return "".join(lines[start - 1 : node.end_lineno]).rstrip()  # type: ignore[attr-defined]
    segment = ast.get_source_segment(source, node) or ""
    indent = " " * (len(lines[start - 1]) - len(lines[start - 1].lstrip()))
    first, newline, rest = segment.partition("\n")
    return first + newline + textwrap.dedent(rest) if not indent else _dedented(segment, indent)


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
