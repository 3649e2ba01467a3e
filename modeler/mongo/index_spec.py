"""An index of a collection, as a value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Direction = int | str
# Options that change what an index refuses or deletes, not which queries it serves. Two indexes
# that differ in these alone cannot be beside each other.
DUTIES = frozenset({"unique", "expireAfterSeconds"})


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """An index of a collection.

    Attributes:
        name: deterministic: ``mdl_`` and a hash of keys and options.
        keys: ``(field, 1 | -1 | "hashed" | "text")`` in order; ``field.$**`` for a wildcard.
        options: ``unique``, ``partialFilterExpression``, ``collation``, ``weights`` … in
            Extended JSON, by name.
        source: the index or constraint of PostgreSQL that it stands for.
        note: what differs from there.
    """

    name: str
    keys: tuple[tuple[str, Direction], ...]
    options: tuple[tuple[str, Any], ...]
    source: str
    note: str = ""

    @property
    def unique(self) -> bool:
        return bool(dict(self.options).get("unique"))

    @property
    def duties(self) -> tuple[tuple[str, Any], ...]:
        """The options by which it refuses or deletes."""
        return tuple((name, value) for name, value in self.options if name in DUTIES)

    @property
    def serving(self) -> tuple[tuple[str, Any], ...]:
        """The options that matter to a query which it serves."""
        return tuple((name, value) for name, value in self.options if name not in DUTIES)

    @property
    def paths(self) -> tuple[str, ...]:
        """Fields that the key or the filter names, each once."""
        named = [name for name, _ in self.keys]
        named += _named(dict(self.options).get("partialFilterExpression", {}))
        return tuple(dict.fromkeys(named))


def _named(condition: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for name, value in condition.items():
        if name in ("$and", "$or"):
            names += [inner for part in value for inner in _named(part)]
        else:
            names.append(name)
    return names


def named_index(
    keys: tuple[tuple[str, Direction], ...], options: dict[str, Any], source: str, note: str = ""
) -> IndexSpec:
    """Return an index whose name is made of what it is."""
    text = json.dumps([keys, options], sort_keys=True)
    name = "mdl_" + hashlib.sha256(text.encode()).hexdigest()[:12]
    return IndexSpec(name, keys, tuple(sorted(options.items())), source, note)


def noted(indexes: Iterable[IndexSpec], note: str) -> list[IndexSpec]:
    """Return indexes with a further clause in their notes."""
    if not note:
        return list(indexes)
    return [replace(one, note="; ".join(filter(None, (one.note, note)))) for one in indexes]
