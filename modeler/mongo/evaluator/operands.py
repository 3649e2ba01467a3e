"""The operands of an operator, and the call of the function that stands for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modeler.mongo.evaluator.expression import Code, Compiler, Operator

MANY = 10**6
Function = Callable[..., Any]


def operands(compiler: Compiler, argument: Any, least: int, most: int) -> list[Code]:
    """Compile the operands; one alone may stand without brackets.

    Raises:
        NotEvaluated: there are too few or too many.
    """
    listed = argument if isinstance(argument, list) else [argument]
    if not least <= len(listed) <= most:
        raise compiler.wrong(f"it takes {least} to {most} operands and has {len(listed)}")
    return [compiler.at(number).compile(part) for number, part in enumerate(listed)]


def calling(function: Function, least: int, most: int, *, boolean: bool = False) -> Operator:
    """Return an operator that calls a function with the values of its operands."""

    def make(compiler: Compiler, argument: Any) -> Code:
        codes = operands(compiler, argument, least, most)
        return called(compiler, function, codes, boolean=boolean)

    return make


def called(
    compiler: Compiler, function: Function, codes: list[Code], *, boolean: bool = False
) -> Code:
    """Return the call of a function."""
    name = compiler.program.constant(function, "call")
    text = f"{name}({', '.join(code.text for code in codes)})"
    return Code(text, boolean=boolean, constant=all(code.constant for code in codes))


def folding(word: str, function: Function) -> Operator:
    """Return ``$add`` or ``$multiply``: constants come last, as one."""

    def make(compiler: Compiler, argument: Any) -> Code:
        listed = spread(word, argument)
        codes = operands(compiler, listed, 0, MANY)
        constants = [code for code in codes if code.constant]
        codes = [code for code in codes if not code.constant]
        if constants:
            folded = called(compiler, function, constants)
            codes.append(compiler.folded(folded) if len(constants) > 1 else constants[0])
        return called(compiler, function, codes)

    return make


def spread(word: str, argument: Any) -> list[Any]:
    """Return the operands, with those of the same operator within."""
    listed = argument if isinstance(argument, list) else [argument]
    found: list[Any] = []
    for part in listed:
        if isinstance(part, dict) and tuple(part) == (word,):
            found += spread(word, part[word])
        else:
            found.append(part)
    return found


def named(
    compiler: Compiler, argument: Any, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the named arguments of an operator, None for an optional one that is not there.

    Raises:
        NotEvaluated: one is missing, or is not known.
    """
    if not isinstance(argument, dict):
        raise compiler.wrong("it takes a document of arguments")
    if unknown := sorted(set(argument) - {*needed, *optional}):
        raise compiler.wrong(f"its argument {unknown[0]!r} is not known")
    if missing := [name for name in needed if name not in argument]:
        raise compiler.wrong(f"its argument {missing[0]!r} is missing")
    return {name: argument.get(name) for name in (*needed, *optional)}
