"""Rules from the validators that a field declares; Django's forms alone hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.mongo.ejson import decimal, int64, number
from modeler.mongo.field import FieldSpec, HeldBy
from modeler.mongo.patterns import NotTranslated, to_pcre2
from modeler.schema.column import Column, Validator

NUMBERS = frozenset({"int", "long", "decimal", "double"})


def with_declared(spec: FieldSpec, column: Column) -> FieldSpec:
    """Return the field with what its validators demand, as one ``allOf``.

    A validator that MongoDB cannot say is named in the note; Django passes empty values by.
    """
    demands: list[dict[str, Any]] = []
    left_out: list[str] = []
    for validator in column.validators:
        try:
            demand = _demand(validator, spec, column)
        except NotTranslated as reason:
            left_out.append(f"{_name(validator)} is not carried: {reason}")
            continue
        if demand and demand not in demands:
            demands.append(demand)
    if demands:
        spec = spec.with_rule("allOf", demands, HeldBy.APPLICATION)
    return spec.noted(left_out)


def _demand(validator: Validator, spec: FieldSpec, column: Column) -> dict[str, Any] | None:
    arguments = dict(validator.arguments)
    kind = spec.types[0] if spec.types else ""
    name = _name(validator)
    if "regex" in arguments and kind == "string":
        return _pattern(arguments, or_empty=column.blank)
    limit = arguments.get("limit_value", "")
    if name == "MinLengthValidator" and kind == "string" and limit.isdecimal():
        shortest = {"minLength": int(limit)}
        return {"anyOf": [shortest, {"enum": [""]}]} if column.blank else shortest
    if name == "MaxLengthValidator" and kind == "string" and limit.isdecimal():
        return {"maxLength": int(limit)}
    if name in {"MinValueValidator", "MaxValueValidator"} and kind in NUMBERS:
        value = _value(limit, kind)
        keyword = "minimum" if name.startswith("Min") else "maximum"
        return None if value is None else {keyword: value}
    return None


def _pattern(arguments: Mapping[str, str], *, or_empty: bool) -> dict[str, Any]:
    flags = int(arguments.get("flags", "0"))
    inverse = arguments.get("inverse_match") == "True"
    pattern = to_pcre2(arguments["regex"], flags, or_empty=or_empty and not inverse)
    if not inverse:
        return {"pattern": pattern}
    refused = {"not": {"pattern": pattern}}
    return {"anyOf": [refused, {"enum": [""]}]} if or_empty else refused


def _value(text: str, kind: str) -> Any:
    try:
        match kind:
            case "int":
                return number(int(text))
            case "long":
                return int64(int(text))
            case "decimal":
                float(text)
                return decimal(text)
            case _:
                return float(text)
    except ValueError:
        return None  # a callable, or a value that is no number of this kind


def _name(validator: Validator) -> str:
    return validator.path.rpartition(".")[2]
