"""One batch of a worker: claim, lock, take a version, read, write, commit."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.building import build
from modeler.mongo.sync.claim import Entry, bury, claim, lock, requeue
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed, known_watches
from modeler.mongo.sync.locks import root_name
from modeler.mongo.sync.roots import Root, wanted
from modeler.mongo.sync.sending import AT_ONCE, Sending, Sent, sending
from modeler.mongo.sync.tables import DEAD, TARGET
from modeler.mongo.sync.takeover import BUSY, TakeOver
from modeler.mongo.sync.watch import root_watch
from modeler.mongo.sync.writer import DUPLICATE_KEY, OF_A_DOCUMENT, Refused

# More advisory locks than this exhaust the server's lock table when several workers run.
BATCH = 500
PIECE = 100  # documents that are built before they are sent, while the next are built
ATTEMPTS = 9
FIRST_WAIT, LONGEST_WAIT = 0.1, 10.0  # seconds; doubled with every attempt: 23 s in all
# Refusals that the same rows would meet again: no validator or size limit changes by waiting.
FINAL = frozenset({121}) | OF_A_DOCUMENT


@dataclass(slots=True)
class Step:
    """What a batch did.

    Attributes:
        entries: claimed.
        written, deleted, stale: documents.
        queued: entries that stand for many, spread out.
        dead: ``(collection, key, reason)`` given up.
        retried: documents that are tried again later.
        lags: seconds from the change to its document, one a document.
    """

    entries: int = 0
    written: int = 0
    deleted: int = 0
    stale: int = 0
    queued: int = 0
    dead: list[tuple[str, Key, str]] = field(default_factory=list)
    retried: int = 0
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
        self.known = known_watches(collections.values())
        self.pool = ThreadPoolExecutor(AT_ONCE, "modeler-sends")

    def close(self) -> None:
        """End the threads that wait for MongoDB."""
        self.pool.shutdown()

    def run(self) -> Step:
        """Claim entries and bring their documents up to date; nothing to do is an empty step.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer; the entries
                are in the queue again.
        """
        step = Step()
        with self.connections.claiming() as cursor:
            entries = claim(cursor, self.known, self.size)
            claimed = time.monotonic()
            if not entries:
                return step
            step.entries = len(entries)
            look = self.connections.versions
            found = wanted(look, entries, self.collections, self.database)
            roots = found.roots
            # What does not fit into a batch goes back, so that no batch has too many locks.
            for root in list(roots)[self.size :]:
                entry = roots.pop(root)
                found.later.append(_as_root(entry, root))
            requeue(cursor, ((entry, 0.0) for entry in found.later))
            step.queued = len(found.later)
            if roots:
                self._bring(cursor, roots, step)
        # By one clock each: that of PostgreSQL may differ from ours.
        took = time.monotonic() - claimed
        step.lags = [entry.age + took for entry in roots.values()]
        return step

    def _bring(self, cursor: Any, roots: Mapping[Root, Entry], step: Step) -> None:
        lock(cursor, [root_name(*root) for root in roots])
        targets, dead = self._beside(cursor)
        version = self.connections.next_version()
        by_collection: defaultdict[str, list[Key]] = defaultdict(list)
        for name, key in roots:
            by_collection[name].append(key)
        with sending(self.pool, version) as way, self.connections.one_snapshot():
            failed = {
                name: self._send(way, self.collections[name], keys, targets[name])
                for name, keys in _longest_first(by_collection)
            }
        done: list[Root] = []
        for name, keys in by_collection.items():
            for place in (name, *targets[name]):
                # What is written twice is one document.
                counted = step if place == name else Step()
                for key, why in self._received(cursor, name, way.to(place), counted).items():
                    before = failed[name].get(key)
                    failed[name][key] = why if place == name else _worse(before, why, place)
            # A key may be spelt otherwise in its row than in the queue (citext).
            spelt = {root_name(name, key): key for key in keys}
            failed_keys = set()
            for key, why in failed[name].items():
                queued = key if (name, key) in roots else spelt.get(root_name(name, key), key)
                failed_keys.add(queued)
                # The row may have been renamed after its spelling was asked for.
                entry = roots.get((name, queued)) or roots[name, keys[0]]
                self._failed(cursor, entry, (name, queued), why, step)
            done += [(name, key) for key in keys if key not in failed_keys]
        if dead:
            self._revive(cursor, done)

    def _beside(self, cursor: Any) -> tuple[dict[str, list[str]], bool]:
        """Return the collections that are written beside each, and whether dead letters exist.

        Usually none and none. Asked under the locks: who adds a letter has the document's.
        """
        targets: dict[str, list[str]] = {name: [] for name in self.collections}
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {DEAD}), "
            f"array(SELECT ARRAY[collection, name] FROM {TARGET} ORDER BY 1)"
        )
        dead, found = cursor.fetchone()
        for collection, name in found:
            if collection in targets:
                targets[collection].append(name)
        return targets, dead

    def _send(
        self, way: Sending, one: Followed, keys: Sequence[Key], targets: Sequence[str]
    ) -> dict[Key, Refused]:
        """Build and send one collection's documents; return those that cannot be built."""
        failed: dict[Key, Refused] = {}
        for start in range(0, len(keys), PIECE):
            built = build(self.connections, one, keys[start : start + PIECE], way.version)
            failed |= {k: Refused(None, 17420, reason) for k, reason in built.failed.items()}
            for place in (one.name, *targets):
                way.send(self.database[place], built)
        return failed

    def _received(
        self, cursor: Any, name: str, sent: Iterable[Sent], step: Step
    ) -> dict[Key, Refused]:
        """Count what was written to one place; return what was refused for good, by key."""
        failed: dict[Key, Refused] = {}
        for one in sent:
            written = one.reply.result()
            step.deleted += written.deleted
            step.written += written.written
            step.stale += written.stale
            failed |= one.refused()
            collection = one.collection
        held = {key for key, refused in failed.items() if refused.code == DUPLICATE_KEY}
        if held:
            follow = self.collections[name]
            still = TakeOver(self.connections, self.client, follow, collection).run(cursor, held)
            step.written += len(held) - len(still)
            failed = {key: why for key, why in failed.items() if key not in held} | still
        return failed

    @staticmethod
    def _failed(cursor: Any, entry: Entry, root: Root, refused: Refused, step: Step) -> None:
        attempts = entry.attempts + (refused.code != BUSY)
        if refused.code in FINAL or attempts >= ATTEMPTS:
            bury(cursor, *root, refused.reason, attempts)
            step.dead.append((*root, refused.reason))
            return
        again = replace(_as_root(entry, root), attempts=attempts)
        # Two that are in each other's way must not meet again at the same moment.
        wait = min(FIRST_WAIT * 2**entry.attempts, LONGEST_WAIT) * random.uniform(0.5, 1.5)
        requeue(cursor, [(again, wait)])
        step.retried += 1

    @staticmethod
    def _revive(cursor: Any, roots: list[Root]) -> None:
        """What was written is no dead letter any more."""
        if roots:
            cursor.executemany(
                f"DELETE FROM {DEAD} WHERE collection = %s AND key = %s::text[]",
                [(name, list(key)) for name, key in roots],
            )


def _longest_first(keys: Mapping[str, Sequence[Key]]) -> list[tuple[str, Sequence[Key]]]:
    """What takes longest to write is sent first, while the others are built."""
    return sorted(keys.items(), key=lambda one: -len(one[1]))


def _as_root(entry: Entry, root: Root) -> Entry:
    name, key = root
    return replace(entry, watch=root_watch(name), key=key, after=None)


def _worse(first: Refused | None, second: Refused, target: str) -> Refused:
    """What to do about a document that both collections refused: try again while one may take it.

    While a collection is rebuilt, the new one's refusal says where it happened.
    """
    if first is None:
        return replace(second, reason=f"{target}: {second.reason}")
    return first if first.code not in FINAL or second.code in FINAL else second
