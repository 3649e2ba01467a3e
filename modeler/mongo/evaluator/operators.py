"""The operators of expressions that the evaluator knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modeler.mongo.evaluator import addition, arrays, numbers
from modeler.mongo.evaluator.comparison import COMPARISON_OPERATORS
from modeler.mongo.evaluator.conditions import CONDITION_OPERATORS
from modeler.mongo.evaluator.conversion import CONVERSION_OPERATORS
from modeler.mongo.evaluator.date_operators import DATE_OPERATORS
from modeler.mongo.evaluator.expression import Code, Compiler, Operator
from modeler.mongo.evaluator.operands import MANY, called, calling, folding, operands
from modeler.mongo.evaluator.scopes import SCOPE_OPERATORS
from modeler.mongo.evaluator.text_operators import TEXT_OPERATORS


def _truncate(compiler: Compiler, argument: Any) -> Code:
    listed = argument if isinstance(argument, list) else [argument]
    if len(listed) == 2:
        raise compiler.wrong("places of $trunc are not known")
    return called(compiler, numbers.truncate, operands(compiler, listed, 1, 1))


def _all_true(compiler: Compiler, argument: Any) -> Code:
    (code,) = operands(compiler, argument, 1, 1)
    if not code.booleans:
        return called(compiler, arrays.all_true, [code], boolean=True)
    array = compiler.program.constant(arrays.array)
    return Code(f"all({array}('$allElementsTrue', {code.text}))", boolean=True)


def _size(compiler: Compiler, argument: Any) -> Code:
    match argument if isinstance(argument, list) else [argument]:
        case [{"$setUnion": [inner]} as union] if len(union) == 1:
            # How many of an array differ: nobody asks for the set itself.
            code = called(compiler, arrays.distinct, operands(compiler, [inner], 1, 1))
        case _:
            code = called(compiler, arrays.size, operands(compiler, argument, 1, 1))
    return replace(code, whole=True)


OPERATORS: dict[str, Operator] = {
    **COMPARISON_OPERATORS,
    **CONDITION_OPERATORS,
    **SCOPE_OPERATORS,
    **CONVERSION_OPERATORS,
    **TEXT_OPERATORS,
    **DATE_OPERATORS,
    "$add": folding("$add", addition.add),
    "$multiply": folding("$multiply", numbers.multiply),
    "$subtract": calling(addition.subtract, 2, 2),
    "$sum": calling(addition.total, 0, MANY),
    "$divide": calling(numbers.divide, 2, 2),
    "$mod": calling(numbers.modulo, 2, 2),
    "$abs": calling(numbers.absolute, 1, 1),
    "$ceil": calling(numbers.ceiling, 1, 1),
    "$floor": calling(numbers.floor, 1, 1),
    "$trunc": _truncate,
    "$max": calling(arrays.extreme(1), 0, MANY),
    "$min": calling(arrays.extreme(-1), 0, MANY),
    "$size": _size,
    "$isArray": calling(arrays.is_array, 1, 1, boolean=True),
    "$allElementsTrue": _all_true,
    "$anyElementTrue": calling(arrays.any_true, 1, 1, boolean=True),
    "$setUnion": calling(arrays.union, 0, MANY),
    "$setIntersection": calling(arrays.intersection, 0, MANY),
    "$setDifference": calling(arrays.difference, 2, 2),
    "$setIsSubset": calling(arrays.is_subset, 2, 2, boolean=True),
    "$setEquals": calling(arrays.set_equals, 2, MANY, boolean=True),
    "$arrayElemAt": calling(arrays.element, 2, 2),
    "$first": calling(arrays.end("$first", 0), 1, 1),
    "$last": calling(arrays.end("$last", -1), 1, 1),
    "$concatArrays": calling(arrays.concatenate, 0, MANY),
}
