"""A worker: does batch after batch until it is told to stop, through outages of either server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import Error as DatabaseError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from modeler.mongo.sync.batch import BATCH, Batch, Step
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.writer import prepare_tombstones

# Seconds between looks into an empty queue: at once after work, slower the longer it is quiet.
SHORTEST, LONGEST = 0.004, 0.05
AFTER_OUTAGE, LONGEST_OUTAGE = 0.2, 10.0


class Worker:
    """Brings documents up to date until stopped.

    Args:
        settings: the entry of ``DATABASES`` whose rows are followed.
        alias: its name.
        client: of MongoDB.
        database: name of the database there.
        collections: that are followed.
        told: is given what each batch did, and what went wrong as text.
        size: entries a batch at most.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        alias: str,
        client: MongoClient[Any],
        database: str,
        collections: Mapping[str, Followed],
        told: Callable[[Step | str], None] = lambda said: None,
        size: int = BATCH,
    ) -> None:
        self.settings, self.alias = settings, alias
        self.client = client
        self.database: Database[Any] = client.get_database(
            database, write_concern=WriteConcern("majority")
        )
        self.collections = collections
        self.told = told
        self.size = size
        self.stopping = False
        self._open()

    def run(self) -> None:
        """Work until ``stop`` is called."""
        pause, outage = SHORTEST, AFTER_OUTAGE
        prepared = False
        while not self.stopping:
            try:
                if not prepared:
                    prepare_tombstones(self.database)
                    prepared = True
                step = self.batch.run()
                outage = AFTER_OUTAGE
            except (DatabaseError, PyMongoError) as error:
                # The claim was rolled back, so that its entries are in the queue again.
                self.told(f"{type(error).__name__}: {str(error).strip().splitlines()[0]}")
                self.connections.close()
                self._open()
                self._wait(outage)
                outage = min(2 * outage, LONGEST_OUTAGE)
                continue
            if step.entries:
                self.told(step)
                pause = SHORTEST
            else:
                self._wait(pause)
                pause = min(1.5 * pause, LONGEST)
        self.connections.close()

    def drain(self) -> Step:
        """Work until the queue has nothing that can be taken now; return the sum.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer.
        """
        prepare_tombstones(self.database)
        total = Step()
        while (step := self.batch.run()).entries:
            total.entries += step.entries
            total.written += step.written
            total.deleted += step.deleted
            total.stale += step.stale
            total.queued += step.queued
            total.retried += step.retried
            total.dead += step.dead
            total.unknown |= step.unknown
            total.lags += step.lags
        return total

    def stop(self) -> None:
        """Let the batch that runs be the last."""
        self.stopping = True

    def close(self) -> None:
        """Close the connections to PostgreSQL."""
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
