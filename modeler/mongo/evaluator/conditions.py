"""Operators that evaluate only what they need: logic, choices and defaults."""

from __future__ import annotations

from typing import Any

from modeler.mongo.evaluator.errors import ExpressionFailed
from modeler.mongo.evaluator.expression import Code, Compiler, Operator
from modeler.mongo.evaluator.kinds import MISSING
from modeler.mongo.evaluator.operands import MANY, named, operands, spread


def _logic(word: str, joint: str, *, deciding: bool) -> Operator:
    """Return ``$and`` or ``$or``: constants are judged first, whatever stands before them."""

    def make(compiler: Compiler, argument: Any) -> Code:
        codes = operands(compiler, spread(word, argument), 0, MANY)
        constants = [compiler.truth(code) for code in codes if code.constant]
        tests = [code.truth for code in codes if not code.constant]
        if deciding in constants or not tests:
            told = deciding if deciding in constants else not deciding
            return Code(str(told), boolean=True, constant=True, simple=True)
        return Code(f"({f' {joint} '.join(tests)})", boolean=True)

    return make


def _not(compiler: Compiler, argument: Any) -> Code:
    (code,) = operands(compiler, argument, 1, 1)
    return Code(f"(not {code.truth})", boolean=True, constant=code.constant)


def _cond(compiler: Compiler, argument: Any) -> Code:
    if isinstance(argument, dict):
        given = named(compiler, argument, ("if", "then", "else"))
        argument = [given["if"], given["then"], given["else"]]
    condition, then, other = codes = operands(compiler, argument, 3, 3)
    return Code(
        f"({then.text} if {condition.truth} else {other.text})",
        boolean=then.boolean and other.boolean,
        constant=all(code.constant for code in codes),
    )


def _switch(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("branches",), ("default",))
    branches = given["branches"]
    if not isinstance(branches, list) or not branches:
        raise compiler.wrong("it needs a list of branches")
    text, boolean = "", True
    for number, branch in enumerate(branches):
        arm = compiler.at(f"branches.{number}")
        parts = named(arm, branch, ("case", "then"))
        case, then = arm.at("case").compile(parts["case"]), arm.at("then").compile(parts["then"])
        text += f"{then.text} if {case.truth} else "
        boolean = boolean and then.boolean
    if "default" in argument:
        default = compiler.at("default").compile(argument["default"])
    else:
        default = Code(f"{compiler.program.constant(_no_branch)}()")
    return Code(f"({text}{default.text})", boolean=boolean and default.boolean)


def _no_branch() -> Any:
    raise ExpressionFailed("$switch has no branch for the value and no default")


def _if_null(compiler: Compiler, argument: Any) -> Code:
    *tested, last = operands(compiler, argument, 2, MANY)
    missing = compiler.program.constant(MISSING)
    text = ""
    for code in tested:
        bind, name = compiler.bound(code)
        text += f"{name} if {bind} is not None and {name} is not {missing} else "
    constant = all(code.constant for code in (*tested, last))
    return Code(f"({text}{last.text})", constant=constant)


CONDITION_OPERATORS: dict[str, Operator] = {
    "$and": _logic("$and", "and", deciding=False),
    "$or": _logic("$or", "or", deciding=True),
    "$not": _not,
    "$cond": _cond,
    "$switch": _switch,
    "$ifNull": _if_null,
}
