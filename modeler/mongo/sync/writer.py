"""Writes documents of known versions, so that a newer one is never undone.

Sources: MongoDB manual, "Updates with Aggregation Pipeline", "Unique Indexes". A single
document is written atomically: the pipeline compares versions and replaces in one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bson.errors import InvalidDocument
from bson.int64 import Int64
from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure

from modeler.mongo.sync.stamp import LARGEST_DOCUMENT, Stamped
from modeler.mongo.validator import SYNC_FIELD

TOMBSTONES = "modeler_tombstones"
TOMBSTONE_DAYS = 7
DUPLICATE_KEY, TOO_LARGE = 11000, 10334
# Codes of commands that one document makes impossible: values of the wrong kind, too deep, too
# large, not BSON (src/mongo/base/error_codes.yml).
OF_A_DOCUMENT = frozenset({2, 9, 14, 15, 22, 52, 53, 55, 57, TOO_LARGE, 17419, 17420, 17280})
VERSION_PATH = f"{SYNC_FIELD}.v"


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the server did not take.

    Attributes:
        id: its ``_id``.
        code: the server's number of the error.
        reason: a sentence.
        key: of a duplicate, the field values that another document holds.
    """

    id: Any
    code: int
    reason: str
    key: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Written:
    """What became of a batch."""

    written: int = 0
    inserted: int = 0
    stale: int = 0
    deleted: int = 0
    refused: list[Refused] = field(default_factory=list)


def write(collection: Collection[Any], documents: Sequence[Stamped], version: int) -> Written:
    """Write documents where nobody has written a newer version, insert those that are missing.

    Args:
        collection: with write concern majority.
        documents: of this version.
        version: see ``version_of``.

    A document that was deleted at a newer version is not brought back: the tombstone is looked
    for after an insert and the insert undone. Who dies in between has not taken the entry off
    the queue, so that the next worker finds the row gone.
    """
    result = Written()
    sent = []
    for one in documents:
        if one.size > LARGEST_DOCUMENT:
            result.refused.append(Refused(one.id, TOO_LARGE, too_large(one.size)))
        else:
            sent.append(one)
    if not sent:
        return result
    operations = [guarded(one, version) for one in sent]
    reply = _bulk(collection, operations, [one.id for one in sent], result)
    result.inserted = len(reply.upserted)
    result.written = reply.modified + result.inserted
    result.stale = len(sent) - len(result.refused) - result.written
    _bury(collection, reply.upserted, version)
    return result


def insert_new(collection: Collection[Any], documents: Sequence[Stamped], version: int) -> Written:
    """Write documents of which most are not there yet: faster than ``write``, as safe.

    What is there already is written with the guard.
    """
    result = Written()
    sent = [one for one in documents if one.size <= LARGEST_DOCUMENT]
    result.refused += [
        Refused(one.id, TOO_LARGE, too_large(one.size))
        for one in documents
        if one.size > LARGEST_DOCUMENT
    ]
    first = Written()
    if sent:
        reply = _bulk(collection, [InsertOne(o.raw) for o in sent], [o.id for o in sent], first)
        result.inserted = result.written = reply.inserted
    there = {
        repr(refused.id)
        for refused in first.refused
        if refused.code == DUPLICATE_KEY and set(refused.key or ()) == {"_id"}
    }
    result.refused += [one for one in first.refused if repr(one.id) not in there]
    refused = {repr(one.id) for one in first.refused}
    _bury(collection, [one.id for one in sent if repr(one.id) not in refused], version)
    again = write(collection, [one for one in sent if repr(one.id) in there], version)
    result.written += again.written
    result.stale += again.stale
    result.refused += again.refused
    return result


def guarded(document: Stamped, version: int) -> UpdateOne:
    """Return the update that replaces an older version, or inserts."""
    older = {"$lt": [{"$ifNull": [f"${VERSION_PATH}", Int64(-1)]}, Int64(version)]}
    replaced = {"$cond": [older, {"$literal": document.raw}, "$$ROOT"]}
    return UpdateOne({"_id": document.id}, [{"$replaceWith": replaced}], upsert=True)


def delete(collection: Collection[Any], ids: Sequence[Any], version: int) -> int:
    """Delete documents of older versions, and keep from coming back what is on its way.

    Returns:
        how many were there.
    """
    if not ids:
        return 0
    now = datetime.now(UTC)
    tombstones = collection.database[TOMBSTONES]
    tombstones.bulk_write(
        [
            UpdateOne(
                {"_id": {"c": collection.name, "k": one}},
                {"$max": {"v": Int64(version)}, "$set": {"at": now}},
                upsert=True,
            )
            for one in ids
        ],
        ordered=False,
    )
    older = [{VERSION_PATH: {"$lt": Int64(version)}}, {VERSION_PATH: None}]
    done = collection.bulk_write(
        [DeleteOne({"_id": one, "$or": older}) for one in ids], ordered=False
    )
    return done.deleted_count


def prepare_tombstones(database: Any) -> None:
    """Let tombstones go by themselves after a week, longer than any write is on its way."""
    database[TOMBSTONES].create_index(
        "at", name="mdl_tombstones", expireAfterSeconds=TOMBSTONE_DAYS * 86_400
    )


def too_large(size: int) -> str:
    """Say that a document does not fit."""
    return (
        f"the document has {size / 2**20:.1f} MiB and MongoDB takes 16; embed less of it "
        "(a subset, or a collection of its own)"
    )


def _bury(collection: Collection[Any], inserted: Iterable[Any], version: int) -> None:
    """Take out again what was inserted though a newer version had deleted it."""
    named = [{"c": collection.name, "k": one} for one in inserted]
    if not named:
        return
    dead = collection.database[TOMBSTONES].find(
        {"_id": {"$in": named}, "v": {"$gt": Int64(version)}}
    )
    ids = [one["_id"]["k"] for one in dead]
    if ids:
        collection.bulk_write(
            [DeleteOne({"_id": one, VERSION_PATH: Int64(version)}) for one in ids], ordered=False
        )


@dataclass(slots=True)
class _Reply:
    """What the server says of operations."""

    inserted: int = 0
    modified: int = 0
    upserted: list[Any] = field(default_factory=list)


def _bulk(
    collection: Collection[Any], operations: Sequence[Any], ids: Sequence[Any], result: Written
) -> _Reply:
    """Send operations; what the server refuses goes into the result.

    A command that it refuses as a whole for one document's sake is halved until that one is
    alone: else it would keep all others from ever being written.
    """
    try:
        return _reply(collection.bulk_write(operations, ordered=False).bulk_api_result)
    except BulkWriteError as error:
        details = error.details or {}
        for one in details.get("writeErrors", ()):
            result.refused.append(refused_by(ids[one["index"]], one))
        if details.get("writeConcernErrors"):
            raise
        return _reply(details)
    except (OperationFailure, DocumentTooLarge, InvalidDocument) as error:
        code = getattr(error, "code", None) or TOO_LARGE
        if code not in OF_A_DOCUMENT:
            raise
        if len(operations) == 1:
            result.refused.append(Refused(ids[0], code, str(error).partition(", full error")[0]))
            return _Reply()
    middle = len(operations) // 2
    first = _bulk(collection, operations[:middle], ids[:middle], result)
    second = _bulk(collection, operations[middle:], ids[middle:], result)
    return _Reply(
        first.inserted + second.inserted,
        first.modified + second.modified,
        first.upserted + second.upserted,
    )


def _reply(details: Mapping[str, Any]) -> _Reply:
    upserted = [one["_id"] for one in details["upserted"]]
    return _Reply(details["nInserted"], details["nModified"], upserted)


def refused_by(document_id: Any, error: Mapping[str, Any]) -> Refused:
    """Return a refusal out of what the server says of one operation."""
    code = int(error.get("code", 0))
    key = error.get("keyValue")
    if code == DUPLICATE_KEY:
        named = ", ".join(f"{name} {value!r}" for name, value in (key or {}).items())
        return Refused(document_id, code, f"another document has {named}", key)
    info = error.get("errInfo")
    reason = str(error.get("errmsg", "refused"))
    return Refused(document_id, code, f"{reason}: {info}" if info else reason)
