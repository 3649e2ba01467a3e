"""Builds the documents of a batch; one that cannot be built does not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bson.errors import BSONError
from django.db import DataError, NotSupportedError

from modeler.mongo.documents.collecting import uncollected
from modeler.mongo.documents.rows import Document
from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.stamp import Stamped, stamp

# What one row's values can be to blame for. All else is of the connection, or of a specification
# that is older than the tables: no reason to give a document up.
OF_A_ROW = (DataError, ValueError, ArithmeticError, TypeError, BSONError)


@dataclass(slots=True)
class Built:
    """Documents of one version.

    Attributes:
        documents: by key.
        gone: keys without a row, with the ``_id`` they had.
        failed: keys whose row cannot become a document, with the reason.
    """

    documents: dict[Key, Stamped] = field(default_factory=dict)
    gone: dict[Key, Any] = field(default_factory=dict)
    failed: dict[Key, str] = field(default_factory=dict)


def build(
    connections: WorkerConnections, one: Followed, keys: Sequence[Key], version: int
) -> Built:
    """Read and build documents in one snapshot.

    Raises:
        django.db.Error: the database does not answer, or has not what is asked for.
    """
    with uncollected():
        try:
            result = Built()
            _build(connections, one, list(keys), version, result)
        except NotSupportedError:
            # "cached plan must not change result type": a table was altered since.
            connections.forget_plans()
            result = Built()
            _build(connections, one, list(keys), version, result)
    return result


def _build(
    connections: WorkerConnections, one: Followed, keys: list[Key], version: int, result: Built
) -> None:
    if not keys:
        return
    try:
        with connections.snapshot() as cursor:
            documents = one.builder.documents(cursor, keys)
            gone = [key for key in keys if key not in documents]
            ids = one.builder.ids(cursor, gone) if gone else {}
    except OF_A_ROW as error:
        if len(keys) == 1:
            result.failed[keys[0]] = reason_of(error)
            return
        middle = len(keys) // 2
        _build(connections, one, keys[:middle], version, result)
        _build(connections, one, keys[middle:], version, result)
        return
    # A key may have been queued in another spelling than its row has (citext, time zones).
    there = {repr(document["_id"]) for document in documents.values()} if gone else set()
    result.gone.update({key: ids[key] for key in gone if repr(ids[key]) not in there})
    for key, document in documents.items():
        _stamp(key, document, version, result)


def _stamp(key: Key, document: Document, version: int, result: Built) -> None:
    try:
        result.documents[key] = stamp(document, version)
    except (BSONError, OverflowError, ValueError, TypeError, RecursionError) as error:
        result.failed[key] = reason_of(error)


def reason_of(error: Exception) -> str:
    """Return why a row cannot become a document, on one line."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, DataError):
        return f"PostgreSQL holds a value that Python or MongoDB cannot: {text}"
    return f"a value has no form in BSON: {text}"
