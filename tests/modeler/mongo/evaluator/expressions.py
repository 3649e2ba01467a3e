"""Expressions as hypothesis draws them: mostly of values that fit, so that few of them fail."""

from __future__ import annotations

from hypothesis import strategies as st

from .values import numbers, scalars, values

PATHS = ["$a", "$b", "$c", "$x1", "$a.b", "$b.a", "$a.b.a", "$$ROOT.a", "$$CURRENT.b", "$$ROOT"]
KINDS = [
    "int",
    "long",
    "double",
    "decimal",
    "string",
    "array",
    "object",
    "null",
    "missing",
    "date",
]
UNARY = [
    "$not", "$abs", "$ceil", "$floor", "$trunc", "$size", "$isArray", "$allElementsTrue",
    "$anyElementTrue", "$strLenCP", "$binarySize", "$toLower", "$toUpper", "$type", "$isNumber",
    "$year", "$month", "$dayOfMonth", "$dayOfYear", "$dayOfWeek", "$isoDayOfWeek", "$isoWeek",
    "$isoWeekYear", "$hour", "$minute", "$second", "$millisecond", "$first", "$last", "$toInt",
    "$toLong", "$toDouble", "$toDecimal", "$toBool", "$sum", "$max", "$min",
]  # fmt: skip
BINARY = [
    "$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$cmp", "$subtract", "$divide", "$mod", "$in",
    "$setDifference", "$setIsSubset", "$setEquals", "$arrayElemAt", "$indexOfCP",
]  # fmt: skip
MANY = [
    "$and", "$or", "$add", "$multiply", "$concat", "$setUnion", "$setIntersection",
    "$concatArrays", "$max", "$min", "$sum", "$ifNull",
]  # fmt: skip
COMPARED = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte"]
ARITHMETIC = ["$add", "$subtract", "$multiply", "$divide", "$mod"]
REGEXES = ["a", "^A", r"(*UCP)^\w+\z", "(?i)Ä", "(?s)^.*\\z", r"\.", "[[:alpha:]]"]
UNITS = ["day", "hour", "minute", "second"]

paths = st.sampled_from(PATHS)
literals = st.builds(lambda value: {"$literal": value}, values)


def _named(operator: str, **arguments: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({operator: st.fixed_dictionaries(arguments)})


def _of(operators: list[str], *parts: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(
        lambda operator, operands: {operator: list(operands)},
        st.sampled_from(operators),
        st.tuples(*parts),
    )


def _bound(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Expressions with variables, which the body uses."""
    variable = st.sampled_from(["$$e", "$$e.a", "$$e.b.a"])
    body = st.one_of(
        variable, _of(COMPARED, variable, inner), _of(ARITHMETIC, variable, numbers),
        _of(["$ifNull"], variable, inner), st.builds(lambda v: {"$type": v}, variable),
        _of(["$and", "$or"], inner, variable),
    )  # fmt: skip
    mapped = _named("$map", input=inner, **{"as": st.just("e"), "in": body})
    return st.one_of(
        mapped,
        _named("$filter", input=inner, **{"as": st.just("e"), "cond": body}),
        _named("$let", vars=st.fixed_dictionaries({"e": inner}), **{"in": body}),
        _named(
            "$reduce",
            input=inner,
            initialValue=inner,
            **{"in": _of([*ARITHMETIC, *COMPARED], st.just("$$value"), st.just("$$this"))},
        ),
        st.builds(lambda m: {"$allElementsTrue": m}, mapped),
    )


def _grown(inner: st.SearchStrategy) -> st.SearchStrategy:
    unit = st.sampled_from(UNITS)
    kind = st.builds(lambda part: {"$type": part}, inner)
    return st.one_of(
        st.builds(lambda o, part: {o: part}, st.sampled_from(UNARY), inner).filter(
            lambda made: not isinstance(next(iter(made.values())), list)
        ),
        _of(BINARY, inner, inner),
        _of(COMPARED, inner, scalars.map(lambda value: {"$literal": value})),
        _of(ARITHMETIC, inner, numbers),
        st.builds(
            lambda operator, parts: {operator: parts},
            st.sampled_from(MANY),
            st.lists(inner, min_size=2, max_size=3),
        ),
        _of(["$eq", "$ne"], kind, st.sampled_from(KINDS)),
        _of(["$in"], kind, st.lists(st.sampled_from(KINDS), max_size=3)),
        _of(["$in"], inner, st.lists(inner | scalars.map(lambda v: {"$literal": v}), max_size=3)),
        _of(["$cond"], inner, inner, inner),
        _of(["$substrCP"], inner, st.integers(0, 2), st.integers(0, 3)),
        _named("$cond", **{"if": inner, "then": inner, "else": inner}),
        _named(
            "$switch",
            branches=st.lists(
                st.fixed_dictionaries({"case": inner, "then": inner}), min_size=1, max_size=2
            ),
            default=inner,
        ),
        _named("$regexMatch", input=inner, regex=st.sampled_from(REGEXES)),
        _named("$trim", input=inner),
        _named("$ltrim", input=inner, chars=st.just("a ")),
        _named("$rtrim", input=inner, chars=st.just("a ")),
        _named("$replaceAll", input=inner, find=inner, replacement=inner),
        _named("$replaceOne", input=inner, find=st.just("a"), replacement=inner),
        _named("$dateDiff", startDate=inner, endDate=inner, unit=unit),
        _named("$dateAdd", startDate=inner, unit=unit, amount=inner),
        _named("$dateSubtract", startDate=inner, unit=unit, amount=st.integers(-3, 3)),
        _named("$dateTrunc", date=inner, unit=unit),
        _named("$getField", field=st.sampled_from(["a", "b"]), input=inner),
        st.builds(lambda part: {"$getField": part}, st.sampled_from(["a", "b"])),
        st.dictionaries(st.sampled_from(["a", "b"]), inner, min_size=1, max_size=2),
        st.lists(inner, max_size=3),
        _bound(inner),
    )


expressions = st.recursive(
    st.one_of(paths, paths, paths, literals, numbers, st.just("$$REMOVE")), _grown, max_leaves=8
)
