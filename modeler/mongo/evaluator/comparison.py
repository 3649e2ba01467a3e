"""Comparisons, and tests of a value's type, which stand before almost every one of them.

What the usual types need is written out; ``compare`` is called for the rest.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from bson.binary import Binary

from modeler.mongo.evaluator.arrays import contains
from modeler.mongo.evaluator.expression import Code, Compiler, Operator
from modeler.mongo.evaluator.kinds import NAMES, kind
from modeler.mongo.evaluator.operands import called, calling, operands
from modeler.mongo.evaluator.order import compare, key

SIGNS = {"$eq": "==", "$ne": "!=", "$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
# Python types that only ever have that type of BSON.
USUAL: dict[str, tuple[type, ...]] = {
    "string": (str,), "double": (float,), "decimal": (Decimal,), "bool": (bool,),
    "date": (datetime.datetime,), "binData": (Binary, uuid.UUID, bytes), "object": (dict,),
    "array": (list,),
}  # fmt: skip


def has_kind(compiler: Compiler, value: Code, names: Collection[str]) -> str:
    """Return the source of a test whether a value has one of the types."""
    bind, name = compiler.bound(value)
    hold = compiler.program.constant
    tests = [f"type({{}}) is {hold(one)}" for n in names for one in USUAL.get(n, ())]
    if "null" in names:
        tests.insert(0, "{} is None")
    if "int" in names:
        tests.append("type({0}) is int and -2147483648 <= {0} <= 2147483647")
    tests.append(f"{hold(kind)}({{}}) in {hold(frozenset(names))}")
    return f"({' or '.join(t.format(name if i else bind) for i, t in enumerate(tests))})"


def _tested_type(compiler: Compiler, argument: Any) -> Code | None:
    """Return whose type is compared with a constant, None where that is not what is done."""
    if not isinstance(argument, list) or len(argument) != 2:
        return None
    tested = argument[0]
    if not isinstance(tested, dict) or tuple(tested) != ("$type",):
        return None
    return operands(compiler.at("$type"), tested["$type"], 1, 1)[0]


def _comparison(word: str) -> Operator:
    sign = SIGNS[word]

    def make(compiler: Compiler, argument: Any) -> Code:
        tested = _tested_type(compiler, argument) if word in ("$eq", "$ne") else None
        if tested is not None and isinstance(argument[1], str) and argument[1] in NAMES_TOO:
            test = has_kind(compiler, tested, (argument[1],))
            return Code(test if word == "$eq" else f"(not {test})", boolean=True)
        left, right = operands(compiler, argument, 2, 2)
        constant = left.constant and right.constant
        return Code(_compared(compiler, sign, left, right), boolean=True, constant=constant)

    return make


def _compared(compiler: Compiler, sign: str, left: Code, right: Code) -> str:
    call = compiler.program.constant(compare)
    if left.whole and right.whole:
        return f"({left.text} {sign} {right.text})"
    if right.constant and right.simple and not left.constant:
        value = compiler.value(right)
        if sign in ("==", "!=") and (value is None or isinstance(value, bool)):
            return f"({left.text} {'is' if sign == '==' else 'is not'} {right.text})"
        bind, name = compiler.bound(left)
        other = f"{call}({name}, {right.text}) {sign} 0"
        if type(value) is str:
            return f"({name} {sign} {right.text} if type({bind}) is str else {other})"
        if type(value) is int or (type(value) is Decimal and value == value):
            decimal = compiler.program.constant(Decimal)
            test = f"type({bind}) is {decimal} and {name} == {name} or type({name}) is int"
            return f"({name} {sign} {right.text} if {test} else {other})"
    return f"({call}({left.text}, {right.text}) {sign} 0)"


def _membership(compiler: Compiler, argument: Any) -> Code:
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], list):
        offered = [compiler.at(f"1.{n}").compile(part) for n, part in enumerate(argument[1])]
        values = [compiler.value(code) for code in offered if code.constant]
        if len(values) == len(offered):
            if all(type(value) is str and value in NAMES_TOO for value in values):
                tested = _tested_type(compiler, argument)
                if tested is not None:
                    return Code(has_kind(compiler, tested, values), boolean=True)
            # $$REMOVE in a literal array is null there.
            held = frozenset(key(compiler.value(compiler.compile([p]))[0]) for p in argument[1])
            bind, name = compiler.bound(compiler.at(0).compile(argument[0]))
            keyed = compiler.program.constant(key)
            test = f"({name} if type({bind}) is str else {keyed}({name}))"
            return Code(f"({test} in {compiler.program.constant(held)})", boolean=True)
    return called(compiler, contains, operands(compiler, argument, 2, 2), boolean=True)


NAMES_TOO = NAMES | {"missing"}
COMPARISON_OPERATORS: dict[str, Operator] = {
    **{word: _comparison(word) for word in SIGNS},
    "$cmp": calling(compare, 2, 2),
    "$in": _membership,
}
