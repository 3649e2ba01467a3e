"""Reading the catalog of a MongoDB database.

Source: MongoDB manual, "listCollections", "listIndexes", "$collStats", "Config Database".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from modeler.mongo.drift.live import LiveCollection, LiveIndex, LiveKind
from modeler.mongo.extended import codec_options, to_extended
from modeler.mongo.server import said_clearly
from modeler.mongo.server_facts import ServerFacts, Topology

if TYPE_CHECKING:
    from pymongo.database import Database

KINDS = {"view": LiveKind.VIEW, "timeseries": LiveKind.TIME_SERIES}


def read_collections(
    database: Database[dict[str, Any]], names: Iterable[str], facts: ServerFacts
) -> dict[str, LiveCollection]:
    """Return the collections of these names that are there, by name.

    Args:
        database: to read; nothing is written.
        names: of collections.
        facts: of the server, which tell whether collections may be sharded.

    Raises:
        ServerError: the catalog cannot be read.
    """
    exact = database.with_options(codec_options=codec_options())
    with said_clearly():
        found = exact.list_collections(filter={"name": {"$in": list(names)}})
        listed = {entry["name"]: entry for entry in found}
        keys = _shard_keys(exact, listed) if facts.topology is Topology.SHARDED else {}
        return {
            name: _collection(exact, entry, keys.get(name, ())) for name, entry in listed.items()
        }


def _collection(
    database: Database[dict[str, Any]], entry: Mapping[str, Any], shard_key: tuple[str, ...]
) -> LiveCollection:
    name = entry["name"]
    kind = KINDS.get(entry["type"], LiveKind.COLLECTION)
    options = to_extended(dict(entry.get("options", {})))
    if kind is not LiveKind.COLLECTION:
        return LiveCollection(name, kind, options)
    return LiveCollection(
        name,
        kind,
        options,
        indexes=tuple(_indexes(database, name)),
        documents=database[name].estimated_document_count(),
        shard_key=shard_key,
    )


def _indexes(database: Database[dict[str, Any]], name: str) -> Iterable[LiveIndex]:
    # Without the builds' identifiers, an index half built looks like a finished one.
    listing = {"listIndexes": name, "includeBuildUUIDs": True, "cursor": {"batchSize": 1000}}
    first = database.command(listing)["cursor"]["firstBatch"]  # at most 64 indexes
    for entry in first:
        definition = entry.get("spec", entry)
        yield LiveIndex(definition["name"], to_extended(dict(definition)), "buildUUID" in entry)


def _shard_keys(
    database: Database[dict[str, Any]], names: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    spaces = {f"{database.name}.{name}": name for name in names}
    found = database.client["config"]["collections"].find({"_id": {"$in": list(spaces)}})
    return {spaces[entry["_id"]]: tuple(entry["key"]) for entry in found if entry.get("key")}
