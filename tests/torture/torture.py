"""Workers, those who kill them and the servers, and those who watch the versions."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections import Counter
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from modeler.mongo.sync.processes import Job, work
from tests.torture.servers import Servers

WORKERS = 3
STRAY_SECONDS = 3.0


def work_quietly(job: Job) -> None:
    """What a worker's process runs; at the top of a module, so that it can be spawned."""
    work(job, lambda said: print(said, flush=True) if isinstance(said, str) else None)


class Workers:
    """Processes of workers, started again when they were killed."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.context = multiprocessing.get_context("spawn")
        self.processes: list[Any] = []

    def start(self, count: int = WORKERS) -> None:
        self.processes += [self._one() for _ in range(count)]

    def _one(self) -> Any:
        process = self.context.Process(target=work_quietly, args=(self.job,), daemon=True)
        process.start()
        return process

    def kill(self, number: int) -> None:
        self.processes[number].kill()
        self.processes[number].join()
        self.processes[number] = self._one()

    def ended(self) -> list[int]:
        """Exit codes of those that ended by themselves."""
        return [one.exitcode for one in self.processes if one.exitcode is not None]

    def stop(self) -> list[int]:
        """Stop all; return how they ended."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(60)
        return [process.exitcode for process in self.processes]


class Killer:
    """Kills at random.

    Args:
        seed: of its decisions.
        servers, workers: its victims.
    """

    def __init__(self, seed: int, servers: Servers, workers: Workers) -> None:
        self.draw = random.Random(f"killer {seed}")
        self.servers, self.workers = servers, workers
        self.kills: Counter[str] = Counter()

    def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(self.draw.uniform(0.3, 3.0), max(0.0, until - time.monotonic())))
            (victim,) = self.draw.choices(("worker", "mongod", "postgres", "both"), (6, 3, 3, 1))
            if victim == "worker":
                self.workers.kill(self.draw.randrange(WORKERS))
            else:
                for name in ("mongod", "postgres") if victim == "both" else (victim,):
                    self.servers.kill(name)
            self.kills[victim] += 1
            assert not self.workers.ended(), self.workers.ended()


class VersionWatch(threading.Thread):
    """Looks at all versions again and again: none may ever be less than it was.

    A document that comes for a moment after its deletion, from a worker that lost its locks with
    the server, is taken out by that worker; one that stays is a fault.
    """

    def __init__(self, url: str, database: str, names: list[str]) -> None:
        super().__init__(daemon=True)
        self.url, self.database, self.names = url, database, names
        self.seen: dict[tuple[str, str], int] = {}
        self.suspects: dict[tuple[str, str], float] = {}
        self.back: list[str] = []
        self.looks = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        with MongoClient(self.url, serverSelectionTimeoutMS=1_000) as client:
            while not self.stopping.wait(0.1):
                try:
                    for name in self.names:
                        self.look(client[self.database], name)
                    self.looks += 1
                except PyMongoError:
                    continue  # it was killed

    def look(self, database: Any, name: str) -> None:
        collection = database.get_collection(name, read_concern=ReadConcern("majority"))
        now = {
            (name, repr(one["_id"])): one["_sync"]["v"]
            for one in collection.find({}, {"_sync.v": 1})
        }
        for key, version in now.items():
            last = self.seen.get(key, 0)
            if version >= last:
                self.seen[key] = version
                self.suspects.pop(key, None)
            elif (
                time.monotonic() - self.suspects.setdefault(key, time.monotonic()) > STRAY_SECONDS
            ):
                self.back.append(f"{key} went from {last} to {version}")
        for key in [key for key in self.suspects if key[0] == name and key not in now]:
            del self.suspects[key]
