"""The source of a schema's test: what the usual types need written out, the tree for the rest.

A test that is written out may say no too often, never yes wrongly: the tree has the last word.
"""

from __future__ import annotations

import datetime
import uuid
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any

from bson.binary import Binary
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.objectid import ObjectId

from modeler.mongo.decimals import BIAS, Number
from modeler.mongo.evaluator import keywords
from modeler.mongo.evaluator.kinds import INT32, INT64, MISSING
from modeler.mongo.evaluator.numbers import EXACT, HIGH, KEEPS_WORDS, LOW, numeric
from modeler.mongo.evaluator.program import Program
from modeler.mongo.evaluator.schema import Node
from modeler.mongo.uuids import Uuid

NUMERIC = frozenset({"minimum", "maximum", "multipleOf"})
TEXTUAL = frozenset({"minLength", "maxLength", "pattern"})
OF_ARRAYS = frozenset({"items", "additionalItems", "minItems", "maxItems", "uniqueItems"})
OF_OBJECTS = frozenset({
    "required", "properties", "patternProperties", "additionalProperties", "minProperties",
    "maxProperties", "dependencies",
})  # fmt: skip
TYPED = NUMERIC | TEXTUAL | OF_ARRAYS | OF_OBJECTS
TYPES = frozenset({"bsonType", "type"})
WORD = 2**64 - 1
PLAIN: dict[str, tuple[type, ...]] = {
    "bool": (bool,), "date": (datetime.datetime,), "objectId": (ObjectId,),
    "binData": (Uuid, Binary, uuid.UUID, bytes),
}  # fmt: skip


class Inliner:
    """Writes the tests of one validator's schemas."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def test(self, node: Node, value: str) -> str:
        """Return the source of a test of what a name holds."""
        hold = self.program.constant
        if not node.keywords:
            return "True"
        slow = f"{hold(node.accepts)}({value})"
        if node.kinds is None:
            return slow
        alternatives = [self._of_kind(node, name, value) for name in sorted(node.kinds)]
        return f"({' or '.join([*(one for one in alternatives if one), slow])})"

    def _of_kind(self, node: Node, name: str, value: str) -> str:
        """Return the test of a value of one type, ``""`` where nothing is written out."""
        typed = self._typed(node, name, value)
        if not typed:
            return ""
        others = self._any_type(node, name, value)
        return f"{' and '.join([typed, *others])}"

    def _typed(self, node: Node, name: str, value: str) -> str:
        hold = self.program.constant
        match name:
            case "null":
                return f"{value} is None"
            case "int" | "long":
                return self._integer(node, name, value)
            case "double" if not {"minimum", "maximum", "multipleOf"} & set(node.told):
                return f"type({value}) is float"
            case "decimal":
                return self._decimal(node, value)
            case "string":
                return self._string(node, value)
            case "array":
                return f"type({value}) is list and {self._array(node)}({value})"
            case "object":
                return f"type({value}) is dict and {self.object(node)}({value})"
        types = [f"type({value}) is {hold(one)}" for one in PLAIN.get(name, ())]
        return f"({' or '.join(types)})" if types else ""

    def _integer(self, node: Node, name: str, value: str) -> str:
        limits = self._limits(node, whole=True)
        if limits is None or "multipleOf" in node.told:
            return ""
        limit = INT32 if name == "int" else INT64
        low, high = max(limits[0], -limit), min(limits[1], limit - 1)
        types = f"type({value}) is int"
        if name == "long":
            if "int" not in (node.kinds or ()):
                types = f"type({value}) is {self.program.constant(Int64)}"
            else:
                types = f"({types} or type({value}) is {self.program.constant(Int64)})"
        return f"{types} and {low} <= {value} <= {high}"

    @staticmethod
    def _limits(node: Node, *, whole: bool) -> tuple[Any, Any] | None:
        """Return the closed range, None where it cannot be said so."""
        low = numeric(node.told.get("minimum", -INT64))
        high = numeric(node.told.get("maximum", INT64))
        if whole and not (isinstance(low, int) and isinstance(high, int)):
            return None
        low += node.told.get("exclusiveMinimum", False)
        high -= node.told.get("exclusiveMaximum", False)
        return int(low), int(high)

    def _decimal(self, node: Node, value: str) -> str:
        hold = self.program.constant
        told = node.told
        usual, other = hold(Number), hold(Decimal128)
        tests = [f"(type({value}) is {usual} or type({value}) is {other})"]
        if NUMERIC & set(told):
            ranges = fitting_ranges(told)
            if ranges is None or not KEEPS_WORDS:
                return ""
            tests.append(f"{value}.{LOW} in {hold(ranges)}.get({value}.{HIGH}, ())")
        return " and ".join(tests)

    def _string(self, node: Node, value: str) -> str:
        told = node.told
        tests = [f"type({value}) is str"]
        if "minLength" in told:
            tests.append(f"len({value}) >= {keywords.count(told['minLength'], '')}")
        if "maxLength" in told:
            tests.append(f"len({value}) <= {keywords.count(told['maxLength'], '')}")
        if "pattern" in told:
            search = self.program.constant(keywords.searcher(told["pattern"], ""))
            tests.append(f"{search}({value}) is not None")
        return " and ".join(tests)

    def _any_type(self, node: Node, name: str, value: str) -> list[str]:
        """Return the tests of keywords that bite whatever the type is."""
        tests = []
        for keyword in node.keywords:
            if keyword.name in TYPES or keyword.name in TYPED:
                continue
            if keyword.name == "allOf":
                tests += [self._part(part, name, value) for part in node.all_of]
            elif keyword.name == "enum" and name == "string":
                offered = frozenset(one for one in node.told["enum"] if type(one) is str)
                tests.append(f"{value} in {self.program.constant(offered)}")
            elif keyword.name == "enum" and name == "null":
                tests.append(str(None in node.told["enum"]))
            else:
                tests.append(f"{self.program.constant(keyword.accepts)}({value})")
        return tests

    def _part(self, node: Node, name: str, value: str) -> str:
        """Return the test of a schema within ``allOf``, where the type is known."""
        if node.kinds is None and set(node.told) <= TEXTUAL | NUMERIC:
            if name == "string":
                return f"({self._string(node, value)})"
            if not NUMERIC & set(node.told):
                return "True"
        return f"{self.program.constant(node.accepts)}({value})"

    def _array(self, node: Node) -> str:
        lines = self._called(node, OF_ARRAYS - {"items"})
        if node.items is not None:
            test = self.test(node.items, "one")
            lines += ["for one in value:", f"    if not {test}: return False"]
        elif isinstance(node.told.get("items"), list):
            lines += self._called(node, frozenset({"items"}))
        return self.program.function(["value"], [*lines, "return True"])

    def object(self, node: Node) -> str:
        """Make the function that tests a ``dict``, and return its name."""
        required = set(node.told.get("required", ()))
        missing = self.program.constant(MISSING)
        lines, inner = [], []
        for number, (name, part) in enumerate(node.properties.items()):
            held = f"value_{number}"
            test = self.test(part, held)
            if test == "True" and name not in required:
                continue
            inner.append(f"{held} = get({name!r}, {missing})")
            if name not in required:
                test = f"({held} is {missing} or {test})"
            elif part.kinds is None:
                test = f"({held} is not {missing} and {test})"
            inner.append(f"if not {test}: return False")
        lines += [f"if {name!r} not in value: return False"
                  for name in sorted(required - node.properties.keys())]  # fmt: skip
        rest = OF_OBJECTS - {"required", "properties"}
        if node.told.get("additionalProperties") is False and not node.told.get(
            "patternProperties"
        ):
            known = frozenset(node.properties)
            rest -= {"additionalProperties"}
            if known == required:
                lines.append(f"if len(value) != {len(known)}: return False")
            else:
                names = self.program.constant(known)
                lines.append(f"if not value.keys() <= {names}: return False")
        lines += self._called(node, rest)
        return self.program.function(["value"], [*lines, "get = value.get", *inner, "return True"])

    def _called(self, node: Node, names: frozenset[str]) -> list[str]:
        """Return lines for the keywords that are left to the tree."""
        return [
            f"if not {self.program.constant(keyword.accepts)}(value): return False"
            for keyword in node.keywords
            if keyword.name in names
        ]


def fitting_ranges(told: Any) -> dict[int, range] | None:
    """Return which low words fit all rules of numbers, by the high word of a Decimal128.

    With digits that fit 64 bits, the high word is sign and exponent, the low one the digits.
    None where the rules are not of that kind: a step that is no power of ten.
    """
    low = Decimal(numeric(told.get("minimum", Decimal("-1E30"))))
    high = Decimal(numeric(told.get("maximum", Decimal("1E30"))))
    step = Decimal(numeric(told.get("multipleOf", Decimal("1E-6"))))
    if low != low or high != high or step.as_tuple().digits != (1,):
        return None
    smallest = step.as_tuple().exponent
    if not isinstance(smallest, int) or not -40 <= smallest <= 0:
        return None
    found = {}
    with localcontext(EXACT):
        for exponent in range(smallest, 10):
            unit = Decimal(1).scaleb(exponent)
            least = (low / unit).to_integral_value(ROUND_CEILING)
            most = (high / unit).to_integral_value(ROUND_FLOOR)
            least += bool(told.get("exclusiveMinimum")) and least * unit == low
            most -= bool(told.get("exclusiveMaximum")) and most * unit == high
            first, last = (max(-WORD, min(WORD, int(end))) for end in (least, most))
            word = (exponent + BIAS) << 49
            found[word] = range(max(0, first), last + 1)
            found[1 << 63 | word] = range(max(0, -last), -first + 1)
    return found
