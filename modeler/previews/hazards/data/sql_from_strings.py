"""SQL that Python code puts together from values. Source: Django manual, Performing raw SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.python_code import (
    Function,
    PythonCode,
    assignments_in,
    code_operations,
    parameters_of,
)
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.finding import Finding, Level

RUNS_SQL = frozenset({"execute", "executemany", "raw"})
# Calls whose result is safe to put into SQL, or a number.
SAFE_CALLS = frozenset({"quote_name", "quote_value", "int", "float", "len", "get_field"})
# Names that Django itself has checked or made.
SAFE_ATTRIBUTES = frozenset({"db_table", "column", "attname", "db_tablespace"})


@HAZARDS.register
class SqlFromStrings(Hazard):
    code = "MP606"
    slug = "sql-from-strings"
    title = "SQL is put together from values"
    level = Level.WARNING
    hint = "Pass values as parameters, and names through schema_editor.quote_name."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for operation, code, functions in code_operations(migration):
            for function in functions:
                values = _values(function, code)
                for node in ast.walk(function):
                    if (
                        isinstance(node, ast.Call)
                        and isinstance(node.func, ast.Attribute)
                        and node.func.attr in RUNS_SQL
                        and node.args
                        and _is_built(node.args[0], values)
                    ):
                        yield self.found(
                            migration,
                            operation.position,
                            f"{function.name}.{node.func.attr}",
                            f"{function.name} puts SQL together from values: one with a quote in "
                            "it breaks the statement or changes what it does.",
                            evidence=(("Python", ast.unparse(node)),),
                        )
                        break


Values = Mapping[str, list[ast.expr] | None]


def _values(function: Function, code: PythonCode) -> Values:
    """Return what names may stand for; None where anything."""
    values: dict[str, list[ast.expr] | None] = {
        name: None if value is None else [value] for name, value in code.constants.items()
    }
    values |= dict.fromkeys(parameters_of(function))
    for target, value in assignments_in(function):
        known = values.get(target, [])
        values[target] = None if known is None else [*known, value]
    for node in ast.walk(function):
        # A loop over something written out takes each of its members.
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            over = node.iter
            if isinstance(over, ast.Name):
                found = values.get(over.id)
                over = found[0] if found and len(found) == 1 else over
            written = isinstance(over, ast.List | ast.Tuple | ast.Set)
            values[node.target.id] = list(over.elts) if written else None  # type: ignore[attr-defined]
    return values


def _is_built(node: ast.expr, values: Values, depth: int = 5) -> bool:
    """Tell whether an expression is text with something unsafe put into it."""
    if not depth:
        return False
    if isinstance(node, ast.Name):
        return any(_is_built(found, values, depth - 1) for found in values.get(node.id) or ())
    if isinstance(node, ast.JoinedStr):
        return any(
            isinstance(part, ast.FormattedValue) and not _is_safe(part.value, values, depth)
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        if not (_is_text(node.left, values) or _is_text(node.right, values)):
            return _is_built(node.left, values, depth - 1)
        return not (_is_safe(node.left, values, depth) and _is_safe(node.right, values, depth))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and _is_text(node.func.value, values)
    ):
        return not all(
            _is_safe(part, values, depth)
            for part in (*node.args, *(key.value for key in node.keywords))
        )
    return False


def _is_text(node: ast.expr, values: Values) -> bool:
    if isinstance(node, ast.Name):
        found = values.get(node.id)
        return bool(found) and all(_is_text(one, values) for one in found or () if one is not node)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_safe(node: ast.expr, values: Values, depth: int) -> bool:
    if not depth:
        return False
    match node:
        case ast.Constant():
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_is_safe(part, values, depth) for part in parts)
        case ast.Dict(values=parts):
            return all(_is_safe(part, values, depth) for part in parts)
        case ast.Name(id=name):
            found = values.get(name)
            return bool(found) and all(_is_safe(one, values, depth - 1) for one in found or ())
        case ast.Attribute(attr=attribute):
            return attribute in SAFE_ATTRIBUTES
        case ast.JoinedStr(values=parts):
            return all(
                _is_safe(
                    part.value if isinstance(part, ast.FormattedValue) else part, values, depth
                )
                for part in parts
            )
        case ast.BinOp(left=left, right=right):
            return _is_safe(left, values, depth) and _is_safe(right, values, depth)
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name in SAFE_CALLS
    return False
