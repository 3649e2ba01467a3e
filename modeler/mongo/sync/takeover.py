"""Lets documents take over unique values that other documents still hold.

All that a batch could not write for that reason is solved at once: the holders are rebuilt too,
as long as they are few enough for one transaction. Where a change moved more of them than that
(every position of a long list by one, for instance), the rest are queued and taken out: they
come back with their own entries, a moment later.
"""

from __future__ import annotations

from collections.abc import Collection as Set
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.building import Built, build
from modeler.mongo.sync.conflicts import holders, older_than, replace_together
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.ids import key_of_id
from modeler.mongo.sync.locks import root_name
from modeler.mongo.sync.status import queue_keys
from modeler.mongo.sync.writer import Refused

# Documents of one transaction (MongoDB manual, "Production Considerations").
TOGETHER = 1_000
# Documents that others refuse to be replaced with are set aside one by one, so many times.
SET_ASIDE = 20
BUSY = -1  # code of a refusal that says nothing about the document
TRY_LOCK = """
SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended(name, 7205759)))
FROM unnest(%s::text[]) AS name
"""


class TakeOver:
    """Solves conflicts of one collection, in one batch.

    Args:
        connections: of the worker.
        client: of MongoDB.
        one: the collection.
        collection: where it lies, with write concern majority.
    """

    def __init__(
        self,
        connections: WorkerConnections,
        client: MongoClient[Any],
        one: Followed,
        collection: Collection[Any],
    ) -> None:
        self.connections, self.client = connections, client
        self.one, self.collection = one, collection

    def run(self, cursor: Any, keys: Set[Key]) -> dict[Key, Refused]:
        """Replace documents together with all that hold values of them.

        Args:
            cursor: of the transaction that has the locks of these documents.
            keys: of the documents.

        Returns:
            those of the keys that were refused still.
        """
        group = set(keys)
        while True:
            # Newer than all that is stored, and read after the locks.
            version = self.connections.next_version()
            built = build(self.connections, self.one, sorted(group), version)
            others = self._holders(built) - group
            if not others:
                return {k: v for k, v in self._replace(built, group, version, keys) if k in keys}
            room = TOGETHER - len(group)
            near = set(sorted(others)[: max(room, 0)])
            if others - near:
                self._take_out(others - near, version)
            if near and not self._try_lock(cursor, near):
                said = "a document that holds its value is being written"
                return {key: Refused(None, BUSY, said) for key in keys}
            group |= near

    def _holders(self, built: Built) -> set[Key]:
        held = holders(self.collection, list(built.documents.values()), self.one.spec.indexes)
        keys = {key_of_id(other, self.one.key_types) for other in held}
        return {key for key in keys if key is not None}

    def _replace(
        self, built: Built, group: set[Key], version: int, keys: Set[Key]
    ) -> list[tuple[Key, Refused]]:
        failed = {key: Refused(None, 17420, why) for key, why in built.failed.items()}
        documents = dict(built.documents)
        by_id = {repr(document.id): key for key, document in documents.items()}

        def apart() -> None:
            """Without transactions documents are away for a moment: not without an entry."""
            queue_keys(self.connections.versions, self.one.watch, sorted(group - set(keys)))

        for _ in range(SET_ASIDE):
            refused = replace_together(
                self.client, self.collection, list(documents.values()),
                list(built.gone.values()), version, apart,
            )  # fmt: skip
            if refused is None:
                return list(failed.items())
            key = by_id.get(repr(refused.id))
            if key is None:
                break
            failed[key] = refused
            documents.pop(key, None)
        assert refused is not None
        return [*failed.items(), *((key, refused) for key in documents)]

    def _take_out(self, keys: Set[Key], version: int) -> None:
        """Delete documents that come back by themselves: queued first, in case of a crash."""
        queue_keys(self.connections.versions, self.one.watch, sorted(keys))
        with self.connections.snapshot() as cursor:
            ids = self.one.builder.ids(cursor, sorted(keys))
        self.collection.delete_many({"_id": {"$in": list(ids.values())}, **older_than(version)})

    def _try_lock(self, cursor: Any, keys: Set[Key]) -> bool:
        """Take further locks without waiting: waiting here could be in a circle."""
        cursor.execute(TRY_LOCK, [[root_name(self.one.name, key) for key in keys]])
        return bool(cursor.fetchone()[0])
