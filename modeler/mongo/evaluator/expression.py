"""Aggregation expressions, compiled to Python expressions.

Source: MongoDB manual, "Aggregation Expressions"; trials on a server for what it rewrites before
it evaluates: constants among the operands of ``$add``, ``$multiply``, ``$and`` and ``$or`` come
last, folded into one, and the same operator within is spread out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bson.decimal128 import Decimal128

from modeler.mongo.decimals import Number
from modeler.mongo.evaluator.arrays import is_true
from modeler.mongo.evaluator.errors import ExpressionFailed, NotEvaluated
from modeler.mongo.evaluator.kinds import KINDS, MISSING
from modeler.mongo.evaluator.numbers import to_decimal
from modeler.mongo.evaluator.paths import follow, get
from modeler.mongo.evaluator.program import Program


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression.

    Attributes:
        text: the source.
        boolean: its value is always True or False.
        constant: it depends on no document.
        simple: it is a name, so that it may be written twice.
        booleans: an array of nothing but True and False, or null.
        whole: its value is always Python's int, and no more than 32 bits.
    """

    text: str
    boolean: bool = False
    constant: bool = False
    simple: bool = False
    booleans: bool = False
    whole: bool = False

    @property
    def truth(self) -> str:
        """The source of an expression that is true where the value counts as true."""
        return self.text if self.boolean else f"is_true({self.text})"


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one validator.

    Attributes:
        program: holds constants and functions.
        fields: names of the variables that hold fields of the document and of elements, by the
            name of their owner and their own; filled while compiling.
        owners: names of the document and of those elements.
        variables: the expression's own variables, and the names that hold them.
        where: path of the expression within the validator.
        root: name of the variable that holds the document.
    """

    program: Program
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    owners: frozenset[str] = frozenset({"document"})
    where: str = "$expr"
    root: str = "document"

    def at(self, step: str | int) -> Compiler:
        """Return the compiler of a part."""
        return replace(self, where=f"{self.where}.{step}")

    def with_variables(self, names: Mapping[str, str]) -> Compiler:
        """Return a compiler that knows more variables.

        Raises:
            NotEvaluated: one redefines a variable of the system.
        """
        for name in names:
            if not (name[:1].islower() or name[:1] > "\x7f"):
                raise NotEvaluated(self.where, f"the variable {name!r} cannot be defined")
        return replace(self, variables={**self.variables, **names})

    def wrong(self, what: str) -> NotEvaluated:
        """Return the error of this part."""
        return NotEvaluated(self.where, what)

    def compile(self, expression: Any) -> Code:
        """Compile an expression of BSON values.

        Raises:
            NotEvaluated: the evaluator does not know an operator, or the server would refuse it.
        """
        if isinstance(expression, str):
            return self._text(expression)
        if isinstance(expression, dict):
            if len(expression) == 1 and next(iter(expression)).startswith("$"):
                ((operator, argument),) = expression.items()
                from modeler.mongo.evaluator.operators import OPERATORS

                make = OPERATORS.get(operator)
                if make is None:
                    raise self.at(operator).wrong("the operator is not known")
                return make(self.at(operator), argument)
            return self._document(expression)
        if isinstance(expression, list):
            parts = [self.at(n).compile(part) for n, part in enumerate(expression)]
            values = ", ".join(f"unmissed({part.text})" for part in parts)
            return Code(f"[{values}]", constant=all(part.constant for part in parts))
        return self.literal(expression)

    def literal(self, value: Any) -> Code:
        """Return a constant."""
        if value is None or value is True or value is False or type(value) is int:
            text = f"({value})" if type(value) is int else str(value)
            boolean = isinstance(value, bool)
            return Code(text, boolean=boolean, constant=True, simple=True)
        if type(value) is str:
            return Code(repr(value), constant=True, simple=True)
        if isinstance(value, Decimal128):
            value = to_decimal(value)
        KINDS[type(value)]
        return Code(self.program.constant(value), constant=True, simple=True)

    def value(self, code: Code) -> Any:
        """Return the value of a constant.

        Raises:
            NotEvaluated: it fails, so that the server refuses the validator.
        """
        try:
            return eval(code.text, self.program.names)
        except ExpressionFailed as error:
            raise self.wrong(f"a constant fails: {error}") from error

    def folded(self, code: Code) -> Code:
        """Return a constant as its value."""
        return code if code.simple else self.literal(self.value(code))

    def truth(self, code: Code) -> bool:
        """Tell whether a constant counts as true."""
        return is_true(self.value(code))

    def bound(self, code: Code) -> tuple[str, str]:
        """Return an expression that also names its value, and that name."""
        if code.constant and code.simple:
            name = self.program.constant(self.value(code))
            return name, name
        if code.simple:
            return code.text, code.text
        name = self.program.name("v")
        return f"({name} := {code.text})", name

    def _document(self, expression: dict[str, Any]) -> Code:
        parts = []
        for name, part in expression.items():
            if name.startswith("$") or "." in name:
                raise self.wrong(f"{name!r} is no field of a document")
            parts.append(f"({name!r}, {self.at(name).compile(part).text})")
        return Code(f"document_of(({', '.join(parts)},))" if parts else "{}")

    def _text(self, text: str) -> Code:
        if text.startswith("$$"):
            name, *steps = text[2:].split(".")
            if name in ("ROOT", "CURRENT"):
                return self._path(steps)
            if name == "REMOVE" and not steps:
                return Code("MISSING", constant=True, simple=True)
            held = self.variables.get(name)
            if held is None:
                raise self.wrong(f"the variable $${name} is not known")
            return self._within(held, steps)
        if text.startswith("$"):
            return self._path(text[1:].split("."))
        return Code(repr(text), constant=True, simple=True)

    def _path(self, steps: list[str]) -> Code:
        if not steps:
            return Code(self.root, simple=True)
        return self._within(self.root, steps)

    def _within(self, held: str, steps: list[str]) -> Code:
        if not steps:
            return Code(held, simple=True)
        self._checked(steps)
        if held in self.owners:
            place = (held, steps[0])
            if place not in self.fields:
                self.fields[place] = self.program.name("field")
            held, steps = self.fields[place], steps[1:]
            if not steps:
                return Code(held, simple=True)
        if len(steps) == 1:
            return Code(f"get({held}, {steps[0]!r})")
        return Code(f"follow({held}, {tuple(steps)!r})")

    def _checked(self, steps: list[str]) -> list[str]:
        if not all(steps) or any(step.startswith("$") or "\0" in step for step in steps):
            raise self.wrong(f"{'.'.join(steps)!r} is no path of fields")
        return steps

    def owning(self, element: str) -> Compiler:
        """Return a compiler that reads the fields of an array's element once."""
        return replace(self, owners=self.owners | {element})

    def reads(self, owner: str) -> list[tuple[str, list[str]]]:
        """Return variables for the fields of an owner, each with its values in turn.

        The second turns decimals into ``Decimal``, which compare and add.
        """
        found = []
        for place in [place for place in self.fields if place[0] == owner]:
            held, name = self.fields.pop(place), place[1]
            read = f"{owner}.get({name!r}, MISSING)"
            if owner != self.root:
                read = f"{read} if type({owner}) is dict else get({owner}, {name!r})"
            turned = (
                f"{held}.decimal if type({held}) is Number else "
                f"to_decimal({held}) if type({held}) is Decimal128 else {held}"
            )
            found.append((held, [read, turned]))
        return found

    def function(self, code: Code) -> Callable[[Any], bool]:
        """Return a function of a document, true where an expression counts as true."""
        lines = [f"{held} = {value}" for held, values in self.reads(self.root) for value in values]
        name = self.program.function([self.root], [*lines, f"return {code.truth}"])
        return self.program.made(name)


def unmissed(value: Any) -> Any:
    """Return null for no value, as it becomes within an array."""
    return None if value is MISSING else value


def _document_of(pairs: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value is not MISSING}


Operator = Callable[[Compiler, Any], Code]
# What the source of every expression may name.
RUNTIME: dict[str, Any] = {
    "Decimal128": Decimal128,
    "MISSING": MISSING,
    "Number": Number,
    "document_of": _document_of,
    "follow": follow,
    "get": get,
    "is_true": is_true,
    "to_decimal": to_decimal,
    "unmissed": unmissed,
}
