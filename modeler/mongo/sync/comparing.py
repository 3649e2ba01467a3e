"""Compares collections with their rows, and waits for the queue where that matters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo import MongoClient

from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed, followed, known_watches
from modeler.mongo.sync.install import is_installed
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.processes import Job
from modeler.mongo.sync.status import queue_keys
from modeler.mongo.sync.tables import QUEUE
from modeler.mongo.sync.verify import FOREIGN, Depth, Fault, Verification, Verifier

LONGEST_WAIT = 60.0  # seconds for the queue; without a worker it would never drain


def verify_collections(
    job: Job,
    client: MongoClient[Any],
    depth: str,
    *,
    repair: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None,
    longest: float = LONGEST_WAIT,
) -> Iterator[Verification]:
    """Compare every collection of a job.

    Args:
        job: what is compared.
        client: of MongoDB.
        depth: see ``Depth``.
        repair: queue what differs, so that workers write it anew.
        progress: told ``(documents done, rows in all, name)``.
        longest: seconds to wait for the queue before differences are looked at again.
    """
    connections = WorkerConnections(job.settings, job.alias)
    targets = dict(job.targets)
    try:
        for name, one in followed(job.schema, job.specs).items():
            with connections.versions.cursor() as cursor:
                count = KeyPages(one.root).count(cursor)
            done = 0

            def told(more: int, name: str = name, count: int = count) -> None:
                nonlocal done
                done += more
                progress(done, count, name)

            verifier = Verifier(connections, client[job.database], one, targets.get(name, ""))
            found = verifier.verify(
                Depth(depth), partial(settle, connections.versions, one, longest), told
            )
            if repair and found.differences:
                keys = [
                    each.key
                    for each in found.differences
                    if each.fault is not Fault.UNBUILDABLE and each.detail != FOREIGN
                ]
                queue_keys(connections.versions, one.watch, keys)
            yield found
    finally:
        connections.close()


def settle(connection: BaseDatabaseWrapper, one: Followed, longest: float) -> None:
    """Wait until what a collection's rows went through by now is written, or the time is over.

    What is put back into the queue keeps the time of its change.
    """
    until = time.monotonic() + longest
    with connection.cursor() as cursor:
        if not is_installed(cursor):
            return
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        waits = f"SELECT EXISTS (SELECT FROM {QUEUE} WHERE at <= %s AND watch = ANY(%s))"
        while time.monotonic() < until:
            cursor.execute(waits, [now, known_watches([one])])
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
