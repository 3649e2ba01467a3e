"""Sends documents to MongoDB while the next are built."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pymongo.collection import Collection

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.building import Built
from modeler.mongo.sync.writer import Refused, Written, delete, write

# One collection's write waits for the journal of a majority; others need not wait behind it.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """Documents of one collection on their way.

    Attributes:
        collection: where they go.
        built: they and what is gone.
        reply: what became of them; raises what pymongo raised.
    """

    collection: Collection[Any]
    built: Built
    reply: Future[Written]

    def refused(self) -> dict[Key, Refused]:
        """Return what the server did not take, by key; waits for its answer."""
        refusals = self.reply.result().refused
        if not refusals:
            return {}
        by_id = {repr(document.id): key for key, document in self.built.documents.items()}
        return {by_id[repr(refused.id)]: refused for refused in refusals}


@dataclass(slots=True)
class Sending:
    """What a batch sends.

    Attributes:
        pool: threads that wait for the server.
        version: of all documents.
        sent: in the order of sending.
    """

    pool: ThreadPoolExecutor
    version: int
    sent: list[Sent] = field(default_factory=list)

    def send(self, collection: Collection[Any], built: Built) -> None:
        """Begin to write documents, and to delete what is gone."""
        reply = self.pool.submit(_written, collection, built, self.version)
        self.sent.append(Sent(collection, built, reply))

    def to(self, place: str) -> list[Sent]:
        """Return what was sent to a collection of this name."""
        return [one for one in self.sent if one.collection.name == place]


@contextmanager
def sending(pool: ThreadPoolExecutor, version: int) -> Iterator[Sending]:
    """Yield what sends; nothing is on its way any more after the block, whatever happened.

    A write that outlived the batch's locks could do no harm, since its version is older than that
    of whoever has them then; but it could meet the next batch's writes as a conflict.
    """
    made = Sending(pool, version)
    try:
        yield made
    finally:
        wait([one.reply for one in made.sent])


def _written(collection: Collection[Any], built: Built, version: int) -> Written:
    # First what goes: it may hold what another takes over.
    deleted = delete(collection, list(built.gone.values()), version)
    result = write(collection, list(built.documents.values()), version)
    result.deleted = deleted
    return result
