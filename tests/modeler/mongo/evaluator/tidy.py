"""Documents with a type for each field, and expressions that ask for those types.

Nearly nothing fails in them, so that results are compared, not failures.
"""

from __future__ import annotations

from bson import Decimal128, Int64
from hypothesis import strategies as st

from .values import MOMENTS, TEXTS

borders = [2**31 - 1, -(2**31), 2**62, Int64(2**63 - 1), Int64(-(2**63))]
whole = st.one_of(
    st.integers(-9, 9), st.builds(Int64, st.integers(-9, 9)), st.sampled_from(borders)
)
doubles = st.one_of(st.sampled_from([0.1, 0.2, 0.3, -2.5, 1e300, 0.0]), st.floats(width=32))
decimals = st.one_of(
    st.decimals(-99, 99, places=2).map(Decimal128),
    st.decimals(-(10**6), 10**6, places=9).map(Decimal128),
    st.sampled_from(["NaN", "Infinity", "-Infinity", "1E+400", "-0", "1E-6176"]).map(Decimal128),
)
numbers = st.one_of(whole, doubles, decimals)
texts = st.sampled_from([*TEXTS, "b", "bab", "  b"]) | st.text("abAÄ ", max_size=4)
moments = st.sampled_from(MOMENTS)


def perhaps(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(strategy, strategy, strategy, st.none())


items = st.lists(
    st.fixed_dictionaries({"n": numbers, "s": texts}, optional={"m": perhaps(numbers)}),
    max_size=3,
)
documents = st.fixed_dictionaries(
    {"n": numbers, "m": perhaps(numbers), "s": texts, "t": perhaps(texts), "d": moments,
     "items": items, "k": st.lists(numbers, max_size=3), "b": st.booleans()},
    optional={"o": perhaps(numbers), "e": perhaps(moments), "w": whole},
)  # fmt: skip


def _call(word: str, *parts: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(*parts).map(lambda operands: {word: list(operands)})


def _any_call(words: list[str], *parts: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of([_call(word, *parts) for word in words])


a_number = st.deferred(lambda: number)
a_text = st.deferred(lambda: text)
a_moment = st.deferred(lambda: moment)
a_truth = st.deferred(lambda: truth)
an_array = st.deferred(lambda: array)
no_zero = st.sampled_from([1, 3, -7, 2.5, Int64(4), Decimal128("0.3"), Decimal128("-2")])
number_leaf = st.sampled_from(["$n", "$m", "$o", "$w"]) | numbers
number = st.one_of(
    number_leaf, number_leaf,
    _any_call(["$add", "$subtract", "$multiply"], a_number, a_number),
    st.lists(a_number, min_size=2, max_size=4).map(lambda parts: {"$add": parts}),
    _any_call(["$divide", "$mod"], a_number, no_zero),
    _any_call(["$abs", "$ceil", "$floor", "$trunc"], a_number),
    st.sampled_from(["$k", "$items.n", "$items.m"]).flatmap(
        lambda path: st.sampled_from(["$sum", "$max", "$min"]).map(lambda word: {word: path})
    ),
    _any_call(["$sum", "$max", "$min"], a_number, a_number),
    _call("$ifNull", a_number, number_leaf),
    _any_call(["$strLenCP"], a_text),
    _call("$size", an_array),
    _call("$toDouble", st.sampled_from(["$n", "$w"])),
    _call("$toDecimal", a_number),
    _any_call(["$year", "$dayOfYear", "$isoWeek", "$isoDayOfWeek", "$millisecond"], a_moment),
    _call("$indexOfCP", a_text, st.sampled_from(["a", "b", ""])),
    _call("$subtract", a_moment, a_moment),
    st.fixed_dictionaries({"$dateDiff": st.fixed_dictionaries(
        {"startDate": a_moment, "endDate": a_moment, "unit": st.just("day")})}),
    st.fixed_dictionaries({"$reduce": st.fixed_dictionaries(
        {"input": st.just("$k"), "initialValue": number_leaf,
         "in": _any_call(["$add", "$multiply", "$max"], st.just("$$value"), st.just("$$this"))})}),
)  # fmt: skip
text = st.one_of(
    st.just("$s"), st.just("$s"), texts.map(lambda value: {"$literal": value}),
    _call("$concat", a_text, a_text),
    _call("$ifNull", st.just("$t"), a_text),
    _any_call(["$toUpper", "$toLower"], a_text),
    _call("$substrCP", a_text, st.integers(0, 2), st.integers(0, 3)),
    st.fixed_dictionaries({"$trim": st.fixed_dictionaries({"input": a_text})}),
    st.fixed_dictionaries({"$replaceAll": st.fixed_dictionaries(
        {"input": a_text, "find": st.sampled_from(["a", ""]), "replacement": a_text})}),
    _call("$type", a_number),
)  # fmt: skip
moment = st.one_of(
    st.just("$d"), st.just("$d"), moments,
    _call("$ifNull", st.just("$e"), a_moment),
    st.fixed_dictionaries({"$dateTrunc": st.fixed_dictionaries(
        {"date": a_moment, "unit": st.sampled_from(["day", "hour"])})}),
)  # fmt: skip
array = st.one_of(
    st.sampled_from(["$k", "$items.n", "$items.s", "$items.m"]),
    _any_call(["$setUnion", "$setIntersection", "$setDifference", "$concatArrays"],
              an_array, an_array),
    st.fixed_dictionaries({"$map": st.fixed_dictionaries(
        {"input": st.just("$items"), "as": st.just("i"),
         "in": _any_call(["$add", "$multiply", "$ifNull"], st.just("$$i.n"), a_number)})}),
    st.fixed_dictionaries({"$filter": st.fixed_dictionaries(
        {"input": an_array, "as": st.just("i"),
         "cond": _any_call(["$gt", "$lte", "$eq"], st.just("$$i"), a_number)})}),
)  # fmt: skip
comparisons = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte"]
truth = st.one_of(
    _any_call(comparisons, a_number, a_number),
    _any_call(comparisons, a_number, a_number),
    _any_call(comparisons, a_text, a_text),
    _any_call(comparisons, a_moment, a_moment),
    _any_call([*comparisons, "$setIsSubset", "$setEquals"], an_array, an_array),
    _call("$in", a_number, an_array),
    _call("$in", a_text, st.lists(texts.map(lambda v: {"$literal": v}), max_size=3)),
    _any_call(["$and", "$or"], a_truth, a_truth),
    _call("$not", a_truth),
    _call("$cond", a_truth, a_truth, a_truth),
    st.fixed_dictionaries({"$allElementsTrue": st.fixed_dictionaries(
        {"$map": st.fixed_dictionaries({"input": st.just("$items"), "as": st.just("i"),
         "in": _any_call(comparisons, st.just("$$i.n"), a_number)})})}),
    st.fixed_dictionaries({"$let": st.fixed_dictionaries(
        {"vars": st.fixed_dictionaries({"v": a_number}),
         "in": _any_call(comparisons, st.just("$$v"), a_number)})}),
    st.just("$b"), a_number,
)  # fmt: skip
conditions = truth
