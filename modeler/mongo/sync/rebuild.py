"""Builds a collection anew beside the old one, and puts it in its place (blue and green).

Workers write both meanwhile, so that the new one is in step when it is renamed; readers see the
old one whole until then, the new one whole after. Source: MongoDB manual, "renameCollection".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bson import json_util
from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo.database import Database

from modeler.errors import ServerError
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.claim import SWAP_LOCK
from modeler.mongo.sync.tables import TARGET
from modeler.mongo.validator import validator

SUFFIX = "__v2"


def begin(
    connection: BaseDatabaseWrapper, database: Database[Any], spec: CollectionSpec
) -> tuple[str, bool]:
    """Create the new collection with validator and indexes, and let workers write it too.

    What an interrupted rebuild left is used as long as workers kept it in step, and dropped
    otherwise.

    Returns:
        its name, and whether it was there.
    """
    name = spec.name + SUFFIX
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {TARGET} WHERE collection = %s AND name = %s)",
            [spec.name, name],
        )
        (kept,) = cursor.fetchone()
    there = name in database.list_collection_names()
    if there and not kept:
        database.drop_collection(name)
    if not (there and kept):
        database.create_collection(name, validator=_loaded(validator(spec)))
    else:
        # A worker may have made it, by writing, after somebody had dropped it.
        database.command("collMod", name, validator=_loaded(validator(spec)))
    for index in spec.indexes:
        options = _loaded(dict(index.options))
        database[name].create_index(list(index.keys), name=index.name, **options)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TARGET} (collection, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [spec.name, name],
        )
    return name, there and kept


@contextmanager
def alone(connection: BaseDatabaseWrapper, spec: CollectionSpec) -> Iterator[None]:
    """Keep others from rebuilding the same collection.

    Raises:
        ServerError: somebody does.
    """
    lock: list[Any] = [f"rebuild\x1f{spec.name}", SWAP_LOCK]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, %s))", lock)
        (free,) = cursor.fetchone()
    if not free:
        raise ServerError(f"{spec.name} is being rebuilt by another process. Let that one end.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, %s))", lock)


def swap(
    connection: BaseDatabaseWrapper,
    database: Database[Any],
    spec: CollectionSpec,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Put the new collection in the place of the old one.

    Args:
        connection: in autocommit.
        database: of MongoDB.
        spec: of the collection.
        before: called while no worker writes, just before the renaming.

    Raises:
        ServerError: there is no new collection.
    """
    name = spec.name + SUFFIX
    if name not in database.list_collection_names():
        raise ServerError(f"There is no {name} to put in place of {spec.name}. Rebuild it first.")
    with connection.cursor() as cursor:
        # Waits for the batches that run; those that come wait for the renaming.
        cursor.execute("SELECT pg_advisory_lock(%s)", [SWAP_LOCK])
        try:
            before()
            # Committed before the renaming: a crash between the two leaves a collection that
            # nobody writes, which the next rebuild drops. The other way round, workers would
            # make it anew by writing, without its rules.
            cursor.execute(
                f"DELETE FROM {TARGET} WHERE collection = %s AND name = %s", [spec.name, name]
            )
            database[name].rename(spec.name, dropTarget=True)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWAP_LOCK])


def give_up(
    connection: BaseDatabaseWrapper, database: Database[Any], spec: CollectionSpec
) -> None:
    """Drop the new collection and leave the old one as it is."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWAP_LOCK])
        cursor.execute(f"DELETE FROM {TARGET} WHERE collection = %s", [spec.name])
        cursor.execute("COMMIT")
    database.drop_collection(spec.name + SUFFIX)


def _loaded(document: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = json_util.loads(json_util.dumps(document))
    return loaded
