"""Indexes in the form in which they are compared: what a server adds or expands is undone.

Source: MongoDB manual, "createIndexes", "Collation", "Text Indexes".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from modeler.mongo.drift.normal_value import normal_value
from modeler.mongo.index_spec import IndexSpec

# The largest time that a TTL index can be given, 68 years: it deletes nothing any more.
NEVER = 2**31 - 1
COLLATION = {
    "strength": 3,
    "caseLevel": False,
    "caseFirst": "off",
    "numericOrdering": False,
    "alternate": "non-ignorable",
    "maxVariable": "punct",
    "normalization": False,
    "backwards": False,
}
# Of some hundred locales, one expands to something else.
OF_LOCALE = {"fr_CA": {"backwards": True}}
# Versions of formats, where it lies, and flags that say nothing when false.
INTERNAL = frozenset(
    {
        "v", "ns", "name", "key", "background", "textIndexVersion", "2dsphereIndexVersion",
        "hidden", "prepareUnique", "clustered", "storageEngine",
    }
)  # fmt: skip
FLAGS = frozenset({"unique", "sparse"})
# Options that tell two indexes on the same key apart; two that differ in others cannot both be.
IDENTITY = frozenset(
    {"unique", "sparse", "collation", "partialFilterExpression", "wildcardProjection"}
)


@dataclass(frozen=True, slots=True)
class NormalIndex:
    """An index without its name; equal where two do the same.

    Attributes:
        keys: ``(field, direction)``; the order matters, but among the fields of a text index.
        options: ``(name, JSON)`` pairs by name.
    """

    keys: tuple[tuple[str, Any], ...]
    options: tuple[tuple[str, str], ...]

    @property
    def identity(self) -> NormalIndex:
        """What no other index of the collection may have as well."""
        if any(kind == "text" for _, kind in self.keys):
            # A collection has one text index, whatever its fields.
            return NormalIndex((("text", "text"),), ())
        return NormalIndex(self.keys, tuple(o for o in self.options if o[0] in IDENTITY))

    @property
    def without_unique(self) -> NormalIndex:
        return replace(self, options=tuple(o for o in self.options if o[0] != "unique"))

    @property
    def unique(self) -> bool:
        return any(name == "unique" for name, _ in self.options)

    @property
    def expires(self) -> int | None:
        """Seconds after which it deletes documents; None where it deletes none."""
        found = dict(self.options).get("expireAfterSeconds")
        return None if found is None else int(json.loads(found))

    @property
    def without_expiry(self) -> NormalIndex:
        kept = tuple(o for o in self.options if o[0] != "expireAfterSeconds")
        return replace(self, options=kept)


def normal_index_spec(index: IndexSpec) -> NormalIndex:
    """Return what an index is specified to be."""
    return _normal(dict(index.keys), list(index.keys), dict(index.options))


def normal_live_index(definition: Mapping[str, Any]) -> NormalIndex:
    """Return what an index of a server is.

    Args:
        definition: as ``listIndexes`` says it, in canonical Extended JSON.
    """
    key = normal_value(definition["key"])
    return _normal(key, list(key.items()), definition)


def _normal(
    key: Mapping[str, Any], keys: list[tuple[str, Any]], given: Mapping[str, Any]
) -> NormalIndex:
    options = {
        name: normal_value(value)
        for name, value in given.items()
        if name not in INTERNAL and not (name in FLAGS and not value)
    }
    if "collation" in options:
        options["collation"] = _collation(options["collation"])
        if options["collation"] is None:
            del options["collation"]
    if options.get("expireAfterSeconds") == NEVER:
        del options["expireAfterSeconds"]
    if "_fts" in key or "text" in key.values():
        keys, options = _text(keys, options)
    return NormalIndex(
        tuple((name, normal_value(kind)) for name, kind in keys),
        tuple((name, json.dumps(options[name], sort_keys=True)) for name in sorted(options)),
    )


def _collation(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """All of a collation, its version aside; None for plain comparison of bytes."""
    locale = given.get("locale")
    if locale == "simple":
        return None
    full = COLLATION | OF_LOCALE.get(str(locale), {}) | dict(given)
    full.pop("version", None)
    return full


def _text(
    keys: list[tuple[str, Any]], options: dict[str, Any]
) -> tuple[list[tuple[str, Any]], dict[str, Any]]:
    """A text index: the server keeps its fields as weights, ordered by name, not as keys."""
    weights = dict(options.pop("weights", {}))
    before: list[tuple[str, Any]] = []
    after: list[tuple[str, Any]] = []
    met = False
    for name, kind in keys:
        if name == "_ftsx":
            continue
        if kind == "text":
            met = True
            if name != "_fts":
                weights.setdefault(name, 1)
        else:
            (after if met else before).append((name, kind))
    fields = [(name, "text") for name in sorted(weights)]
    heavy = {name: weight for name, weight in weights.items() if weight != 1}
    if heavy:
        options["weights"] = heavy
    for name, default in (("default_language", "english"), ("language_override", "language")):
        if options.get(name) == default:
            del options[name]
    return [*before, *fields, *after], options
