"""One run of ``sync_collections``: what its verbs are given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.mongo.server import configured_url, mongo_client, mongo_database
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema

if TYPE_CHECKING:
    from modeler.mongo.sync.processes import Job


@dataclass(frozen=True, slots=True)
class SyncRun:
    """A run.

    Attributes:
        command: that writes what is said.
        connection: to the rows.
        schema: that the specifications were made from.
        specs: of the collections that are followed.
        options: as they were parsed.
    """

    command: ModelerCommand
    connection: BaseDatabaseWrapper
    schema: Schema
    specs: Sequence[CollectionSpec]
    options: dict[str, Any]

    def job(self) -> Job:
        """Return what processes need to know; MongoDB has answered."""
        from modeler.mongo.sync.processes import Job

        url, alias = configured_url(), self.options["alias"]
        database = mongo_database(mongo_client(url), self.options["database"])
        settings = dict(connections[alias].settings_dict)
        return Job(settings, alias, url, database.name, self.schema, tuple(self.specs))

    def want_installed(self) -> None:
        """Refuse to go on where nothing queues changes.

        Raises:
            ConfigurationError: the triggers are not there.
        """
        from modeler.mongo.sync.install import is_installed

        with self.connection.cursor() as cursor:
            if not is_installed(cursor):
                raise ConfigurationError(
                    "No changes are queued yet. Run manage.py sync_collections --install first."
                )

    def want_collections(self, job: Job) -> None:
        """Refuse to go on where collections are missing.

        Raises:
            ConfigurationError: naming them.
        """
        there = set(mongo_client(job.url)[job.database].list_collection_names())
        missing = [spec.name for spec in self.specs if spec.name not in there]
        if missing:
            raise ConfigurationError(
                f"{job.database} has no collection {', '.join(missing)}. Run "
                "manage.py collection_specs --apply first, so that rules hold from the beginning."
            )

    def write(self, line: str) -> None:
        """Write a line to standard output."""
        self.command.stdout.write(line)

    def say_beside(self, sentence: str) -> None:
        """Write a sentence to standard error, in place of the progress that is shown."""
        self.command.clear_progress()
        self.command.stderr.write(sentence)

    def say(self, text: str, document: dict[str, Any]) -> None:
        """Write a result as ``--format`` and ``--output`` want it."""
        as_json = self.options["format"] == "json"
        written = json.dumps(document, ensure_ascii=False, indent=1) + "\n" if as_json else text
        self.command.put_out(written, self.options["output"])
