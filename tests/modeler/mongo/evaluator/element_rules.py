"""Conditions as validators of collections have them: several on the elements of one array."""

from __future__ import annotations

from bson.binary import Binary
from hypothesis import strategies as st

from .expressions import COMPARED
from .values import scalars, values

ARRAYS = ["$a", "$b", "$c.a"]
ITEM = st.sampled_from(["$$item", "$$item.a", "$$item.b", "$$item.b.a"])
KINDS = st.sampled_from(["string", "int", "decimal", "binData", "object", "array", "missing"])
GUARDED = st.sampled_from([*[True] * 5, False])
few = st.one_of(
    st.sampled_from(["", "a", 0, 1, True, None, b"ab", Binary(b"ab", 5), Binary(bytes(16), 4)]),
    scalars,
)
items = st.dictionaries(st.sampled_from(["a", "b"]), few, max_size=2)
arrays = st.lists(items, max_size=4) | st.lists(few, max_size=4) | values
documents = st.fixed_dictionaries(
    {}, optional={"a": arrays, "b": arrays, "c": st.dictionaries(st.just("a"), arrays, min_size=1)}
)
constants = few.map(lambda value: {"$literal": value})


def _guarded(path: str, kind: str, test: object) -> object:
    return {"$or": [{"$ne": [{"$type": path}, kind]}, test]}


compared = st.builds(lambda o, path, value: {o: [path, value]}, st.sampled_from(COMPARED), ITEM,
                     constants | ITEM)  # fmt: skip
sized = st.builds(lambda path, size: {"$eq": [{"$binarySize": path}, size]}, ITEM,
                  st.sampled_from([0, 1, 2, 16]))  # fmt: skip
bodies = st.builds(_guarded, ITEM, KINDS, compared | sized) | compared | sized


def _each(array: str, body: object, *, guarded: bool) -> object:
    mapped = {"$allElementsTrue": [{"$map": {"input": array, "as": "item", "in": body}}]}
    return {"$or": [{"$not": [{"$isArray": [array]}]}, mapped]} if guarded else mapped


def _unique(array: str, path: str) -> object:
    keys = {"$map": {"input": array, "as": "item", "in": path}}
    count = {"$eq": [{"$size": "$$keys"}, {"$size": {"$setUnion": ["$$keys"]}}]}
    return {
        "$or": [
            {"$not": [{"$isArray": [array]}]},
            {"$let": {"vars": {"keys": keys}, "in": count}},
        ]
    }


places = st.sampled_from(ARRAYS)
rules = st.lists(
    st.one_of(
        st.builds(_each, places, bodies, guarded=st.sampled_from([True])),
        st.builds(_each, places, bodies, guarded=st.sampled_from([True])),
        st.builds(_each, places, bodies, guarded=st.booleans()),
        st.builds(_unique, places, ITEM),
        st.builds(lambda path: {"$lte": [{"$size": {"$setUnion": path}}, 2]}, places),
    ),
    min_size=1,
    max_size=5,
)
