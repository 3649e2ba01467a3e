"""Operators with variables of their own, and those whose argument is no expression."""

from __future__ import annotations

from typing import Any

from modeler.mongo.evaluator.arrays import elements
from modeler.mongo.evaluator.expression import Code, Compiler, Operator, unmissed
from modeler.mongo.evaluator.kinds import KINDS, MISSING
from modeler.mongo.evaluator.operands import named
from modeler.mongo.evaluator.paths import get


def _let(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("vars", "in"))
    if not isinstance(given["vars"], dict):
        raise compiler.wrong("its vars are no document")
    names, binds = {}, []
    for variable, expression in given["vars"].items():
        bind, name = compiler.bound(compiler.at(f"vars.{variable}").compile(expression))
        names[variable] = name
        if bind != name:
            binds.append(bind)
    body = compiler.with_variables(names).at("in").compile(given["in"])
    if not binds:
        return body
    return Code(f"({', '.join(binds)}, {body.text})[-1]", boolean=body.boolean)


def _input(compiler: Compiler, operator: str, expression: Any) -> tuple[str, str]:
    """Return a test whether an array is null, and the name that it has afterwards."""
    code = compiler.at("input").compile(expression)
    name = compiler.program.name("v")
    call = compiler.program.constant(elements)
    return f"({name} := {call}({operator!r}, {code.text})) is None", name


def _variable(compiler: Compiler, told: Any) -> str:
    if told is not None and not isinstance(told, str):
        raise compiler.wrong("the name of its variable is no text")
    return told or "this"


def _map(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("input", "in"), ("as",))
    is_null, values = _input(compiler, "$map", given["input"])
    one = compiler.program.name("e")
    inner = compiler.with_variables({_variable(compiler, given["as"]): one}).owning(one)
    body = inner.at("in").compile(given["in"])
    text = body.text
    if not body.boolean:
        text = f"{compiler.program.constant(unmissed)}({text})"
    listed = f"[{text} for {one} in {values}{_clauses(inner, one)}]"
    return Code(f"(None if {is_null} else {listed})", booleans=body.boolean)


def _clauses(compiler: Compiler, owner: str) -> str:
    """Return the part of a comprehension that reads the fields of its element."""
    return "".join(
        f" for {held} in ({value},)" for held, values in compiler.reads(owner) for value in values
    )


def _filter(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("input", "cond"), ("as",))
    is_null, values = _input(compiler, "$filter", given["input"])
    one = compiler.program.name("e")
    inner = compiler.with_variables({_variable(compiler, given["as"]): one}).owning(one)
    test = inner.at("cond").compile(given["cond"]).truth
    clauses = _clauses(inner, one)
    return Code(f"(None if {is_null} else [{one} for {one} in {values}{clauses} if {test}])")


def _reduce(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("input", "initialValue", "in"))
    is_null, values = _input(compiler, "$reduce", given["input"])
    value, this = compiler.program.name("e"), compiler.program.name("e")
    start = compiler.at("initialValue").compile(given["initialValue"])
    inner = compiler.with_variables({"value": value, "this": this})
    body = inner.at("in").compile(given["in"])
    call = compiler.program.constant(_reduced)
    step = f"lambda {value}, {this}: {body.text}"
    return Code(f"(None if {is_null} else {call}({step}, {values}, {start.text}))")


def _reduced(step: Any, values: Any, value: Any) -> Any:
    for this in values:
        value = step(value, this)
    return value


def _literal(compiler: Compiler, argument: Any) -> Code:
    return compiler.literal(argument)


def _get_field(compiler: Compiler, argument: Any) -> Code:
    if isinstance(argument, dict) and not next(iter(argument), "").startswith("$"):
        given = named(compiler, argument, ("field", "input"))
    else:
        given = {"field": argument, "input": "$$CURRENT"}
    name = given["field"]
    if isinstance(name, dict) and tuple(name) == ("$literal",):
        name = name["$literal"]
    elif isinstance(name, str) and name.startswith("$"):
        name = None
    if not isinstance(name, str):
        raise compiler.wrong("the name of its field is no constant text")
    source = compiler.at("input").compile(given["input"])
    return Code(f"{compiler.program.constant(_field)}({source.text}, {name!r})")


def _field(value: Any, name: str) -> Any:
    """Return a field of a document; of nothing else."""
    if value is None:
        return None
    return get(value, name) if KINDS[type(value)] == "object" else MISSING


SCOPE_OPERATORS: dict[str, Operator] = {
    "$let": _let,
    "$map": _map,
    "$filter": _filter,
    "$reduce": _reduce,
    "$literal": _literal,
    "$getField": _get_field,
}
