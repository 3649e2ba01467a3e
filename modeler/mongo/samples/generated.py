"""Documents made up by type, changed until the validator accepts them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.evaluator.errors import EvaluationError
from modeler.mongo.evaluator.evaluator import Evaluator
from modeler.mongo.extended import to_bson
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.samples.values import values
from modeler.mongo.service.conventions import soft_deleted
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import Condition, conditions, validator

TRIES = 4_000  # documents judged for one sample
STUCK = 25  # steps without a better one, before a fresh start


@dataclass(frozen=True, slots=True)
class Generated:
    """A sample.

    Attributes:
        document: as pymongo takes it.
        broken: rules that it still breaks, in words; none for a valid one.
    """

    document: dict[str, Any]
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: what holds it, its key there, its path, what may stand there."""

    holder: Any
    key: Any
    path: tuple[Any, ...]
    values: list[Any]


def generated(spec: CollectionSpec, count: int = 1) -> tuple[Generated, ...]:
    """Return samples; equal specifications give equal ones.

    Args:
        spec: of the collection.
        count: how many; their keys differ.

    Raises:
        NotEvaluated: the validator has a part that cannot be judged.
        ConfigurationError: pymongo is not installed.
    """
    evaluator = compile_validator(validator(spec))
    asked = conditions(spec)
    taken: dict[tuple[Any, ...], list[Any]] = {path: [] for path in _unique(spec)}
    return tuple(_one(spec, evaluator, asked, number, taken) for number in range(1, count + 1))


def _unique(spec: CollectionSpec) -> list[tuple[Any, ...]]:
    """Return the paths of fields that no two documents share; arrays hold one row here."""
    many = {part.field for part in spec.parts if part.many}
    found = []
    for index in spec.indexes:
        if index.unique and len(index.keys) == 1:
            first, *rest = index.keys[0][0].split(".")
            found.append((first, *([0] if first in many else []), *rest))
    return found


def _one(
    spec: CollectionSpec,
    evaluator: Evaluator,
    asked: tuple[Condition, ...],
    number: int,
    taken: dict[tuple[Any, ...], list[Any]],
) -> Generated:
    document: dict[str, Any] = {}
    slots = list(_Places(asked, number).root(spec, document))
    for slot in slots:
        free = [one for one in slot.values if one not in taken.get(slot.path, ())]
        if free and len(free) < len(slot.values):
            slot.values[:] = free
            slot.holder[slot.key] = free[0]
    if marked := soft_deleted(spec):
        document[marked[0]] = None if marked[1] else False  # a living one tells more
    chance = random.Random(f"{spec.name} {number}")
    best, best_cost = [slot.holder[slot.key] for slot in slots], _cost(evaluator, document)
    cost, stuck = best_cost, 0
    for _ in range(TRIES):
        if not best_cost or not slots:
            break
        if stuck > STUCK:
            for slot in slots:
                slot.holder[slot.key] = chance.choice(slot.values)
            cost, stuck = _cost(evaluator, document), 0
        else:
            slot = _suspect(slots, evaluator, document, asked, chance)
            before = slot.holder[slot.key]
            slot.holder[slot.key] = chance.choice(slot.values)
            tried = _cost(evaluator, document)
            stuck = 0 if tried < cost else stuck + 1
            # A step to the side is taken: sums need two.
            if tried <= cost:
                cost = tried
            else:
                slot.holder[slot.key] = before
        if cost < best_cost:
            best, best_cost = [slot.holder[slot.key] for slot in slots], cost
    for slot, value in zip(slots, best, strict=True):
        slot.holder[slot.key] = value
        if slot.path in taken:
            taken[slot.path].append(value)
    broken = tuple(_said(one, asked) for one in _broken(evaluator, document))
    return Generated(document, broken)


def _broken(evaluator: Evaluator, document: dict[str, Any]) -> tuple[Any, ...]:
    try:
        return evaluator.broken(document)
    except EvaluationError as error:
        return (error,)


def _cost(evaluator: Evaluator, document: dict[str, Any]) -> int:
    return len(_broken(evaluator, document))


def _said(one: Any, asked: tuple[Condition, ...]) -> str:
    if isinstance(one, EvaluationError):
        return str(one)
    if one.position is not None:
        return asked[one.position].name
    return f"{one.place}: {one.keyword}".lstrip(": ")


def _suspect(
    slots: list[Slot],
    evaluator: Evaluator,
    document: dict[str, Any],
    asked: tuple[Condition, ...],
    chance: random.Random,
) -> Slot:
    """Return a place that a broken rule speaks of."""
    named: set[str] = set()
    paths: list[tuple[Any, ...]] = []
    for one in _broken(evaluator, document):
        if isinstance(one, EvaluationError):
            continue
        if one.position is None:
            paths.append(tuple(one.path))
        else:
            named |= {name for _, name in fields_in(asked[one.position].expression)}
    found = [
        slot
        for slot in slots
        if slot.key in named or any(path[: len(slot.path)] == slot.path for path in paths)
    ]
    # Of a value in an array of values, the condition names the array.
    found += [slot for slot in slots if len(slot.path) > 1 and slot.path[-2] in named]
    return chance.choice(found or slots)


def fields_in(expression: Any) -> Iterator[tuple[str, str]]:
    """Yield the path and the last name of each field that an expression speaks of."""
    if isinstance(expression, str) and expression.startswith("$"):
        path = expression.lstrip("$")
        yield path, path.rpartition(".")[2]
    elif isinstance(expression, dict):
        for name, part in expression.items():
            if name != "$literal":
                yield from fields_in(part)
    elif isinstance(expression, list):
        for part in expression:
            yield from fields_in(part)


def constants_in(expression: Any) -> Iterator[Any]:
    """Yield the constants of an expression, patterns among the texts."""
    if isinstance(expression, dict):
        if len(expression) == 1 and next(iter(expression)) in TYPED:
            yield to_bson(expression)
            return
        for part in expression.values():
            yield from constants_in(part)
    elif isinstance(expression, list):
        for part in expression:
            yield from constants_in(part)
    elif isinstance(expression, int) and not isinstance(expression, bool):
        yield from (expression, expression + 1)
    elif isinstance(expression, str) and not expression.startswith("$"):
        yield expression


TYPED = frozenset({"$numberLong", "$numberDecimal", "$date", "$uuid", "$numberDouble"})


class _Places:
    """Fills a document with first values, and yields where they lie.

    Args:
        asked: conditions, whose constants are tried for the fields that they name.
        number: of the sample.
    """

    def __init__(self, asked: tuple[Condition, ...], number: int) -> None:
        self.number = number
        self.hints: dict[str, list[Any]] = {}
        for condition in asked:
            constants = list(constants_in(condition.expression))
            for _, name in fields_in(condition.expression):
                self.hints.setdefault(name, []).extend(constants)

    def root(self, spec: CollectionSpec, document: dict[str, Any]) -> Iterator[Slot]:
        if len(spec.key) == 1:
            yield self.slot(document, "_id", spec.key[0], ())
        elif spec.key:
            key: dict[str, Any] = {}
            document["_id"] = key
            for field in spec.key:
                name = field.name.removeprefix("_id.")
                yield self.slot(key, name, field, ("_id",))
        yield from self.fields(document, spec.fields, ())
        yield from self.parts(document, spec.parts, ())
        yield from self.fields(document, [one.field for one in spec.computed], ())

    def fields(
        self, holder: dict[str, Any], fields: Iterable[FieldSpec], above: tuple[Any, ...]
    ) -> Iterator[Slot]:
        for field in fields:
            if field.stored:
                yield self.slot(holder, field.name, field, above)

    def slot(self, holder: Any, key: Any, field: FieldSpec, above: tuple[Any, ...]) -> Slot:
        name = field.name.removeprefix("_id.")
        tried = values(field, self.number, self.hints.get(name, ()))
        if isinstance(holder, list):
            holder.append(None)
        holder[key] = tried[0] if tried else None
        return Slot(holder, key, (*above, key), tried or [None])

    def parts(
        self, holder: dict[str, Any], parts: Iterable[PartSpec], above: tuple[Any, ...]
    ) -> Iterator[Slot]:
        for part in parts:
            path = (*above, part.field)
            if part.kind is PartKind.VALUES:
                array: list[Any] = []
                holder[part.field] = array
                yield self.slot(array, 0, part.fields[0], path)
                continue
            row: dict[str, Any] = {}
            holder[part.field] = [row] if part.many else row
            path = (*path, 0) if part.many else path
            yield from self.fields(row, part.fields, path)
            yield from self.parts(row, part.parts, path)
