"""Keywords of ``$jsonSchema`` that hold schemas, and those that name properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from modeler.mongo.evaluator.broken import Broken, Path
from modeler.mongo.evaluator.errors import NotEvaluated
from modeler.mongo.evaluator.keywords import searcher
from modeler.mongo.evaluator.kinds import KINDS, MISSING
from modeler.mongo.evaluator.schema import Keyword, Maker, Node, compile_schema


def _is_object(value: Any) -> bool:
    return KINDS[type(value)] == "object"


def _is_array(value: Any) -> bool:
    return KINDS[type(value)] == "array"


def schemas_by_name(told: Any, where: str) -> dict[str, Node]:
    """Compile a document of schemas."""
    if not isinstance(told, Mapping):
        raise NotEvaluated(where, "it has to be a document of schemas")
    for name in told:
        if "." in name:
            raise NotEvaluated(where, f"the server reads {name!r} as a path, not as a field")
    return {name: compile_schema(inner, f"{where}.{name}") for name, inner in told.items()}


def schemas_in_list(told: Any, where: str) -> tuple[Node, ...]:
    """Compile a list of schemas."""
    if not isinstance(told, list) or not told:
        raise NotEvaluated(where, "it has to be a list with a schema in it")
    return tuple(compile_schema(inner, f"{where}.{n}") for n, inner in enumerate(told))


def properties(nodes: Mapping[str, Node]) -> Keyword:
    def accepts(value: Any) -> bool:
        if not _is_object(value):
            return True
        return all(
            (held := value.get(name, MISSING)) is MISSING or node.accepts(held)
            for name, node in nodes.items()
        )

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if _is_object(value):
            for name, node in nodes.items():
                if (held := value.get(name, MISSING)) is not MISSING:
                    yield from node.broken(held, (*path, name))

    return Keyword("properties", accepts, broken)


def items(node: Node) -> Keyword:
    def accepts(value: Any) -> bool:
        return not _is_array(value) or all(map(node.accepts, value))

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if _is_array(value):
            for place, one in enumerate(value):
                yield from node.broken(one, (*path, place))

    return Keyword("items", accepts, broken)


def items_by_place(told: Any, where: str) -> Keyword:
    if not isinstance(told, list):
        raise NotEvaluated(where, "it has to be a schema or a list of schemas")
    nodes = [compile_schema(inner, f"{where}.{n}") for n, inner in enumerate(told)]

    def accepts(value: Any) -> bool:
        if not _is_array(value):
            return True
        return all(node.accepts(one) for node, one in zip(nodes, value, strict=False))

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if _is_array(value):
            for place, (node, one) in enumerate(zip(nodes, value, strict=False)):
                yield from node.broken(one, (*path, place))

    return Keyword("items", accepts, broken)


def _additional_items(told: Mapping[str, Any], where: str) -> Keyword | None:
    """Bites only beside a list of schemas, and on what comes after them."""
    inner = _surplus(told["additionalItems"], where)
    if inner is True or not isinstance(told.get("items"), list):
        return None
    start = len(told["items"])

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if not _is_array(value):
            return
        for place, one in enumerate(value[start:], start):
            if isinstance(inner, Node):
                yield from inner.broken(one, (*path, place))
            else:
                yield Broken((*path, place), "additionalItems")

    return Keyword("additionalItems", _by(broken), broken)


def _surplus(told: Any, where: str) -> bool | Node:
    return told if isinstance(told, bool) else compile_schema(told, where)


def _by(broken: Callable[[Any, Path], Iterator[Broken]]) -> Callable[[Any], bool]:
    """Return the verdict of what names the broken rules."""
    return lambda value: next(broken(value, ()), None) is None


def all_of(nodes: Sequence[Node]) -> Keyword:
    def broken(value: Any, path: Path) -> Iterator[Broken]:
        for node in nodes:
            yield from node.broken(value, path)

    return Keyword("allOf", lambda value: all(node.accepts(value) for node in nodes), broken)


def _any_of(told: Mapping[str, Any], where: str) -> Keyword:
    nodes = schemas_in_list(told["anyOf"], where)
    return Keyword("anyOf", lambda value: any(node.accepts(value) for node in nodes))


def _one_of(told: Mapping[str, Any], where: str) -> Keyword:
    nodes = schemas_in_list(told["oneOf"], where)
    return Keyword("oneOf", lambda value: sum(node.accepts(value) for node in nodes) == 1)


def _not(told: Mapping[str, Any], where: str) -> Keyword:
    node = compile_schema(told["not"], where)
    return Keyword("not", lambda value: not node.accepts(value))


def names(told: Any, where: str) -> tuple[str, ...]:
    """Return a list of properties' names."""
    if not isinstance(told, list) or not told or not all(isinstance(one, str) for one in told):
        raise NotEvaluated(where, "it has to be a list of names")
    if len(set(told)) < len(told):
        raise NotEvaluated(where, "it has a name twice")
    if dotted := [one for one in told if "." in one]:
        raise NotEvaluated(where, f"the server reads {dotted[0]!r} as a path, not as a field")
    return tuple(told)


def _required(told: Mapping[str, Any], where: str) -> Keyword:
    needed = names(told["required"], where)

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if _is_object(value):
            yield from (Broken((*path, n), "required") for n in needed if n not in value)

    return Keyword("required", _by(broken), broken)


def _pattern_properties(told: Mapping[str, Any], where: str) -> Keyword:
    nodes = _by_pattern(told["patternProperties"], where)

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if _is_object(value):
            for name, held in value.items():
                for search, node in nodes:
                    if search(name) is not None:
                        yield from node.broken(held, (*path, name))

    return Keyword("patternProperties", _by(broken), broken)


def _by_pattern(told: Any, where: str) -> list[tuple[Callable[[str], Any], Node]]:
    if not isinstance(told, Mapping):
        raise NotEvaluated(where, "it has to be a document of schemas")
    return [
        (searcher(pattern, f"{where}.{pattern}"), compile_schema(inner, f"{where}.{pattern}"))
        for pattern, inner in told.items()
    ]


def _additional_properties(told: Mapping[str, Any], where: str) -> Keyword | None:
    inner = _surplus(told["additionalProperties"], where)
    if inner is True:
        return None
    known = frozenset(told.get("properties", ()))
    patterns = told.get("patternProperties", {})
    searches = [searcher(pattern, where) for pattern in patterns]

    def broken(value: Any, path: Path) -> Iterator[Broken]:
        if not _is_object(value):
            return
        for name, held in value.items():
            if name in known or any(search(name) is not None for search in searches):
                continue
            if isinstance(inner, Node):
                yield from inner.broken(held, (*path, name))
            else:
                yield Broken((*path, name), "additionalProperties")

    return Keyword("additionalProperties", _by(broken), broken)


def _dependencies(told: Mapping[str, Any], where: str) -> Keyword:
    given = told["dependencies"]
    if not isinstance(given, Mapping):
        raise NotEvaluated(where, "it has to be a document")
    demands = {
        name: names(one, f"{where}.{name}")
        if isinstance(one, list)
        else compile_schema(one, f"{where}.{name}")
        for name, one in given.items()
    }

    def accepts(value: Any) -> bool:
        if not _is_object(value):
            return True
        return all(
            demand.accepts(value)
            if isinstance(demand, Node)
            else all(needed in value for needed in demand)
            for name, demand in demands.items()
            if name in value
        )

    return Keyword("dependencies", accepts)


MAKERS: dict[str, Maker] = {
    "required": _required,
    "additionalItems": _additional_items,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "dependencies": _dependencies,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
}
