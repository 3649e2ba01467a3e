from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.server import (
    configured_url,
    mongo_client,
    mongo_database,
    require_pymongo,
    said_clearly,
)
from modeler.mongo.spec import CollectionSpec
from modeler.postgres.connections import brief, postgres_alias, require_answer
from modeler.results import result_store
from modeler.schema.encoding import fingerprint
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

DIFFERS = 1  # exit code: documents differ, were refused, or changes are not seen
INTERRUPTED = 130  # as shells say it of SIGINT
REPORT_SECONDS = 1.0
VERBS = {
    "install": "put the triggers into PostgreSQL, or bring them up to date",
    "uninstall": "take triggers and queue away; documents stay",
    "export": "write all documents, beside workers or without; goes on where it was stopped",
    "verify": "compare documents with rows",
    "status": "say what waits, what was given up, and whether changes are seen",
    "once": "work until the queue is empty, then end",
    "retry-dead": "queue again what was given up",
    "new-epoch": "let new versions win over all stored ones: after PostgreSQL was restored",
}


class Command(ModelerCommand):
    help = (
        "Keeps MongoDB documents in step with PostgreSQL: a worker, until it is stopped. Other "
        "options prepare, export, compare and rebuild."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="NAME",
            help="collections, apps or models; all by default",
        )  # fmt: skip
        verbs = parser.add_mutually_exclusive_group()
        for verb, text in VERBS.items():
            verbs.add_argument(f"--{verb}", action="store_true", help=text)
        verbs.add_argument(
            "--rebuild", metavar="COLLECTION",
            help="build it anew beside the old one and put it in its place",
        )  # fmt: skip
        parser.add_argument(
            "--workers", type=int, default=1, metavar="N", help="processes (default: 1)"
        )
        parser.add_argument(
            "--sql", action="store_true", help="with --install: print the statements, no more"
        )
        parser.add_argument(
            "--migration", metavar="APP", help="with --install: write them as a migration of APP"
        )
        parser.add_argument(
            "--again", action="store_true", help="with --export: from the beginning"
        )
        parser.add_argument(
            "--depth", choices=["figures", "hashes", "contents"], default="hashes",
            help="with --verify: how far to look (default: hashes)",
        )  # fmt: skip
        parser.add_argument(
            "--repair", action="store_true", help="with --verify: queue what differs"
        )
        parser.add_argument(
            "--check", action="store_true", help="with --status: end with 1 where not all is well"
        )
        parser.add_argument(
            "--alias", default="default", help="of DATABASES, whose rows are followed"
        )
        parser.add_argument("--database", metavar="NAME", help="of MongoDB")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="(default: text)"
        )
        self.add_store(parser)
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        self.want_sense(options)
        require_pymongo()
        schema = read_registry()
        connection = connections[postgres_alias(options["alias"])]
        specs = self.specs(schema, options)
        require_answer(connection)
        verb = next((verb for verb in VERBS if options[verb.replace("-", "_")]), "work")
        try:
            with said_clearly():
                if options["rebuild"]:
                    self.rebuild(connection, schema, specs, options)
                else:
                    method = getattr(self, verb.replace("-", "_"))
                    method(connection, schema, specs, options)
        except DatabaseError as error:
            raise ConfigurationError(
                f"PostgreSQL ({options['alias']}): {brief(error)}. Run the same again."
            ) from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted. Run the same again: it goes on from what was done.",
                returncode=INTERRUPTED,
            ) from interrupt

    @staticmethod
    def want_sense(options: dict[str, Any]) -> None:
        """Refuse options that would be ignored."""
        for option, verb in (
            ("sql", "install"), ("migration", "install"), ("again", "export"),
            ("repair", "verify"), ("check", "status"), ("store", "verify"),
        ):  # fmt: skip
            if options[option] and not options[verb]:
                raise ConfigurationError(f"--{option} goes with --{verb}. Name both, or none.")
        if options["workers"] < 1:
            raise ConfigurationError(f"--workers must be 1 or more, not {options['workers']}.")

    @staticmethod
    def specs(schema: Schema, options: dict[str, Any]) -> tuple[CollectionSpec, ...]:
        rebuilt = options["rebuild"]
        found = tuple(
            spec
            for spec in chosen_specs(schema, () if rebuilt else options["names"])
            if rebuilt in (None, spec.name)
            if (place := schema.table(spec.table).location) and place.alias == options["alias"]
        )
        if rebuilt and not found:
            raise ConfigurationError(
                f"There is no collection {rebuilt!r} to rebuild. --rebuild takes the name of one."
            )
        keyed = tuple(
            spec for spec in found if spec.key and (not spec.aggregate or spec.aggregate.follow)
        )
        if not keyed:
            raise ConfigurationError(
                f"No collection of {options['alias']} has a primary key, so no document could be "
                "found again for its row. Declare collections in MODELER['COLLECTIONS']."
            )
        return keyed

    def install(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.install import install, statements_for

        if options["migration"]:
            from modeler.mongo.sync.migration import write_migration

            path = write_migration(connection, schema, specs, options["migration"])
            self.stdout.write(f"Wrote {path}. Run migrate; take it back by migrating backwards.")
        elif options["sql"]:
            text = ";\n\n".join(statements_for(connection, schema, specs)) + ";\n"
            self.put_out(text, options["output"])
        else:
            from modeler.reporting.words import plural

            tables = install(connection, schema, specs)
            self.stdout.write(
                f"Changes of {plural(len(tables), 'table')} are queued from now on. Next: "
                "manage.py sync_collections --export, with workers running beside."
            )

    def uninstall(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.install import uninstall
        from modeler.reporting.words import plural

        tables = uninstall(connection)
        self.stdout.write(
            f"Triggers of {plural(len(tables), 'table')} and the queue are gone; documents stay."
        )

    def status(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.status import sync_status
        from modeler.mongo.sync.text import status_document, status_text

        status = sync_status(connection, schema, specs)
        self.say(options, status_text(status), status_document(status))
        if options["check"] and not status.healthy:
            raise CommandError("Not all is well; see above.", returncode=DIFFERS)

    def retry_dead(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.status import revive
        from modeler.reporting.words import plural

        self.want_installed(connection)
        self.stdout.write(f"Queued {plural(revive(connection), 'document')} again.")

    def new_epoch(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.status import queue_all, raise_epoch

        self.want_installed(connection)
        epoch = raise_epoch(connection)
        queue_all(connection, [spec.name for spec in specs])
        self.stdout.write(
            f"Versions are of epoch {epoch} now, and every document is queued to be written anew."
        )

    def export(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.exporting import export_collections
        from modeler.mongo.sync.text import export_text

        job = self.job(schema, specs, options)
        self.want_collections(job.database, job.url, specs)
        refused = 0
        for name, done, elapsed in export_collections(
            job, options["workers"], again=options["again"], progress=self.progress
        ):
            self.clear_progress()
            self.stdout.write(export_text(name, done, elapsed))
            refused += len(done.refused)
        if refused:
            raise CommandError("Not every row became a document; see above.", returncode=DIFFERS)

    def verify(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.comparing import verify_collections
        from modeler.mongo.sync.text import verification_document, verification_text

        if options["repair"]:
            self.want_installed(connection)
        job = self.job(schema, specs, options)
        found = []
        for one in verify_collections(
            job, mongo_client(job.url), options["depth"], repair=options["repair"],
            progress=self.progress,
        ):  # fmt: skip
            self.clear_progress()
            found.append(one)
            if options["format"] == "text" and options["output"] == "-":
                self.stdout.write(verification_text([one]), ending="")
        if options["format"] == "json" or options["output"] != "-":
            self.say(options, verification_text(found), verification_document(found))
        if options["store"]:
            result_store(
                kind=StoredResult.Kind.VERIFICATION,
                subject=" ".join(options["names"]),
                command=self.command_line(),
                fingerprint=fingerprint(schema),
                payload=verification_document(found),
            )
            self.stderr.write("Stored for the pages.")
        if not all(one.equal for one in found):
            raise CommandError("Documents differ; see above.", returncode=DIFFERS)

    def once(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.processes import work
        from modeler.mongo.sync.text import steps_text

        self.want_installed(connection)

        def told(said: Any) -> None:
            self.stdout.write(said if isinstance(said, str) else f"{steps_text([said])}.")

        job = self.job(schema, specs, options)
        self.want_collections(job.database, job.url, specs)
        work(job, told, drain=True)

    def work(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.processes import run_workers
        from modeler.mongo.sync.text import steps_text

        self.want_installed(connection)
        job = self.job(schema, specs, options)
        self.want_collections(job.database, job.url, specs)
        names = ", ".join(spec.name for spec in specs)
        self.stdout.write(f"Following {names} into {job.database}. Stop with Ctrl-C.")
        steps: list[Any] = []
        last = time.monotonic()

        def told(said: Any, *, at_once: bool = False) -> None:
            nonlocal last
            if isinstance(said, str):
                self.stderr.write(f"{time.strftime('%H:%M:%S')}  {said}")
                return
            if said is not None:
                steps.append(said)
            if steps and (at_once or time.monotonic() - last >= REPORT_SECONDS):
                self.stdout.write(f"{time.strftime('%H:%M:%S')}  {steps_text(steps)}")
                self.stdout.flush()
                steps.clear()
                last = time.monotonic()

        self.stdout.flush()
        run_workers(job, options["workers"], told)
        told(None, at_once=True)
        self.stdout.write("Stopped. What changes now waits in the queue.")

    def rebuild(
        self, connection: BaseDatabaseWrapper, schema: Schema,
        specs: Sequence[CollectionSpec], options: dict[str, Any],
    ) -> None:  # fmt: skip
        from modeler.mongo.sync.rebuilding import rebuild_collection
        from modeler.reporting.words import plural

        self.want_installed(connection)
        job = self.job(schema, specs, options)
        self.want_collections(job.database, job.url, specs)
        found = rebuild_collection(
            job, mongo_client(job.url), connection, options["workers"], self.progress
        )
        self.clear_progress()
        self.stdout.write(
            f"{specs[0].name} is built anew: {plural(found.documents, 'document')}, "
            "compared with their rows before it took its place."
        )

    def job(self, schema: Schema, specs: Sequence[CollectionSpec], options: dict[str, Any]) -> Any:
        """Return what processes need to know; MongoDB has answered."""
        from modeler.mongo.sync.processes import Job

        url = configured_url()
        database = mongo_database(mongo_client(url), options["database"])
        settings = dict(connections[options["alias"]].settings_dict)
        return Job(settings, options["alias"], url, database.name, schema, tuple(specs))

    @staticmethod
    def want_installed(connection: BaseDatabaseWrapper) -> None:
        from modeler.mongo.sync.install import is_installed

        with connection.cursor() as cursor:
            if not is_installed(cursor):
                raise ConfigurationError(
                    "No changes are queued yet. Run manage.py sync_collections --install first."
                )

    @staticmethod
    def want_collections(database: str, url: str, specs: Sequence[CollectionSpec]) -> None:
        there = set(mongo_client(url)[database].list_collection_names())
        missing = [spec.name for spec in specs if spec.name not in there]
        if missing:
            raise ConfigurationError(
                f"{database} has no collection {', '.join(missing)}. Run "
                "manage.py collection_specs --apply first, so that rules hold from the beginning."
            )

    def say(self, options: dict[str, Any], text: str, document: dict[str, Any]) -> None:
        as_json = options["format"] == "json"
        written = json.dumps(document, ensure_ascii=False, indent=1) + "\n" if as_json else text
        self.put_out(written, options["output"])
