"""Reads the rows of samples from the databases of a project."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import Error, connections

from modeler.mongo.samples.samples import Samples, generated_samples, row_samples
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.connections import WorkerConnections
from modeler.schema.schema import Schema

# A sample is no reason to hold up or to load a live database.
LIMITS = "SET LOCAL lock_timeout = '300ms'; SET LOCAL statement_timeout = '5s'"


def samples(schema: Schema, specs: Sequence[CollectionSpec], count: int) -> tuple[Samples, ...]:
    """Return samples of every collection, of rows where that can be.

    Args:
        schema: that the specifications were made from.
        specs: of the collections.
        count: documents a collection.
    """
    return tuple(_samples(schema, spec, count) for spec in specs)


def _samples(schema: Schema, spec: CollectionSpec, count: int) -> Samples:
    location = schema.table(spec.table).location
    if location is None or location.alias not in connections.settings:
        return generated_samples(spec, count, "its database is not configured")
    if connections.settings[location.alias]["ENGINE"].rpartition(".")[2] == "dummy":
        return generated_samples(spec, count, "no database is configured")
    if connections[location.alias].vendor != "postgresql":
        return generated_samples(spec, count, "its rows are not in PostgreSQL")
    own = WorkerConnections(connections[location.alias].settings_dict, location.alias)
    try:
        with own.snapshot() as cursor:
            cursor.execute(LIMITS)
            found = row_samples(cursor, schema, spec, count)
    except Error as error:
        said = (str(error).strip().splitlines() or ["no answer"])[0]
        return generated_samples(spec, count, f"its rows could not be read ({said.rstrip('.')})")
    finally:
        own.close()
    if found is None:
        return generated_samples(spec, count, "no rows" if spec.key else "rows without a key")
    return found
