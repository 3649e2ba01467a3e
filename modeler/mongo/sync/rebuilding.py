"""A rebuild from beginning to end: begin, export, compare, swap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from modeler.errors import ServerError
from modeler.mongo.sync.comparing import verify_collections
from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.processes import Job
from modeler.mongo.sync.rebuild import alone, begin, swap
from modeler.mongo.sync.verify import Verification
from modeler.reporting.words import plural


def rebuild_collection(
    job: Job,
    client: MongoClient[Any],
    connection: BaseDatabaseWrapper,
    workers: int,
    progress: Callable[[int, int, str], None],
    said: Callable[[str], None] = lambda text: None,
) -> Verification:
    """Build one collection anew and put it in place, once it equals the rows.

    Raises:
        ServerError: rows were refused, or the new documents differ; the old ones stay, and a
            second run goes on with the new ones.
    """
    (spec,) = job.specs
    database = client.get_database(job.database, write_concern=WriteConcern("majority"))
    with alone(connection, spec):
        return _rebuilt(job, database, client, connection, workers, progress, said)


def was_or_were(count: int) -> str:
    """Return a number of rows with its verb."""
    return f"{plural(count, 'row')} {'was' if count == 1 else 'were'}"


def _rebuilt(
    job: Job,
    database: Database[Any],
    client: MongoClient[Any],
    connection: BaseDatabaseWrapper,
    workers: int,
    progress: Callable[[int, int, str], None],
    said: Callable[[str], None],
) -> Verification:
    (spec,) = job.specs
    name, kept = begin(connection, database, spec)
    beside = replace(job, targets=((spec.name, name),))
    for _, done, _ in export_collections(beside, workers, again=not kept, progress=progress):
        if done.refused:
            key, reason = done.refused[0]
            raise ServerError(
                f"{was_or_were(len(done.refused))} refused, such as {', '.join(key)}: "
                f"{reason.rstrip('.')}. {spec.name} stays as it is. Mend what is refused, and "
                "run the rebuild again."
            )
    (found,) = verify_collections(beside, client, "hashes", progress=progress, said=said)
    if not found.equal:
        raise ServerError(
            f"{name} does not equal the rows yet ({len(found.differences)} differences). Let "
            f"workers run, and run the rebuild again; {spec.name} stays as it is."
        )
    swap(connection, database, spec)
    return found
