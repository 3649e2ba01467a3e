"""Query sets in Python code that is read and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modeler.previews.hazards.python_code import Function, assignments_in

MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
# Methods that give a query set again.
CHAINED = frozenset({
    "all", "filter", "exclude", "iterator", "order_by", "select_related", "prefetch_related",
    "only", "defer", "annotate", "alias", "distinct", "using", "values", "values_list", "none",
    "reverse", "select_for_update", "get_queryset",
})  # fmt: skip
# What is put around a query set in the head of a loop.
AROUND = frozenset({"list", "tuple", "enumerate", "reversed", "sorted", "iter", "tqdm"})
ONE_ROW = frozenset({"pk", "id", "pk__exact", "id__exact"})


def query_sets_in(function: Function) -> set[str]:
    """Return the variables that hold a query set."""
    names: set[str] = set()
    for _ in range(2):  # an assignment may come before, in the text, of what it depends on
        for target, value in assignments_in(function):
            if is_query_set(value, names):
                names.add(target)
    return names


def is_query_set(node: ast.AST, names: set[str]) -> bool:
    """Tell whether an expression is a query set of many rows.

    Args:
        node: the expression.
        names: variables that hold one.
    """
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute):
        return node.attr in MANAGERS
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in CHAINED:
        if node.func.attr == "filter" and {key.arg for key in node.keywords} & ONE_ROW:
            return False
        return is_query_set(node.func.value, names)
    return False


def loops_over_rows(function: Function) -> Iterator[ast.For]:
    """Return the loops that take a query set's rows one by one."""
    names = query_sets_in(function)
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            over: ast.AST = node.iter
            while isinstance(over, ast.Call) and over.args:
                called = over.func
                word = called.id if isinstance(called, ast.Name) else ""
                if word not in AROUND:
                    break
                over = over.args[0]
            if is_query_set(over, names):
                yield node


def writes_of_many(function: Function) -> Iterator[tuple[ast.AST, str]]:
    """Return what changes many rows of one query set, with its word.

    ``loop``: rows are saved or deleted one by one; ``update`` and ``delete``: by one statement.
    """
    names = query_sets_in(function)
    for loop in loops_over_rows(function):
        for node in ast.walk(loop):
            if _method(node) in {"save", "delete", "update"}:
                yield loop, "loop"
                break
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"update", "delete"}
            and is_query_set(node.func.value, names)
        ):
            yield node, node.func.attr


def _method(node: ast.AST) -> str:
    """Return the name of the method that a call calls, else ``""``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    return ""


def is_batched(function: Function, node: ast.AST) -> bool:
    """Tell whether a node stands in a loop that goes on by slices or until nothing is left."""
    for loop in ast.walk(function):
        if isinstance(loop, ast.While) and _holds(loop, node):
            return True
        if isinstance(loop, ast.For) and loop is not node and _holds(loop, node):
            called = loop.iter.func if isinstance(loop.iter, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "range":
                return True
    return False


def _holds(loop: ast.AST, node: ast.AST) -> bool:
    return any(found is node for found in ast.walk(loop))
