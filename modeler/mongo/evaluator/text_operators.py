"""Operators of texts, compiled; the pattern of ``$regexMatch`` is always a constant."""

from __future__ import annotations

import re
from typing import Any

from bson.binary import Binary
from bson.regex import Regex

from modeler.mongo.evaluator import texts
from modeler.mongo.evaluator.expression import Code, Compiler, Operator
from modeler.mongo.evaluator.operands import called, calling, named, operands
from modeler.mongo.evaluator.order import regex_parts
from modeler.mongo.evaluator.patterns import NotPython, compile_pattern
from modeler.mongo.uuids import Uuid


def _trim(word: str) -> Operator:
    trim = texts.trimmer(word, getattr(str, word[1:].replace("trim", "strip")))

    def make(compiler: Compiler, argument: Any) -> Code:
        given = named(compiler, argument, ("input",), ("chars",))
        parts = [given["input"]]
        if "chars" in argument:
            parts.append(given["chars"])
        return called(compiler, trim, operands(compiler, parts, 1, 2))

    return make


def _replace(word: str, most: int) -> Operator:
    replace = texts.replacer(word, most)

    def make(compiler: Compiler, argument: Any) -> Code:
        given = named(compiler, argument, ("input", "find", "replacement"))
        return called(compiler, replace, operands(compiler, [*given.values()], 3, 3))

    return make


def _regex_match(compiler: Compiler, argument: Any) -> Code:
    given = named(compiler, argument, ("input", "regex"), ("options",))
    pattern, options = given["regex"], given["options"] or ""
    if isinstance(pattern, dict) and tuple(pattern) == ("$literal",):
        pattern = pattern["$literal"]
    elif isinstance(pattern, str) and pattern.startswith("$"):
        raise compiler.wrong("its regex is no constant")
    if isinstance(pattern, (Regex, re.Pattern)):
        pattern, own = regex_parts(pattern)
        options = options or own
    if not isinstance(pattern, str) or not isinstance(options, str):
        raise compiler.wrong("its regex is no constant")
    try:
        match = texts.matcher(compile_pattern(pattern, options.replace("u", "")))
    except NotPython as error:
        raise compiler.wrong(str(error)) from error
    text = operands(compiler.at("input"), [given["input"]], 1, 1)
    return called(compiler, match, text, boolean=True)


def _binary_size(compiler: Compiler, argument: Any) -> Code:
    (code,) = operands(compiler, argument, 1, 1)
    bind, name = compiler.bound(code)
    usual, other = map(compiler.program.constant, (Uuid, Binary))
    call = called(compiler, texts.binary_size, [Code(name)])
    is_usual = f"type({bind}) is {usual} or type({name}) is {other}"
    text = f"(len({name}) if {is_usual} else {call.text})"
    return Code(text, constant=code.constant)


TEXT_OPERATORS: dict[str, Operator] = {
    "$strLenCP": calling(texts.length, 1, 1),
    "$binarySize": _binary_size,
    "$concat": calling(texts.concatenate, 0, 10**6),
    "$toLower": calling(texts.lower, 1, 1),
    "$toUpper": calling(texts.upper, 1, 1),
    "$trim": _trim("$trim"),
    "$ltrim": _trim("$ltrim"),
    "$rtrim": _trim("$rtrim"),
    "$substrCP": calling(texts.part, 3, 3),
    "$indexOfCP": calling(texts.position, 2, 4),
    "$replaceAll": _replace("$replaceAll", -1),
    "$replaceOne": _replace("$replaceOne", 1),
    "$regexMatch": _regex_match,
}
