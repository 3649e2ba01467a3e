"""Conditions of queries as hypothesis draws them."""

from __future__ import annotations

import re

from bson.regex import Regex
from hypothesis import strategies as st

from .schemas import KINDS
from .values import names, scalars, values

any_value = (scalars | values).filter(lambda v: not isinstance(v, (Regex, re.Pattern)))
paths = names | st.sampled_from(["a.b", "b.a", "a.b.a"])
operators = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("$eq", "$ne", "$gt", "$gte", "$lt", "$lte"), any_value),
        "$in": st.lists(any_value, max_size=3),
        "$nin": st.lists(any_value, max_size=3),
        "$exists": st.booleans(),
        "$type": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=2),
    },
).filter(bool)
one_operator = operators.flatmap(
    lambda found: st.sampled_from(sorted(found)).map(lambda name: {name: found[name]})
)
conditions = one_operator | one_operator.map(lambda inner: {"$not": inner}) | any_value
fields = st.dictionaries(paths, conditions, min_size=1, max_size=2)
queries = st.recursive(
    fields,
    lambda inner: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["$and", "$or", "$nor"]),
        st.lists(inner, min_size=1, max_size=2),
    ),
    max_leaves=3,
)
