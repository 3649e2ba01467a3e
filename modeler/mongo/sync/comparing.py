"""Compares collections with their rows, and waits for the queue where that matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pymongo import MongoClient

from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import followed
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.processes import Job
from modeler.mongo.sync.settling import LONGEST_WAIT, Settling
from modeler.mongo.sync.status import queue_keys
from modeler.mongo.sync.verify import FOREIGN, Depth, Fault, Verification, Verifier


def verify_collections(
    job: Job,
    client: MongoClient[Any],
    depth: str,
    *,
    repair: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None,
    longest: float = LONGEST_WAIT,
    said: Callable[[str], None] = lambda text: None,
) -> Iterator[Verification]:
    """Compare every collection of a job.

    Args:
        job: what is compared.
        client: of MongoDB.
        depth: see ``Depth``.
        repair: queue what differs, so that workers write it anew.
        progress: told ``(documents done, rows in all, name)``.
        longest: seconds to wait for the queue before differences are looked at again.
        said: is given sentences about that wait.
    """
    connections = WorkerConnections(job.settings, job.alias)
    targets = dict(job.targets)
    settle = Settling(connections.versions, longest, said)
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
            found = verifier.verify(Depth(depth), partial(settle, one), told)
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
