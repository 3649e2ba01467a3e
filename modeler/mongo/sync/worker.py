"""A worker: does batch after batch until it is told to stop, through outages of either server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import Error as DatabaseError
from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from modeler.mongo.sync.batch import BATCH, Batch, Step
from modeler.mongo.sync.claim import seconds_to_next, unclaimed
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.outages import outage_said, unclaimed_said
from modeler.mongo.sync.writer import prepare_tombstones

# Seconds between looks into an empty queue: at once after work, slower the longer it is quiet.
SHORTEST, LONGEST = 0.004, 0.05
AFTER_OUTAGE, LONGEST_OUTAGE = 0.2, 5.0
LOOK = 10.0  # seconds between looks at what is left to others


class Worker:
    """Brings documents up to date until stopped.

    Args:
        settings: the entry of ``DATABASES`` whose rows are followed.
        alias: its name.
        client: of MongoDB.
        database: name of the database there.
        collections: that are followed.
        told: is given what each batch did, what went wrong as text, and None while it is quiet.
        size: entries a batch at most.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        alias: str,
        client: MongoClient[Any],
        database: str,
        collections: Mapping[str, Followed],
        told: Callable[[Step | str | None], None] = lambda said: None,
        size: int = BATCH,
    ) -> None:
        self.settings, self.alias = settings, alias
        self.client = client
        self.database: Database[Any] = client.get_database(
            database,
            write_concern=WriteConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
        self.collections = collections
        self.told = told
        self.size = size
        self.stopping = False
        self.looked = 0.0
        self.unclaimed: tuple[str, ...] = ()
        self._open()

    def run(self) -> None:
        """Work until ``stop`` is called."""
        pause, outage = SHORTEST, AFTER_OUTAGE
        prepared, since = False, 0.0
        while not self.stopping:
            try:
                if not prepared:
                    prepare_tombstones(self.database)
                    prepared = True
                step = self.batch.run()
                if since:
                    self.told(f"Back after {time.monotonic() - since:.1f} s; nothing was lost.")
                outage, since = AFTER_OUTAGE, 0.0
                self._tell_unclaimed()
            except (DatabaseError, PyMongoError) as error:
                # The claim was rolled back, so that its entries are in the queue again.
                since = since or time.monotonic()
                self.told(f"{outage_said(error)} Trying again; what changes waits in the queue.")
                self.close()
                self._open()
                self._wait(outage)
                outage = min(2 * outage, LONGEST_OUTAGE)
                continue
            if step.entries:
                self.told(step)
                pause = SHORTEST
            else:
                self.told(None)
                self._wait(pause)
                pause = min(1.5 * pause, LONGEST)
        self.close()

    def drain(self) -> Step:
        """Work until the queue has nothing left to try; return the sum.

        What was refused is tried again after its wait.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer.
        """
        prepare_tombstones(self.database)
        total = Step()
        while not self.stopping:
            step = self.batch.run()
            if not step.entries:
                with self.connections.versions.cursor() as cursor:
                    left = seconds_to_next(cursor, self.batch.known)
                if left is None:
                    break
                self._wait(left)
                continue
            total.entries += step.entries
            total.written += step.written
            total.deleted += step.deleted
            total.stale += step.stale
            total.queued += step.queued
            total.retried += step.retried
            total.dead += step.dead
            total.lags += step.lags
        return total

    def _tell_unclaimed(self) -> None:
        """Say which entries are left to others, when these are others than before."""
        if time.monotonic() < self.looked + LOOK:
            return
        self.looked = time.monotonic()
        with self.connections.versions.cursor() as cursor:
            found = unclaimed(cursor, self.batch.known)
        names = tuple(watch for watch, _ in found)
        if names and names != self.unclaimed:
            self.told(unclaimed_said(found))
        self.unclaimed = names

    def stop(self) -> None:
        """Let the batch that runs be the last."""
        self.stopping = True

    def close(self) -> None:
        """Close the connections to PostgreSQL, and end the threads."""
        self.batch.close()
        self.connections.close()

    def _open(self) -> None:
        self.connections = WorkerConnections(self.settings, self.alias)
        self.batch = Batch(
            self.connections, self.client, self.database, self.collections, self.size
        )

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
