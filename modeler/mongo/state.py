"""What is known between two runs: the collection ``modeler_state`` of the same database.

A document a collection: ``{"_id": {"collection": name}, "spec": JSON of what was applied,
"applied": date, "hidden": [{"index": name, "since": date}], "step": sentence, "at": date}``;
others of the sync's own lie beside it. It holds nothing that
a run could not do without: lost, hidden indexes wait anew, and what models changed since the last
apply cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from modeler.errors import FormatError
from modeler.mongo.drift.target import Target, from_json, to_json
from modeler.mongo.server import said_clearly

if TYPE_CHECKING:
    from pymongo.database import Database

COLLECTION = "modeler_state"
# Collections of modeler's own, which no table's can be called.
RESERVED = frozenset({COLLECTION, "modeler_tombstones"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one collection.

    Attributes:
        applied: what was applied last; None before, or where it cannot be read.
        at: when.
        hidden: since when indexes are hidden, by name.
        step: what was done last.
    """

    applied: Target | None = None
    at: datetime | None = None
    hidden: tuple[tuple[str, datetime], ...] = ()
    step: str = ""

    def hidden_since(self, index: str) -> datetime | None:
        return dict(self.hidden).get(index)


def read_state(
    database: Database[dict[str, Any]], names: Iterable[str] | None = None
) -> dict[str, Standing]:
    """Return what is known of collections, by name; of all unless some are named.

    Raises:
        ServerError: it cannot be read.
    """
    chosen: dict[str, Any] = {"_id.collection": {"$exists": True}}
    if names is not None:
        chosen = {"_id": {"$in": [{"collection": name} for name in names]}}
    with said_clearly():
        found = list(database[COLLECTION].find(chosen))
    return {str(entry["_id"]["collection"]): _standing(entry) for entry in found}


def applied_command(target: Target) -> dict[str, Any]:
    """Return the command that notes that a collection is as specified."""
    # A literal: in a pipeline, text with a dollar before it would be a path.
    return _update(target.name, {"spec": {"$literal": to_json(target)}, "applied": "$$NOW"})


def step_command(name: str, sentence: str) -> dict[str, Any]:
    """Return the command that notes what was done last with a collection."""
    return _update(name, {"step": {"$literal": sentence}, "at": "$$NOW"})


def hidden_command(name: str, index: str) -> dict[str, Any]:
    """Return the command that notes since when an index is hidden; an earlier note stays."""
    held = {"$ifNull": ["$hidden", []]}
    noted = {"$in": [index, {"$ifNull": ["$hidden.index", []]}]}
    added = {"$concatArrays": [held, [{"index": index, "since": "$$NOW"}]]}
    return _update(name, {"hidden": {"$cond": [noted, held, added]}})


def shown_command(name: str, index: str) -> dict[str, Any]:
    """Return the command that forgets that an index was hidden: it serves again, or is gone."""
    others = {"$ne": ["$$this.index", index]}
    kept = {"$filter": {"input": {"$ifNull": ["$hidden", []]}, "cond": others}}
    return _update(name, {"hidden": kept})


def _update(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Times are the server's, so that runs from several machines agree."""
    change = {"q": {"_id": {"collection": name}}, "u": [{"$set": fields}], "upsert": True}
    return {"update": COLLECTION, "updates": [change]}


def _standing(entry: dict[str, Any]) -> Standing:
    applied: Target | None = None
    if isinstance(entry.get("spec"), str):
        try:
            applied = from_json(entry["spec"])
        except FormatError:
            applied = None  # the next apply writes it anew
    return Standing(
        applied=applied,
        at=_moment(entry.get("applied")),
        hidden=tuple(
            (str(one["index"]), since)
            for one in entry.get("hidden", ())
            if (since := _moment(one["since"])) is not None
        ),
        step=str(entry.get("step", "")),
    )


def _moment(value: Any) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None
