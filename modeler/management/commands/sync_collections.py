from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import connections

from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.management.sync import documents, queue, triggers, workers
from modeler.management.sync.options import add_options, chosen_verb, want_sense
from modeler.management.sync.run import SyncRun
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.server import require_pymongo, said_clearly
from modeler.mongo.server_facts import served_version
from modeler.mongo.spec import CollectionSpec
from modeler.postgres.connections import brief, postgres_alias, require_answer
from modeler.schema.project import read_project
from modeler.schema.schema import Schema

INTERRUPTED = 130  # as shells say it of SIGINT
DOES: dict[str, Callable[[SyncRun], None]] = {
    "install": triggers.install,
    "uninstall": triggers.uninstall,
    "status": queue.status,
    "retry_dead": queue.retry_dead,
    "new_epoch": queue.new_epoch,
    "export": documents.export,
    "verify": documents.verify,
    "rebuild": documents.rebuild,
    "once": workers.once,
    "work": workers.work,
}


class Command(ModelerCommand):
    help = (
        "Keeps MongoDB documents in step with PostgreSQL: a worker, until it is stopped. Other "
        "options prepare, export, compare and rebuild."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_options(parser)
        self.add_store(parser)
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        want_sense(options)
        require_pymongo()
        schema = read_project()
        connection = connections[postgres_alias(options["alias"])]
        with said_clearly():
            specs = _specs(schema, options)
        require_answer(connection)
        run = SyncRun(self, connection, schema, specs, options)
        try:
            with said_clearly():
                DOES[chosen_verb(options)](run)
        except DatabaseError as error:
            raise ConfigurationError(
                f"PostgreSQL ({options['alias']}): {brief(error)}. Run the same again."
            ) from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted. Run the same again: it goes on from what was done.",
                returncode=INTERRUPTED,
            ) from interrupt


def _specs(schema: Schema, options: dict[str, Any]) -> tuple[CollectionSpec, ...]:
    rebuilt = options["rebuild"]
    # A rebuild makes indexes, as an apply does.
    server = served_version() if rebuilt else None
    found = tuple(
        spec
        for spec in chosen_specs(schema, () if rebuilt else options["names"], server)
        if rebuilt in (None, spec.name)
        if (place := schema.table(spec.table).location) and place.alias == options["alias"]
    )
    if rebuilt and not found:
        raise ConfigurationError(
            f"There is no collection {rebuilt!r} to rebuild. --rebuild takes the name of one."
        )
    keyed = tuple(spec for spec in found if spec.is_followed)
    if not keyed:
        raise ConfigurationError(
            f"No collection of {options['alias']} has a primary key, so no document could be "
            "found again for its row. Declare collections in MODELER['COLLECTIONS']."
        )
    return keyed
