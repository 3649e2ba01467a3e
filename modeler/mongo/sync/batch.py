"""One batch of a worker: claim, lock, take a version, read, write, commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.building import Built, build
from modeler.mongo.sync.claim import Entry, bury, claim, lock, requeue
from modeler.mongo.sync.conflicts import holders, replace_together
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.ids import key_of_id
from modeler.mongo.sync.locks import root_name
from modeler.mongo.sync.roots import Root, wanted
from modeler.mongo.sync.tables import DEAD, TARGET
from modeler.mongo.sync.writer import DUPLICATE_KEY, Refused, delete, write

# More advisory locks than this exhaust the server's lock table when several workers run.
BATCH = 500
ATTEMPTS = 6
FIRST_WAIT = 0.1  # seconds; doubled with every attempt
# Refusals that the same rows would meet again: no validator or size limit changes by waiting.
FINAL = frozenset({121, 10334, 17419, 17420})
# Held shared by every batch, and alone by who renames collections.
SWAP_LOCK = 7_205_760


@dataclass(slots=True)
class Step:
    """What a batch did.

    Attributes:
        entries: claimed.
        written, deleted, stale: documents.
        queued: entries that stand for many, spread out.
        dead: ``(collection, key, reason)`` given up.
        retried: documents that are tried again later.
        unknown: watches without a specification.
        lags: seconds from the change to its document, one a document.
    """

    entries: int = 0
    written: int = 0
    deleted: int = 0
    stale: int = 0
    queued: int = 0
    dead: list[tuple[str, Key, str]] = field(default_factory=list)
    retried: int = 0
    unknown: set[str] = field(default_factory=set)
    lags: list[float] = field(default_factory=list)


class Batch:
    """Does batches, one after the other.

    Args:
        connections: of this worker alone.
        client: of MongoDB.
        database: where the collections lie, with write concern majority.
        collections: that are followed.
        size: entries at most.
    """

    def __init__(
        self,
        connections: WorkerConnections,
        client: MongoClient[Any],
        database: Database[Any],
        collections: Mapping[str, Followed],
        size: int = BATCH,
    ) -> None:
        self.connections = connections
        self.client = client
        self.database = database
        self.collections = collections
        self.size = min(size, BATCH)

    def run(self) -> Step:
        """Claim entries and bring their documents up to date; nothing to do is an empty step.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer; the entries
                are in the queue again.
        """
        step = Step()
        with self.connections.claiming() as cursor:
            entries = claim(cursor, self.size)
            if not entries:
                return step
            step.entries = len(entries)
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWAP_LOCK])
            cursor.fetchall()
            found = wanted(cursor, entries, self.collections, self.database)
            step.unknown = found.unknown
            roots = found.roots
            # What does not fit into a batch goes back, so that no batch has too many locks.
            for root in list(roots)[self.size :]:
                entry = roots.pop(root)
                found.later.append(_as_root(entry, root))
            requeue(cursor, ((entry, 0.0) for entry in found.later))
            step.queued = len(found.later)
            if roots:
                self._bring(cursor, roots, step)
        now = datetime.now(UTC)
        step.lags = [(now - entry.at).total_seconds() for entry in roots.values()]
        return step

    def _bring(self, cursor: Any, roots: Mapping[Root, Entry], step: Step) -> None:
        lock(cursor, [root_name(*root) for root in roots])
        targets = self._targets(cursor)
        version = self.connections.next_version()
        by_collection: defaultdict[str, list[Key]] = defaultdict(list)
        for name, key in roots:
            by_collection[name].append(key)
        done: list[Root] = []
        for name, keys in by_collection.items():
            one = self.collections[name]
            built = build(self.connections, one, keys, version)
            failed: dict[Key, Refused] = {
                key: Refused(None, 17420, reason) for key, reason in built.failed.items()
            }
            for target in targets[name]:
                failed |= self._write(cursor, one, self.database[target], built, version, step)
            for key, refused in failed.items():
                self._failed(cursor, roots[name, key], (name, key), refused, step)
            done += [(name, key) for key in keys if key not in failed]
        self._revive(cursor, done)

    def _targets(self, cursor: Any) -> dict[str, list[str]]:
        """The collections of MongoDB that stand for each: usually the one of the same name."""
        targets = {name: [name] for name in self.collections}
        cursor.execute(f"SELECT collection, name FROM {TARGET} ORDER BY 1, 2")
        for collection, name in cursor.fetchall():
            if collection in targets:
                targets[collection].append(name)
        return targets

    def _write(
        self,
        cursor: Any,
        one: Followed,
        collection: Collection[Any],
        built: Built,
        version: int,
        step: Step,
    ) -> dict[Key, Refused]:
        """Write one collection's documents; return what was refused, by key."""
        # First what goes: it may hold what another takes over.
        step.deleted += delete(collection, list(built.gone.values()), version)
        written = write(collection, list(built.documents.values()), version)
        step.written += written.written
        step.stale += written.stale
        if not written.refused:
            return {}
        by_id = {repr(document.id): key for key, document in built.documents.items()}
        failed: dict[Key, Refused] = {}
        for refused in written.refused:
            key = by_id[repr(refused.id)]
            if refused.code == DUPLICATE_KEY:
                reason = self._take_over(cursor, one, collection, key)
                if not reason:
                    step.written += 1
                    continue
                refused = replace(refused, reason=reason)
            failed[key] = refused
        return failed

    def _take_over(self, cursor: Any, one: Followed, collection: Collection[Any], key: Key) -> str:
        """Replace a document together with all that hold values of it; return why it failed."""
        width = len(one.root.primary_key)
        group = {key}
        while len(group) <= BATCH:
            # Newer than all that is stored, and read after the locks.
            version = self.connections.next_version()
            built = build(self.connections, one, list(group), version)
            if built.failed:
                return next(iter(built.failed.values()))
            documents = list(built.documents.values())
            held = (
                key_of_id(other, width)
                for document in documents
                for other in holders(collection, document, one.spec.indexes)
            )
            others = {other for other in held if other is not None} - group
            if not others:
                gone = list(built.gone.values())
                return replace_together(self.client, collection, documents, gone, version)
            if not self._try_lock(cursor, one.name, others):
                return "a document that holds its value is being written"
            group |= others
        return f"more than {BATCH} documents hold values of each other"

    @staticmethod
    def _try_lock(cursor: Any, collection: str, keys: set[Key]) -> bool:
        """Take further locks without waiting: waiting here could be in a circle."""
        names = [root_name(collection, key) for key in keys]
        cursor.execute(
            "SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(name, 7205759))) "
            "FROM unnest(%s::text[]) AS name",
            [names],
        )
        return bool(cursor.fetchone()[0])

    @staticmethod
    def _failed(cursor: Any, entry: Entry, root: Root, refused: Refused, step: Step) -> None:
        attempts = entry.attempts + 1
        if refused.code in FINAL or attempts >= ATTEMPTS:
            bury(cursor, *root, refused.reason, attempts)
            step.dead.append((*root, refused.reason))
            return
        again = replace(_as_root(entry, root), attempts=attempts)
        requeue(cursor, [(again, FIRST_WAIT * 2**entry.attempts)])
        step.retried += 1

    @staticmethod
    def _revive(cursor: Any, roots: list[Root]) -> None:
        """What was written is no dead letter any more."""
        cursor.execute(f"SELECT EXISTS (SELECT FROM {DEAD})")
        if roots and cursor.fetchone()[0]:
            cursor.executemany(
                f"DELETE FROM {DEAD} WHERE collection = %s AND key = %s::text[]",
                [(name, list(key)) for name, key in roots],
            )


def _as_root(entry: Entry, root: Root) -> Entry:
    name, key = root
    return replace(entry, watch=name, key=key, after=None)
