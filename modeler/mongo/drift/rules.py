"""The rules in which two validators differ, each by the path of its field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modeler.mongo.drift.normal_validator import normal_validator

ABSENT = object()
# Keywords whose value is a schema of its own, and how its path reads.
INSIDE = {"items": "[]", "additionalProperties": ".*", "not": " (not)", "additionalItems": "[…]"}
LISTED = ("required", "enum", "bsonType", "type")


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule that two validators have differently.

    Attributes:
        path: of the field: ``lines[].price``; ``""`` for the document.
        keyword: ``maxLength``, ``required``, ``$expr`` …
        old: its value as JSON; ``""`` where it is missing.
        new: the same on the other side.
    """

    path: str
    keyword: str
    old: str
    new: str

    def rule(self, named: Mapping[str, str] | None = None) -> str:
        """Return the rule in words: ``maxLength of email``, ``the condition total_positive``.

        Args:
            named: what conditions are called, by their text; see ``condition_names``.
        """
        for text in (self.old, self.new):
            if named and self.keyword == "$expr" and text in named:
                return f"the condition {named[text]}"
        return f"{self.keyword} of {self.path}" if self.path else self.keyword


def rule_differences(
    old: dict[str, Any] | None, new: dict[str, Any] | None
) -> tuple[RuleDifference, ...]:
    """Return the rules that differ, by path and keyword; none where both mean the same.

    Args:
        old: a validator in Extended JSON.
        new: another.
    """
    before, after = normal_validator(old), normal_validator(new)
    found = list(_schemas("", before.pop("$jsonSchema", ABSENT), after.pop("$jsonSchema", ABSENT)))
    for key in sorted({*before, *after}):
        found += _parts(key, before.get(key, ABSENT), after.get(key, ABSENT))
    return tuple(sorted(found, key=lambda one: (one.path, one.keyword, one.old, one.new)))


def condition_names(validator: dict[str, Any], names: Sequence[str]) -> dict[str, str]:
    """Return what the parts of a validator's ``$expr`` are called, by the text of differences."""
    texts = _conjuncts(normal_validator(validator).get("$expr", ABSENT))
    return dict(zip(texts, names, strict=True)) if len(texts) == len(names) else {}


def _parts(key: str, old: Any, new: Any) -> Iterator[RuleDifference]:
    """Of expressions that all must hold, each is a rule; their order says nothing."""
    before, after = _conjuncts(old), _conjuncts(new)
    for text in before:
        if text not in after:
            yield RuleDifference("", key, text, "")
    for text in after:
        if text not in before:
            yield RuleDifference("", key, "", text)


def _conjuncts(value: Any) -> list[str]:
    if value is ABSENT:
        return []
    if isinstance(value, dict) and set(value) == {"$and"} and isinstance(value["$and"], list):
        return [_text(part) for part in value["$and"]]
    return [_text(value)]


def _schemas(path: str, old: Any, new: Any) -> Iterator[RuleDifference]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield RuleDifference(
                path, "$jsonSchema" if not path else "rules", _text(old), _text(new)
            )
        return
    for keyword in sorted({*old, *new}):
        before, after = old.get(keyword, ABSENT), new.get(keyword, ABSENT)
        if before == after:
            continue
        if keyword == "properties":
            yield from _properties(path, before, after)
        elif keyword in INSIDE and isinstance(before, dict) and isinstance(after, dict):
            yield from _schemas(path + INSIDE[keyword], before, after)
        elif keyword == "required" and ABSENT not in (before, after):
            yield from _members(path, keyword, before, after)
        else:
            yield RuleDifference(path, keyword, _text(before), _text(after))


def _properties(path: str, old: Any, new: Any) -> Iterator[RuleDifference]:
    before, after = ({} if side is ABSENT else side for side in (old, new))
    for name in sorted({*before, *after}):
        inside = f"{path}.{name}" if path else name
        yield from _schemas(inside, before.get(name, ABSENT), after.get(name, ABSENT))


def _members(path: str, keyword: str, old: list[Any], new: list[Any]) -> Iterator[RuleDifference]:
    """Of required fields, each is a rule on that field."""
    for name in sorted({*old, *new}):
        inside = f"{path}.{name}" if path else name
        if name not in new:
            yield RuleDifference(inside, keyword, "true", "")
        elif name not in old:
            yield RuleDifference(inside, keyword, "", "true")


def _text(value: Any) -> str:
    return "" if value is ABSENT else json.dumps(value, sort_keys=True, ensure_ascii=False)
