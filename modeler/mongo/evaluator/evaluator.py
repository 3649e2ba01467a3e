"""A validator, compiled once, that judges documents as the server does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bson import json_util
from bson.objectid import ObjectId

from modeler.mongo.evaluator.broken import Broken
from modeler.mongo.evaluator.errors import ExpressionFailed, NotEvaluated
from modeler.mongo.evaluator.expression import RUNTIME, Compiler
from modeler.mongo.evaluator.inline import Inliner
from modeler.mongo.evaluator.merging import merged
from modeler.mongo.evaluator.program import Program
from modeler.mongo.evaluator.query import compile_path
from modeler.mongo.evaluator.schema import Node, compile_schema

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One part of a validator.

    Attributes:
        accepts: judges a document that has ``_id``; raises ExpressionFailed as the server would.
        keyword: the operator that it comes from.
        path: of the field, ``()`` for the whole.
        position: of a condition of ``$expr``.
        node: the schema of ``$jsonSchema``.
    """

    accepts: Test
    keyword: str
    path: tuple[str, ...] = ()
    position: int | None = None
    node: Node | None = None

    def broken(self, document: Any) -> Iterator[Broken]:
        """Yield what a document breaks of it."""
        if self.node is not None:
            yield from self.node.broken(document, ())
            return
        try:
            if self.accepts(document):
                return
            reason = ""
        except ExpressionFailed as error:
            reason = str(error)
        yield Broken(self.path, self.keyword, self.position, reason)


class Evaluator:
    """Judges documents; made by ``compile_validator``.

    A document is a mapping of Python's values as pymongo takes them. One without ``_id`` is judged
    as the server does, which gives it an ObjectId.
    """

    __slots__ = ("_rules", "_test")

    def __init__(self, rules: tuple[Rule, ...], test: Test) -> None:
        self._rules, self._test = rules, test

    def accepts(self, document: Mapping[str, Any]) -> bool:
        """Tell whether the server would store the document.

        Raises:
            EvaluationError: it has a value that pymongo could not encode, or that only the server
                can judge.
        """
        if "_id" not in document:
            document = {"_id": ObjectId(), **document}
        try:
            return self._test(document)
        except ExpressionFailed:
            return False

    def broken(self, document: Mapping[str, Any]) -> tuple[Broken, ...]:
        """Return the rules that the document breaks, in the validator's order; none if accepted.

        Raises:
            EvaluationError: see ``accepts``.
        """
        if "_id" not in document:
            document = {"_id": ObjectId(), **document}
        return tuple(dict.fromkeys(one for rule in self._rules for one in rule.broken(document)))


def compiled(validator: Mapping[str, Any]) -> Evaluator:
    """Compile a validator; see ``modeler.mongo.evaluator.compile_validator``."""
    options = json_util.JSONOptions(
        json_mode=json_util.JSONMode.CANONICAL, uuid_representation=4, tz_aware=False
    )
    loaded = json_util.loads(json.dumps(validator), json_options=options)
    rules, test = _Builder().conjunction(loaded, "")
    return Evaluator(tuple(rules), test)


class _Builder:
    """Compiles the parts of one validator."""

    def __init__(self) -> None:
        self.program = Program(RUNTIME)
        self.conditions = 0

    def conjunction(self, query: Any, where: str) -> tuple[list[Rule], Test]:
        """Return the rules of a query, and the test of all of them in their order."""
        if not isinstance(query, Mapping):
            raise NotEvaluated(where, "a condition has to be a document")
        rules: list[Rule] = []
        tests: list[Test] = []
        for name, value in query.items():
            place = f"{where}.{name}" if where else name
            match name:
                case "$jsonSchema":
                    found, test = self._schema(value, place)
                case "$expr":
                    found, test = self._expression(value, place)
                case "$and":
                    found, test = self._and(value, place)
                case "$or" | "$nor":
                    found, test = self._or(name, value, place)
                case "$comment":
                    continue
                case _ if name.startswith("$"):
                    raise NotEvaluated(place, f"the operator {name} is not known")
                case _:
                    test = compile_path(name, value, place)
                    found = [Rule(test, _operator(value), tuple(name.split(".")))]
            rules += found
            tests.append(test)
        return rules, self._all(tests)

    def _all(self, tests: list[Test]) -> Test:
        if len(tests) == 1:
            return tests[0]
        calls = [f"{self.program.constant(test)}(document)" for test in tests]
        body = f"return {' and '.join(calls) or 'True'}"
        return self.program.made(self.program.function(["document"], [body]))

    def _schema(self, told: Any, where: str) -> tuple[list[Rule], Test]:
        node = compile_schema(told, where)
        inliner = Inliner(self.program)
        source = inliner.test(node, "document")
        name = self.program.function(["document"], [f"return {source}"])
        test = self.program.made(name)
        return [Rule(node.accepts, "$jsonSchema", node=node)], test

    def _expression(self, told: Any, where: str) -> tuple[list[Rule], Test]:
        parts = [told]
        if isinstance(told, Mapping) and tuple(told) == ("$and",):
            listed = told["$and"]
            parts = listed if isinstance(listed, list) else [listed]
        rules = []
        for number, part in enumerate(parts):
            compiler = Compiler(self.program, where=f"{where}.$and.{number}")
            test = compiler.function(compiler.compile(part))
            rules.append(Rule(test, "$expr", position=self.conditions))
            self.conditions += 1
        whole = Compiler(self.program, where=where)
        return rules, whole.function(whole.compile({"$and": merged(parts)}))

    def _and(self, told: Any, where: str) -> tuple[list[Rule], Test]:
        rules: list[Rule] = []
        tests: list[Test] = []
        for number, part in enumerate(_listed(told, where)):
            found, test = self.conjunction(part, f"{where}.{number}")
            rules += found
            tests.append(test)
        return rules, self._all(tests)

    def _or(self, name: str, told: Any, where: str) -> tuple[list[Rule], Test]:
        before = self.conditions
        tests = [
            self.conjunction(part, f"{where}.{number}")[1]
            for number, part in enumerate(_listed(told, where))
        ]
        self.conditions = before  # no single condition within decides

        def some(document: Any) -> bool:
            return any(test(document) for test in tests)

        test = some if name == "$or" else (lambda document: not some(document))
        return [Rule(test, name)], test


def _listed(told: Any, where: str) -> list[Any]:
    if not isinstance(told, list) or not told:
        raise NotEvaluated(where, "it needs a list with a condition in it")
    return told


def _operator(condition: Any) -> str:
    if isinstance(condition, Mapping):
        return next((name for name in condition if name.startswith("$")), "$eq")
    return "$eq"
