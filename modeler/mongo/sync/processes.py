"""Exports and workers in processes of their own: building documents is work for a processor."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import django
from django.apps import apps
from django.db import Error as DatabaseError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from modeler.errors import ServerError
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.batch import Step
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Exported, Exporter, Range
from modeler.mongo.sync.followed import followed
from modeler.mongo.sync.outages import outage_said
from modeler.mongo.sync.worker import Worker
from modeler.schema.schema import Schema

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Job:
    """All that a process needs to know; picklable.

    Attributes:
        settings, alias: of PostgreSQL, an entry of ``DATABASES``.
        url, database: of MongoDB.
        schema, specs: what is followed.
        targets: names in MongoDB, by collection, where they differ.
    """

    settings: dict[str, Any]
    alias: str
    url: str
    database: str
    schema: Schema
    specs: tuple[CollectionSpec, ...]
    targets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a process reports of a range: progress, its result, or why it failed."""

    collection: str
    part: Range | None = None
    done: int = 0
    result: Exported | None = None
    error: str = ""


class ExportProcesses:
    """Processes that export ranges, of one collection after the other.

    They are started when there is work for them and stay until the end: a schema of many small
    collections would otherwise start Django for each.

    Args:
        job: what all share.
        most: so many processes.
    """

    def __init__(self, job: Job, most: int) -> None:
        self.job, self.most = job, most
        self.context = multiprocessing.get_context("spawn")
        self.waiting: Any = self.context.Queue()
        self.reports: Any = self.context.Queue()
        self.processes: list[Any] = []

    def export(self, name: str, parts: Sequence[Range], told: Callable[[Said], None]) -> None:
        """Export ranges of a collection.

        Args:
            name: of the collection.
            parts: what is left of it.
            told: is given what they report, in the calling thread.

        Raises:
            ServerError: a process failed or died; what is done is done, and can be resumed.
        """
        for part in parts:
            self.waiting.put((name, part))
        while len(self.processes) < min(self.most, len(parts)):
            process = self.context.Process(
                target=_export, args=(self.job, self.waiting, self.reports), daemon=True
            )
            process.start()
            self.processes.append(process)
        left = len(parts)
        while left:
            said = _next(self.reports, self.processes)
            if said.error:
                raise ServerError(said.error)
            left -= said.result is not None
            told(said)

    def end(self) -> None:
        """Let them stop by themselves, or be stopped where one failed."""
        for _ in self.processes:
            self.waiting.put(None)
        _end(self.processes)


def _end(processes: Sequence[Any]) -> None:
    """Stop processes; those that do not stop by themselves are killed, which loses nothing."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(STOP_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()


def _next(reports: Any, processes: Sequence[Any]) -> Said:
    while True:
        try:
            said: Said = reports.get(timeout=1)
            return said
        except queue.Empty:
            dead = [process for process in processes if process.exitcode not in (None, 0)]
            if dead:
                return Said("", error=f"A process of the export ended with {dead[0].exitcode}. "
                            "Run the export again: it goes on where it stopped.")  # fmt: skip
            if all(process.exitcode == 0 for process in processes):
                return Said("", error="The processes of the export ended early. Run it again.")


def _export(job: Job, waiting: Any, reports: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    _after_parent(lambda: os._exit(1))
    if not apps.ready:
        django.setup()
    exporters: dict[str, Exporter] = {}
    connections = WorkerConnections(job.settings, job.alias)
    named = followed(job.schema, job.specs)
    targets = dict(job.targets)
    try:
        with client_of_workers(job.url) as client:
            while (task := waiting.get()) is not None:
                name, part = task
                if name not in exporters:
                    exporters[name] = Exporter(
                        connections, client[job.database], named[name], targets.get(name, "")
                    )
                progress = partial(_progress, reports, name)
                result = exporters[name].export(part, progress)
                reports.put(Said(name, part, result=result))
    except (DatabaseError, PyMongoError) as error:
        text = f"The export stopped. {outage_said(error)} Run it again: it goes on there."
        reports.put(Said("", error=text))
    finally:
        connections.close()


def _progress(reports: Any, name: str, done: int) -> None:
    reports.put(Said(name, done=done))


def client_of_workers(url: str) -> MongoClient[Any]:
    """Return a client for guarded writes."""
    # The server notes every retryable write beside what it writes: 30 per cent of its time for a
    # flat document, 15 for an order. Guarded by their versions, ours are repeated as a batch.
    return MongoClient(
        url,
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        tz_aware=False,
        retryWrites=False,
    )


def work(job: Job, told: Callable[[Step | str | None], None], *, drain: bool = False) -> None:
    """Run one worker in this process until SIGINT or SIGTERM, or until the queue is empty."""
    with client_of_workers(job.url) as client:
        named = followed(job.schema, job.specs)
        worker = Worker(job.settings, job.alias, client, job.database, named, told)
        if drain:
            try:
                told(worker.drain())
            finally:
                worker.close()
            return
        with stopping_by_signal(worker.stop):
            worker.run()


@contextmanager
def stopping_by_signal(stop: Callable[[], object]) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop what runs in the block; a second one ends it at once."""
    before: dict[Any, Any] = {}

    def stopped(number: int, _: object) -> None:
        stop()
        signal.signal(number, before[number])

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, stopped)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_workers(job: Job, count: int, told: Callable[[Step | str | None], None]) -> None:
    """Run workers until SIGINT or SIGTERM; several of them in processes of their own.

    Args:
        job: what is followed.
        count: workers.
        told: is given what batches did and what went wrong; None now and then, when quiet.

    Raises:
        ServerError: a process died; the others are stopped, and nothing is lost.
    """
    if count == 1:
        work(job, told)
        return
    context = multiprocessing.get_context("spawn")
    reports: Any = context.Queue()
    stopping = threading.Event()
    processes = [
        context.Process(target=_work, args=(job, reports), daemon=True) for _ in range(count)
    ]
    for process in processes:
        process.start()
    try:
        with stopping_by_signal(stopping.set):
            while not stopping.is_set():
                try:
                    told(reports.get(timeout=0.2))
                except queue.Empty:
                    told(None)
                dead = [process for process in processes if process.exitcode is not None]
                if dead and not stopping.is_set():
                    raise ServerError(
                        f"A worker ended with {dead[0].exitcode}. Its entries are in the queue "
                        "again; start the command anew."
                    )
    finally:
        _end(processes)


def _work(job: Job, reports: Any) -> None:
    # Ctrl-C reaches the whole group; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not apps.ready:
        django.setup()
    # What nobody reads any more must not keep the process from ending.
    reports.cancel_join_thread()

    def told(said: Step | str | None) -> None:
        if said is not None:
            reports.put(said)

    with client_of_workers(job.url) as client:
        named = followed(job.schema, job.specs)
        worker = Worker(job.settings, job.alias, client, job.database, named, told)
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        _after_parent(worker.stop)
        worker.run()


def _after_parent(ended: Callable[[], object]) -> None:
    """Call a function when the process that started this one is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            ended()

        threading.Thread(target=wait, daemon=True).start()
