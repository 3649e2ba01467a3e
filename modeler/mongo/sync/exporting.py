"""Exports collections, one after the other, each by several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from pymongo import MongoClient

from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Exported, Progress, ranges
from modeler.mongo.sync.followed import followed
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.processes import ExportProcesses, Job, Said
from modeler.mongo.sync.writer import prepare_tombstones

Told = Callable[[int, int, str], None]


def export_collections(
    job: Job,
    workers: int,
    *,
    again: bool = False,
    progress: Told = lambda done, of, name: None,
) -> Iterator[tuple[str, Exported, float]]:
    """Export every collection of a job, and yield ``(name, what became of it, seconds)``.

    Args:
        job: what is exported, from where and where to.
        workers: processes.
        again: begin anew, also where an export was stopped.
        progress: told ``(documents done, documents in all, name)``.

    Raises:
        ServerError: a process failed; the next run goes on from there.
    """
    client: MongoClient[Any] = MongoClient(job.url, serverSelectionTimeoutMS=5_000)
    connections = WorkerConnections(job.settings, job.alias)
    targets = dict(job.targets)
    processes = ExportProcesses(job, max(1, workers))
    try:
        database = client[job.database]
        prepare_tombstones(database)
        made_of = fingerprints(job.specs)
        for name, one in followed(job.schema, job.specs).items():
            started = time.perf_counter()
            with connections.versions.cursor() as cursor:
                parts = ranges(cursor, one)
                count = KeyPages(one.root).count(cursor)
            kept = Progress(database, targets.get(name, name), made_of[name])
            left = kept.begin(parts, again=again)
            report = _Report(name, count, kept, progress)
            processes.export(name, left, report)
            yield name, report.total, time.perf_counter() - started
    finally:
        processes.end()
        connections.close()
        client.close()


class _Report:
    """Adds up what processes say of one collection."""

    def __init__(self, name: str, count: int, kept: Progress, told: Told) -> None:
        self.name, self.count, self.kept, self.told = name, count, kept, told
        self.total = Exported()
        self.done = 0

    def __call__(self, said: Said) -> None:
        self.done += said.done
        if said.result is not None and said.part is not None:
            self.total.add(said.result)
            self.kept.done(said.part)
        self.told(self.done, self.count, self.name)
