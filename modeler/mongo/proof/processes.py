"""Proofs of whole collections, by several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import django
from django.apps import apps
from django.db import Error as DatabaseError

from modeler.errors import ServerError
from modeler.mongo.proof.prove import Prover
from modeler.mongo.proof.proved import Proved, total
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Range, ranges
from modeler.mongo.sync.followed import Followed, followed
from modeler.mongo.sync.pages import KeyPages
from modeler.postgres.connections import brief
from modeler.schema.schema import Schema

Told = Callable[[int, int, str], None]
# Of this process: what its initializer made.
PROVERS: dict[str, Prover] = {}


def prove_collections(
    settings: dict[str, Any],
    alias: str,
    schema: Schema,
    specs: Sequence[CollectionSpec],
    *,
    workers: int = 1,
    progress: Told = lambda done, of, name: None,
) -> Iterator[Proved]:
    """Judge every document of every collection, and yield what was found, one a collection.

    Args:
        settings: the entry of ``DATABASES``.
        alias: its name.
        schema: that the specifications were made from.
        specs: of collections with a key.
        workers: processes; one works in this process.
        progress: told ``(documents done, rows in all, name)``.

    Raises:
        ServerError: the database does not answer, or a process died.
    """
    named = followed(schema, specs)
    connections = WorkerConnections(settings, alias)
    try:
        if workers == 1:
            for one in named.values():
                yield _alone(connections, one, progress)
            return
        pool = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(settings, alias, schema, tuple(specs)),
        )
        with pool:
            for one in named.values():
                yield _shared(pool, connections, one, progress)
    except (DatabaseError, BrokenProcessPool) as error:
        raise ServerError(f"The proof stopped: {brief(error)}. Run it again.") from error
    finally:
        connections.close()


def _alone(connections: WorkerConnections, one: Followed, progress: Told) -> Proved:
    parts, count, sharing = _ranges(connections, one)
    prover = Prover(connections, one)
    done: list[Proved] = []
    for part in parts:
        done.append(prover.prove(part))
        progress(sum(each.documents for each in done), count, one.name)
    return total([*done, Proved(one.name, sharing=sharing)], one.name)


def _shared(
    pool: ProcessPoolExecutor, connections: WorkerConnections, one: Followed, progress: Told
) -> Proved:
    parts, count, sharing = _ranges(connections, one)
    waiting = {pool.submit(_prove, one.name, part): part.number for part in parts}
    done: dict[int, Proved] = {}
    for future in as_completed(waiting):
        done[waiting[future]] = future.result()
        progress(sum(each.documents for each in done.values()), count, one.name)
    parts_done = [done[number] for number in sorted(done)]
    return total([*parts_done, Proved(one.name, sharing=sharing)], one.name)


def _ranges(connections: WorkerConnections, one: Followed) -> tuple[tuple[Range, ...], int, int]:
    """Return ranges of keys, how many rows there are, and how many have no key of their own."""
    pages = KeyPages(one.root)
    with connections.snapshot() as cursor:
        return ranges(cursor, one), pages.count(cursor), pages.sharing(cursor)


def _start(
    settings: dict[str, Any], alias: str, schema: Schema, specs: tuple[CollectionSpec, ...]
) -> None:
    if not apps.ready:
        django.setup()
    connections = WorkerConnections(settings, alias)
    for name, one in followed(schema, specs).items():
        PROVERS[name] = Prover(connections, one)


def _prove(name: str, part: Range) -> Proved:
    return PROVERS[name].prove(part)
