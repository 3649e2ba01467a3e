"""What a collection is: a reading of a server's catalog, in Extended JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modeler.mongo.drift.normal_index import NormalIndex, normal_live_index

# Names of the indexes that modeler makes begin so (modeler/mongo/indexes.py).
OURS = "mdl_"


class LiveKind(StrEnum):
    """What a name of a database stands for."""

    COLLECTION = "collection"
    VIEW = "view"
    TIME_SERIES = "time series"


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """An index as ``listIndexes`` says it.

    Attributes:
        name: unique in its collection.
        definition: all of it in canonical Extended JSON.
        building: it is still being built.
    """

    name: str
    definition: dict[str, Any]
    building: bool = False

    @property
    def ours(self) -> bool:
        return self.name.startswith(OURS)

    @property
    def hidden(self) -> bool:
        return bool(self.definition.get("hidden"))

    @property
    def prepared(self) -> bool:
        """New duplicates are refused already; old ones may be there."""
        return bool(self.definition.get("prepareUnique"))

    @property
    def of_key(self) -> bool:
        """Whether it is the one on ``_id``, which the server makes itself."""
        return self.name == "_id_" or bool(self.definition.get("clustered"))

    def normal(self) -> NormalIndex:
        return normal_live_index(self.definition)


def matching(held: Iterable[LiveIndex], normal: NormalIndex) -> LiveIndex | None:
    """Return an index that does what is specified: one that serves, and ours, before others."""
    found = [index for index in held if index.normal() == normal]
    return min(found, key=lambda i: (i.building, i.hidden, not i.ours), default=None)


@dataclass(frozen=True, slots=True)
class LiveCollection:
    """A collection, view or time series.

    Attributes:
        name: in its database.
        kind: see LiveKind.
        options: as ``listCollections`` says them, in canonical Extended JSON.
        indexes: in the order they were made.
        documents: how many, by the server's own count.
        shard_key: fields in order; none where it is not sharded.
    """

    name: str
    kind: LiveKind = LiveKind.COLLECTION
    options: dict[str, Any] = field(default_factory=dict)
    indexes: tuple[LiveIndex, ...] = ()
    documents: int = 0
    shard_key: tuple[str, ...] = ()

    @property
    def validator(self) -> dict[str, Any] | None:
        return self.options.get("validator") or None

    @property
    def level(self) -> str:
        return str(self.options.get("validationLevel", "strict"))

    @property
    def action(self) -> str:
        return str(self.options.get("validationAction", "error"))

    @property
    def prepared(self) -> bool:
        """Whether it is on the way to the level ``constraint``."""
        return bool(self.options.get("prepareConstraintValidationLevel"))

    @property
    def capped(self) -> bool:
        return bool(self.options.get("capped"))

    @property
    def collation(self) -> dict[str, Any] | None:
        """What its indexes compare text by, unless they say otherwise."""
        return self.options.get("collation")
