"""Values that change hands: a unique key that another document still holds.

Within one transaction of PostgreSQL two rows may swap what a unique constraint watches, or one
take what another gave away. MongoDB compares on every write, so that the holders are rebuilt
too, and all of them are replaced at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bson import json_util
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, MongoClient
from pymongo.collation import Collation
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, OperationFailure

from modeler.mongo.indexes import IndexSpec
from modeler.mongo.sync.stamp import Stamped
from modeler.mongo.sync.writer import VERSION_PATH

NO_TRANSACTIONS = frozenset({20, 263})


def holders(
    collection: Collection[Any], document: Stamped, indexes: Iterable[IndexSpec]
) -> list[Any]:
    """Return the ``_id`` of every other document that holds a unique value of this one."""
    found: dict[str, Any] = {}
    for index in indexes:
        if not index.unique:
            continue
        options = dict(index.options)
        query: dict[str, Any] = {"_id": {"$ne": document.id}}
        for path, _ in index.keys:
            values = _values(document.raw, path.split("."))
            if path != "_id":
                query[path] = {"$in": values}
        parts = options.get("partialFilterExpression")
        whole = {"$and": [query, json_util.loads(json_util.dumps(parts))]} if parts else query
        collation = Collation(**options["collation"]) if "collation" in options else None
        for one in collection.find(whole, {"_id": 1}, collation=collation):
            found[repr(one["_id"])] = one["_id"]
    return list(found.values())


def replace_together(
    client: MongoClient[Any],
    collection: Collection[Any],
    documents: Sequence[Stamped],
    gone: Sequence[Any],
    version: int,
) -> str:
    """Replace documents that hold each other's values, in one transaction.

    Args:
        client: of the collection.
        collection: with write concern majority.
        documents: all that hold a value of another, of this version.
        gone: what has no row any more.
        version: greater than all that is stored, since the caller has the locks of all of them.

    Returns:
        why it was refused, ``""`` where it was done. A single server without a replica set has
        no transactions; there the documents are away for a moment.
    """
    older = [{VERSION_PATH: {"$lt": Int64(version)}}, {VERSION_PATH: None}]
    ids = [*(one.id for one in documents), *gone]
    operations: list[DeleteOne | InsertOne[Any]] = [
        DeleteOne({"_id": one, "$or": older}) for one in ids
    ]
    operations += [InsertOne(one.raw) for one in documents]
    try:
        try:
            with client.start_session() as session:
                session.with_transaction(
                    lambda running: collection.bulk_write(operations, session=running)
                )
        except OperationFailure as error:
            if error.code not in NO_TRANSACTIONS:
                raise
            collection.bulk_write(operations)
    except BulkWriteError as error:
        first: Mapping[str, Any] = (error.details or {}).get("writeErrors", [{}])[0]
        return str(first.get("errmsg", "refused"))
    return ""


def _values(value: Any, path: Sequence[str]) -> list[Any]:
    """Return what lies at a path, in arrays each element's."""
    if isinstance(value, list):
        return [found for part in value for found in _values(part, path)]
    if not path:
        return [value]
    if not isinstance(value, Mapping | RawBSONDocument):
        return [None]
    return _values(value.get(path[0]), path[1:])
