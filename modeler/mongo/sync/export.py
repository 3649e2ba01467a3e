"""Writes all documents of a collection: in ranges of keys that workers share, and can resume.

What is there already is written with the guard, so that an export can run beside workers, twice,
or again after it was stopped: the result is the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bson.int64 import Int64
from pymongo import ReadPreference, ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.building import build
from modeler.mongo.sync.claim import lock
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.install import is_installed
from modeler.mongo.sync.locks import root_name
from modeler.mongo.sync.outages import tried_twice
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.stamp import version_of
from modeler.mongo.sync.status import queue_keys_by
from modeler.mongo.sync.writer import DUPLICATE_KEY, insert_new, prepare_tombstones

EXPORTS = "modeler_exports"
PAGE = 500
RANGE = 5_000
UNVERSIONED_EPOCH = 0
UNVERSIONED = {"versions": "unversioned"}


@dataclass(frozen=True, slots=True)
class Range:
    """A part of an export: keys after the first, up to and with the last; None at the ends."""

    number: int
    after: Key | None
    last: Key | None


@dataclass(slots=True)
class Exported:
    """What became of a range, or of all.

    Attributes:
        documents: written, or found to be newer there.
        bytes: of the documents.
        refused: ``(key, reason)``.
        left: to workers, through the queue: others still hold values of theirs.
        seconds: it took.
    """

    documents: int = 0
    bytes: int = 0
    refused: list[tuple[Key, str]] = field(default_factory=list)
    left: int = 0
    seconds: float = 0.0

    def add(self, other: Exported) -> None:
        self.documents += other.documents
        self.bytes += other.bytes
        self.refused += other.refused
        self.left += other.left


def ranges(cursor: Any, one: Followed, rows: int = RANGE) -> tuple[Range, ...]:
    """Cut a root table into ranges of so many rows; the last has no end, for rows to come."""
    cuts = KeyPages(one.root).cuts(cursor, rows)
    ends: list[Key | None] = [*cuts, None]
    starts: list[Key | None] = [None, *cuts]
    return tuple(
        Range(number, after, last)
        for number, (after, last) in enumerate(zip(starts, ends, strict=True))
    )


class Exporter:
    """Exports ranges of one collection, in one process.

    Args:
        connections: of this process.
        database: of MongoDB.
        one: the collection.
        target: its name there, the specification's if not given.
    """

    def __init__(
        self,
        connections: WorkerConnections,
        database: Database[Any],
        one: Followed,
        target: str = "",
    ) -> None:
        self.connections = connections
        self.one = one
        self.collection: Collection[Any] = database.get_collection(
            target or one.name,
            write_concern=WriteConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
        self.states: Collection[Any] = database.get_collection(
            EXPORTS, write_concern=WriteConcern("majority")
        )
        self.pages = KeyPages(one.root)
        with connections.versions.cursor() as cursor:
            self.versioned = is_installed(cursor)

    def export(self, part: Range, progress: Callable[[int], None] = lambda done: None) -> Exported:
        """Write the documents of a range.

        Args:
            part: of ``ranges``.
            progress: told after every page how many documents it had.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer.
        """
        started = time.perf_counter()
        result = Exported()
        after = part.after
        while keys := self._keys(after, part.last):
            tried_twice(partial(self._page, keys, result))
            progress(len(keys))
            after = keys[-1]
        result.seconds = time.perf_counter() - started
        return result

    def _keys(self, after: Key | None, last: Key | None) -> list[Key]:
        with self.connections.versions.cursor() as cursor:
            return self.pages.page(cursor, after, last, PAGE)

    def _page(self, keys: Sequence[Key], result: Exported) -> None:
        with self.connections.claiming() as cursor:
            # Versions and snapshots of one document must have the same order, also with a worker.
            lock(cursor, [root_name(self.one.name, key) for key in keys])
            version = self._version()
            built = build(self.connections, self.one, keys, version)
            documents = list(built.documents.values())
            written = insert_new(self.collection, documents, version)
            by_id = {repr(document.id): key for key, document in built.documents.items()}
            held = [
                by_id[repr(one.id)]
                for one in written.refused
                if one.code == DUPLICATE_KEY and self.versioned
            ]
            # Values that are changing hands are what workers know to solve.
            queue_keys_by(cursor, self.one.watch, held)
        result.left += len(held)
        refused = [one for one in written.refused if by_id[repr(one.id)] not in set(held)]
        result.refused += [(by_id[repr(one.id)], one.reason) for one in refused]
        result.refused += built.failed.items()
        result.documents += len(documents) - len(written.refused)
        result.bytes += sum(document.size for document in documents)

    def _version(self) -> int:
        if self.versioned:
            return self.connections.next_version()
        # Without the sequence: hundredths of a second, older than what any worker will write; and
        # counted on where the clock of this machine is behind that of an earlier export's.
        now = Int64(time.time() * 100)
        counted = self.states.find_one_and_update(
            {"_id": UNVERSIONED},
            [{"$set": {"n": {"$max": [{"$add": [{"$ifNull": ["$n", 0]}, 1]}, now]}}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        assert counted is not None
        return version_of(UNVERSIONED_EPOCH, counted["n"])


class Progress:
    """Which ranges of an export are done, kept in MongoDB beside what they wrote.

    Args:
        database: of MongoDB.
        target: collection that is exported to.
        fingerprint: of the specification; another one begins anew.
    """

    def __init__(self, database: Database[Any], target: str, fingerprint: str) -> None:
        self.states = database.get_collection(EXPORTS, write_concern=WriteConcern("majority"))
        self.id = {"export": target}
        self.fingerprint = fingerprint

    def begin(self, parts: Sequence[Range], *, again: bool) -> list[Range]:
        """Return the ranges that are left of an unfinished export, or those of a new one."""
        state = self.states.find_one({"_id": self.id})
        if state and not again and state["fingerprint"] == self.fingerprint and state["left"]:
            return [
                Range(number, _key(after), _key(last)) for number, after, last in state["left"]
            ]
        left = [[part.number, part.after, part.last] for part in parts]
        self.states.replace_one(
            {"_id": self.id}, {"fingerprint": self.fingerprint, "left": left}, upsert=True
        )
        return list(parts)

    def done(self, part: Range) -> None:
        """Note that a range is written."""
        self.states.update_one({"_id": self.id}, {"$pull": {"left": {"$in": [_stored(part)]}}})


def prepare(database: Database[Any]) -> None:
    """Make what exports and workers need in MongoDB."""
    prepare_tombstones(database)


def _stored(part: Range) -> list[Any]:
    after = list(part.after) if part.after else None
    return [part.number, after, list(part.last) if part.last else None]


def _key(stored: list[str] | None) -> Key | None:
    return None if stored is None else tuple(stored)
