"""``$jsonSchema``: a tree of schemas, each the keywords that a value has to fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modeler.mongo.evaluator import keywords
from modeler.mongo.evaluator.broken import Broken, Path
from modeler.mongo.evaluator.errors import NotEvaluated
from modeler.mongo.evaluator.keywords import Predicate

Descent = Callable[[Any, Path], Iterator[Broken]]


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword of a schema.

    Attributes:
        name: of the keyword.
        accepts: judges a value of any type.
        descent: names what is broken, where that is more than the keyword itself.
    """

    name: str
    accepts: Predicate
    descent: Descent | None = None

    def broken(self, value: Any, path: Path) -> Iterator[Broken]:
        """Yield what the value breaks."""
        if self.descent is not None:
            yield from self.descent(value, path)
        elif not self.accepts(value):
            yield Broken(path, self.name)


@dataclass(frozen=True, slots=True)
class Node:
    """A schema.

    Attributes:
        told: the schema as it was given.
        kinds: names of the types that it allows, None for any.
        keywords: what it demands.
        properties: the schemas of ``properties``, by name.
        items: the schema of all items, None where there is none or one for each place.
        all_of: the schemas of ``allOf``.
    """

    told: Mapping[str, Any]
    kinds: frozenset[str] | None
    keywords: tuple[Keyword, ...]
    properties: Mapping[str, Node]
    items: Node | None
    all_of: tuple[Node, ...]

    def accepts(self, value: Any) -> bool:
        """Tell whether a value fulfils all keywords."""
        return all(keyword.accepts(value) for keyword in self.keywords)

    def broken(self, value: Any, path: Path) -> Iterator[Broken]:
        """Yield what a value breaks, here and inside."""
        for keyword in self.keywords:
            yield from keyword.broken(value, path)


def compile_schema(told: Any, where: str) -> Node:
    """Compile a schema of BSON values.

    Raises:
        NotEvaluated: it has a keyword that is not known, or one that the server refuses.
    """
    from modeler.mongo.evaluator import containers

    if not isinstance(told, Mapping):
        raise NotEvaluated(where, "a schema has to be a document")
    kinds = keywords.kinds_of(told, where)
    found: list[Keyword] = []
    if kinds is not None:
        word = "bsonType" if "bsonType" in told else "type"
        found.append(Keyword(word, keywords.bson_type(kinds)))
    properties: Mapping[str, Node] = {}
    items: Node | None = None
    all_of: tuple[Node, ...] = ()
    for name, value in told.items():
        place = f"{where}.{name}"
        match name:
            case "bsonType" | "type":
                continue
            case "title" | "description":
                if not isinstance(value, str):
                    raise NotEvaluated(place, "it has to be a text")
                continue
            case "properties":
                properties = containers.schemas_by_name(value, place)
                found.append(containers.properties(properties))
            case "items" if isinstance(value, Mapping):
                items = compile_schema(value, place)
                found.append(containers.items(items))
            case "items":
                found.append(containers.items_by_place(value, place))
            case "allOf":
                all_of = containers.schemas_in_list(value, place)
                found.append(containers.all_of(all_of))
            case _:
                make = MAKERS.get(name) or containers.MAKERS.get(name)
                if make is None:
                    raise NotEvaluated(place, f"the keyword {name} is not known")
                made = make(told, place)
                if made is not None:
                    found.append(made)
    return Node(told, kinds, tuple(found), properties, items, all_of)


Maker = Callable[[Mapping[str, Any], str], Keyword | None]


def _bound(name: str, *, lower: bool) -> Maker:
    flag = f"exclusive{name[0].upper()}{name[1:]}"

    def make(told: Mapping[str, Any], where: str) -> Keyword:
        limit = keywords.number(told[name], where)
        exclusive = told.get(flag) is True
        return Keyword(name, keywords.bound(limit, lower=lower, exclusive=exclusive))

    return make


def _flag(name: str) -> Maker:
    beside = name.removeprefix("exclusive").lower()

    def make(told: Mapping[str, Any], where: str) -> None:
        if not isinstance(told[name], bool):
            raise NotEvaluated(where, f"it has to be true or false, beside {beside}")
        if beside not in told:
            raise NotEvaluated(where, f"{beside} has to stand beside it")

    return make


def _length(name: str, *, lower: bool) -> Maker:
    return lambda told, where: Keyword(
        name, keywords.length(keywords.count(told[name], where), lower=lower)
    )


def _size(name: str, of: str, *, lower: bool) -> Maker:
    return lambda told, where: Keyword(
        name, keywords.size(keywords.count(told[name], where), of=of, lower=lower)
    )


def _valued(name: str, make: Callable[[Any, str], Predicate]) -> Maker:
    return lambda told, where: Keyword(name, make(told[name], where))


def _unique(told: Mapping[str, Any], where: str) -> Keyword | None:
    if not isinstance(told["uniqueItems"], bool):
        raise NotEvaluated(where, "it has to be true or false")
    return Keyword("uniqueItems", keywords.unique_items) if told["uniqueItems"] else None


MAKERS: dict[str, Maker] = {
    "minimum": _bound("minimum", lower=True),
    "maximum": _bound("maximum", lower=False),
    "exclusiveMinimum": _flag("exclusiveMinimum"),
    "exclusiveMaximum": _flag("exclusiveMaximum"),
    "multipleOf": _valued("multipleOf", keywords.multiple_of),
    "minLength": _length("minLength", lower=True),
    "maxLength": _length("maxLength", lower=False),
    "pattern": _valued("pattern", keywords.pattern),
    "enum": _valued("enum", keywords.enum),
    "minItems": _size("minItems", "array", lower=True),
    "maxItems": _size("maxItems", "array", lower=False),
    "uniqueItems": _unique,
    "minProperties": _size("minProperties", "object", lower=True),
    "maxProperties": _size("maxProperties", "object", lower=False),
}
