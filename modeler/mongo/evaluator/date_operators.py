"""Operators of moments, compiled; a unit is always a constant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from modeler.mongo.evaluator import dates
from modeler.mongo.evaluator.expression import Code, Compiler, Operator
from modeler.mongo.evaluator.operands import Function, called, named, operands


def _part_of_date(function: Function) -> Operator:
    def make(compiler: Compiler, argument: Any) -> Code:
        if isinstance(argument, dict) and "date" in argument:
            if set(argument) != {"date"}:
                raise compiler.wrong("time zones are not known")
            argument = [argument["date"]]
        return called(compiler, function, operands(compiler, argument, 1, 1))

    return make


def _unit(compiler: Compiler, unit: Any, known: Collection[str]) -> str:
    if unit not in known:
        raise compiler.wrong(f"the unit {unit!r} is not known")
    return str(unit)


def _difference(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("startDate", "endDate", "unit"))
    unit = _unit(compiler, given["unit"], dates.UNITS.keys() - {"week"})
    codes = operands(compiler, [given["startDate"], given["endDate"]], 2, 2)
    return called(compiler, dates.difference(unit), codes)


def _moving(operator: str, sign: int) -> Operator:
    def make(compiler: Compiler, argument: Any) -> Code:
        given = named(compiler, argument, ("startDate", "unit", "amount"))
        unit = _unit(compiler, given["unit"], dates.UNITS)
        codes = operands(compiler, [given["startDate"], given["amount"]], 2, 2)
        return called(compiler, dates.moved(operator, unit, sign), codes)

    return make


def _truncated(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("date", "unit"))
    unit = _unit(compiler, given["unit"], dates.TRUNCATED)
    return called(compiler, dates.truncated(unit), operands(compiler, [given["date"]], 1, 1))


DATE_OPERATORS: dict[str, Operator] = {
    "$dateDiff": _difference,
    "$dateAdd": _moving("$dateAdd", 1),
    "$dateSubtract": _moving("$dateSubtract", -1),
    "$dateTrunc": _truncated,
    **{word: _part_of_date(function) for word, function in dates.PARTS.items()},
}
