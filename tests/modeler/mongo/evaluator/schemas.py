"""Schemas as hypothesis draws them, those that the server would refuse seldom among them."""

from __future__ import annotations

from bson import Decimal128
from hypothesis import strategies as st

from .values import NAMES, names, numbers, scalars, values

KINDS = [
    "int", "long", "double", "decimal", "number", "string", "object", "array", "binData", "bool",
    "date", "null", "objectId", "regex", "timestamp", "javascript", "minKey", "maxKey",
    "javascriptWithScope",
]  # fmt: skip
PATTERNS = [
    "^a",
    "a$",
    r"a\z",
    "(?i)^[a-z]+$",
    r"(*UCP)^\w+\z",
    r"^\w*\z",
    "^x",
    ".",
    "(?s)a.",
    "",
]
kinds = st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True)
small = st.integers(0, 4)
NUMERIC = {
    "minimum": numbers,
    "maximum": numbers,
    "multipleOf": st.sampled_from([1, 2, 3, 0.1, 0.5, *map(Decimal128, ("0.01", "0.1", "3"))]),
}
PLAIN = {
    **NUMERIC,
    "minLength": small,
    "maxLength": small,
    "minItems": small,
    "maxItems": small,
    "minProperties": small,
    "maxProperties": small,
    "uniqueItems": st.booleans(),
    "pattern": st.sampled_from(PATTERNS),
    "enum": st.lists(scalars | values, min_size=1, max_size=4),
    "required": st.lists(names, min_size=1, max_size=3, unique=True),
}
plain = st.fixed_dictionaries({}, optional=PLAIN).flatmap(lambda found: _few(found))


def _few(found: dict) -> st.SearchStrategy[dict]:
    """Keep two of the keywords: schemas that demand all of them accept nothing."""
    if len(found) <= 2:
        return st.just(found)
    chosen = st.lists(st.sampled_from(sorted(found)), min_size=1, max_size=2, unique=True)
    return chosen.map(lambda kept: {name: found[name] for name in kept})


@st.composite
def typed(draw) -> dict:
    """A schema of scalars, with types most of the time."""
    found = draw(plain)
    if draw(st.integers(0, 3)):
        told = draw(kinds)
        found["bsonType"] = told[0] if len(told) == 1 else told
    for end in ("minimum", "maximum"):
        if end in found and draw(st.booleans()):
            found[f"exclusive{end.title()}"] = draw(st.booleans())
    return found


def _containers(inner: st.SearchStrategy[dict]) -> st.SearchStrategy[dict]:
    by_name = st.dictionaries(names, inner, max_size=3)
    surplus = st.booleans() | inner
    optional = {
        "properties": by_name,
        "patternProperties": st.dictionaries(st.sampled_from(["^x", "1$", "a|b"]), inner),
        "additionalProperties": surplus,
        "items": inner | st.lists(inner, max_size=2),
        "additionalItems": surplus,
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
        "oneOf": st.lists(inner, min_size=1, max_size=3),
        "not": inner,
        "dependencies": st.dictionaries(
            names, inner | st.lists(names, min_size=1, max_size=2, unique=True), max_size=2
        ),
    }
    return st.builds(
        lambda one, other: {**one, **other},
        inner,
        st.fixed_dictionaries({}, optional=optional).flatmap(_few),
    )


inner_schemas = st.recursive(typed(), _containers, max_leaves=4)
schemas = st.builds(
    lambda properties, more: {**more, "properties": properties},
    st.dictionaries(st.sampled_from(NAMES), inner_schemas, min_size=1, max_size=3),
    st.just({}) | st.just({}) | _containers(st.just({})) | inner_schemas,
)
