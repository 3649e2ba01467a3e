"""Values that change hands: a unique key that another document still holds.

Within one transaction of PostgreSQL two rows may swap what a unique constraint watches, or one
take what another gave away. MongoDB compares on every write, so that the holders are rebuilt
too, and all of them are replaced at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bson import json_util
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, MongoClient
from pymongo.collation import Collation
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, OperationFailure

from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.sync.stamp import Stamped
from modeler.mongo.sync.writer import VERSION_PATH, Refused, refused_by

NO_TRANSACTIONS = frozenset({20, 263})
ALTERNATIVES = 100  # of one query: its text must stay far below 16 MiB


def holders(
    collection: Collection[Any], documents: Sequence[Stamped], indexes: Iterable[IndexSpec]
) -> list[Any]:
    """Return the ``_id`` of every other document that holds a unique value of these."""
    found: dict[str, Any] = {}
    own = {repr(document.id) for document in documents}
    for index in indexes:
        if not index.unique:
            continue
        options = dict(index.options)
        parts = options.get("partialFilterExpression")
        condition = [json_util.loads(json_util.dumps(parts))] if parts else []
        collation = Collation(**options["collation"]) if "collation" in options else None
        wanted = [_held(document, index) for document in documents]
        for start in range(0, len(wanted), ALTERNATIVES):
            query = {"$and": [{"$or": wanted[start : start + ALTERNATIVES]}, *condition]}
            for one in collection.find(query, {"_id": 1}, collation=collation):
                if repr(one["_id"]) not in own:
                    found[repr(one["_id"])] = one["_id"]
    return list(found.values())


def _held(document: Stamped, index: IndexSpec) -> dict[str, Any]:
    """Match what has this document's values under an index."""
    return {
        path: {"$in": _values(document.raw, path.split(".")) or [None]} for path, _ in index.keys
    }


def older_than(version: int) -> dict[str, Any]:
    """Match documents of older versions, and of none."""
    return {"$or": [{VERSION_PATH: {"$lt": Int64(version)}}, {VERSION_PATH: None}]}


def replace_together(
    client: MongoClient[Any],
    collection: Collection[Any],
    documents: Sequence[Stamped],
    gone: Sequence[Any],
    version: int,
    apart: Callable[[], None] = lambda: None,
) -> Refused | None:
    """Replace documents that hold each other's values, in one transaction.

    Args:
        client: of the collection.
        collection: with write concern majority.
        documents: all that hold a value of another, of this version.
        gone: what has no row any more.
        version: greater than all that is stored, since the caller has the locks of all of them.
        apart: called before documents are away for a moment: a single server without a replica
            set has no transactions.

    Returns:
        the first document that was refused, and why; None where all was done.
    """
    ids = [*(one.id for one in documents), *gone]
    operations: list[DeleteOne | InsertOne[Any]] = [
        DeleteOne({"_id": one, **older_than(version)}) for one in ids
    ]
    operations += [InsertOne(one.raw) for one in documents]
    if not operations:
        return None
    try:
        try:
            with client.start_session() as session:
                session.with_transaction(
                    lambda running: collection.bulk_write(operations, session=running)
                )
        except OperationFailure as error:
            if error.code not in NO_TRANSACTIONS:
                raise
            apart()
            collection.bulk_write(operations)
    except BulkWriteError as error:
        first: Mapping[str, Any] = ((error.details or {}).get("writeErrors") or [{}])[0]
        place = first.get("index", 0) - len(ids)
        return refused_by(documents[place].id if place >= 0 else None, first)
    return None


def _values(value: Any, path: Sequence[str]) -> list[Any]:
    """Return what lies at a path, in arrays each element's."""
    if isinstance(value, list):
        return [found for part in value for found in _values(part, path)]
    if not path:
        return [value]
    if not isinstance(value, Mapping | RawBSONDocument):
        return [None]
    return _values(value.get(path[0]), path[1:])
